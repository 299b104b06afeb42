import type { IncomingMessage, ServerResponse } from 'node:http';

/** Closed list: an address a stranger makes up adds no series. */
type RouteClass = 'commands' | 'session' | 'api' | 'dicomweb' | 'fhir' | 'metrics' | 'assets' | 'data' | 'page';

/** What kind of thing was asked for, from the path alone and never with an id in it. */
export function routeClass(url: string): RouteClass {
	const path = url.split('?', 1)[0] ?? '/';
	if (path === '/api/commands') return 'commands';
	if (path.startsWith('/api/session')) return 'session';
	const [, first = ''] = path.split('/', 2);
	if (first === 'api' || first === 'dicomweb' || first === 'fhir' || first === 'metrics') return first;
	if (first === '_app') return 'assets';
	return path.endsWith('/__data.json') ? 'data' : 'page';
}

/** Requests by class and status class, counted when their answer is out. */
export class HttpCount {
	readonly #counts = new Map<string, { readonly route: RouteClass; readonly status: string; count: number }>();

	watch(request: IncomingMessage, response: ServerResponse): void {
		const route = routeClass(request.url ?? '/');
		response.once('close', () => {
			const status = response.writableFinished ? `${String(response.statusCode).slice(0, 1)}xx` : 'cut';
			const key = `${route} ${status}`;
			const known = this.#counts.get(key);
			if (known === undefined) this.#counts.set(key, { route, status, count: 1 });
			else known.count++;
		});
	}

	list(): readonly { readonly route: string; readonly status: string; readonly count: number }[] {
		return [...this.#counts.values()];
	}
}
