/**
 * The only routes that answer a stranger. Every other route, present or future, is refused before its code runs:
 * forgetting a check in a new page leaves the page closed, not open.
 */
export const OPEN_ROUTES: ReadonlySet<string> = new Set([
	'/sign-in',
	'/setup',
	'/password',
	'/api/session',
	'/api/session/password',
	'/api/session/step-up',
	'/api/health',
	'/api/csp'
]);

export type Doorstep = 'open' | 'api' | 'page';

/** `route` is SvelteKit's route id, null for what is no route (static files, unknown addresses). */
export function doorstep(route: string | null): Doorstep {
	if (route === null || OPEN_ROUTES.has(route)) return 'open';
	return route.startsWith('/api/') || route.startsWith('/dicomweb') || route.startsWith('/fhir') || route.startsWith('/metrics') ? 'api' : 'page';
}
