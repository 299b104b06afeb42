import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { registry } from '../domain/src/registry.ts';
import { commandOf, examplesOf, isAccepted } from './api-page.ts';

const page = readFileSync(new URL('../docs/api.md', import.meta.url), 'utf8');
const examples = examplesOf(page);

/** These two take the name under which the server keeps the hash of a password; only the requests that make such an offer can have them accepted. */
const THROUGH_REQUESTS: ReadonlyMap<string, RegExp> = new Map([
	['identity-access.account.reset-password', /^\/api\/accounts\/[^/]+\/password$/u],
	['identity-access.account.change-password', /^\/api\/session\/password$/u]
]);

test('docs/api.md has an example of every command that is accepted, and says which events it tells', () => {
	const commands = registry.flatMap((served) => served.handlers ?? []).map((handler) => handler.command.name);
	expect(commands.length).toBeGreaterThan(40);
	const accepted = examples.filter(isAccepted);
	const missing = commands.filter((name) => {
		const request = THROUGH_REQUESTS.get(name);
		return request === undefined
			? !accepted.some((example) => commandOf(example) === name && example.tells.length > 0)
			: !accepted.some(({ path, method }) => method === 'POST' && request.test(path));
	});
	expect(missing).toEqual([]);
	for (const [name] of THROUGH_REQUESTS) expect(page).toContain(`"command": "${name}"`);
});

const ROUTES = fileURLToPath(new URL('../web/src/routes', import.meta.url));
/** The method and the pattern of the address of every `+server.ts`. */
const endpoints = readdirSync(ROUTES, { recursive: true, encoding: 'utf8' })
	.filter((file) => /(?:^|\/)\+server\.ts$/u.test(file))
	.flatMap((file) => {
		const source = readFileSync(`${ROUTES}/${file}`, 'utf8');
		const address = `/${file.replace(/\/?\+server\.ts$/u, '')}`.replaceAll(/\/\([^)]+\)/gu, '');
		const pattern = new RegExp(`^${address.replaceAll(/\[\.\.\.[^\]]+\]/gu, '.+').replaceAll(/\[[^\]]+\]/gu, '[^/]+')}$`, 'u');
		return ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
			.filter((method) => new RegExp(`export (?:const|async function|function) ${method}\\b`, 'u').test(source))
			.map((method) => ({ method, address, pattern }));
	});

test('docs/api.md has an example of every endpoint that is accepted', () => {
	expect(endpoints.length).toBeGreaterThan(25);
	const isShown = ({ method, pattern }: (typeof endpoints)[number]): boolean =>
		examples.some((example) => isAccepted(example) && example.method === method && pattern.test(example.path.split('?')[0] ?? ''));
	expect(endpoints.filter((endpoint) => !isShown(endpoint)).map(({ method, address }) => `${method} ${address}`)).toEqual([]);
});

test('docs/api.md names every kind of live document', () => {
	const kinds = registry.flatMap((served) => served.live ?? []).map((live) => live.kind);
	expect(kinds.filter((kind) => !page.includes(`\`${kind}\``))).toEqual([]);
});

test('an example that cannot be read is a fault of the page, not one example less', () => {
	expect(() => examplesOf('```http\n# nurse1 => 200\nGET /api/session\n```\n')).toThrow('1 examples, 0 of them');
	expect(
		examplesOf('```http\n# nurse1 -> 200|204, tells a.b c.d, keeps x = events.0.y, z = w\nPOST /a?b=c\naccept: text/plain; q=1\n\n{"a": 1}\n```\n')
	).toEqual([
		{
			line: 1,
			who: 'nurse1',
			statuses: [200, 204],
			tells: ['a.b', 'c.d'],
			keeps: [
				{ name: 'x', path: 'events.0.y' },
				{ name: 'z', path: 'w' }
			],
			method: 'POST',
			path: '/a?b=c',
			headers: { accept: 'text/plain; q=1' },
			body: '{"a": 1}'
		}
	]);
});
