import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { origin, password } from '../actors/index.ts';
import { ask, bearerOf, cookieOf, tokenOf, type Reply } from '../actors/wire.ts';

const root = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const AT_ONCE = 12;

/** Every address is asked for as it is written here, a dozen at a time. */
async function askAll(paths: readonly string[], headers: Readonly<Record<string, string>>): Promise<readonly (readonly [string, Reply])[]> {
	const answers: (readonly [string, Reply])[] = [];
	const left = paths.values();
	const worker = async (): Promise<void> => {
		for (const path of left) answers.push([path, await ask('GET', path, { headers })]);
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
	return answers;
}

/** What is in a file that must not be served, by words that stand in it. */
const SECRETS = /"workspaces"|"devDependencies"|export const manifest|SQLite format 3|root:x:0:|file:\/\/\/|\bat [\w.<>]+ \(|node_modules/u;
const CLIMBS = ['../', '..%2f', '..%2F', '%2e%2e/', '%2e%2e%2f', '..\\', '..%5c', '%2e%2e%5c', '%252e%252e%252f', '..%c0%af', '.%00./', '..;/', './../'];
const STARTS = [
	'/',
	'/_app/',
	'/_app/immutable/',
	'/_app/immutable/chunks/',
	'/dicomweb/',
	'/dicomweb/studies/',
	'/dicomweb/studies/1.2.3/',
	'/sync-http/',
	'/io/',
	'/notes/'
];
const GOALS: readonly (readonly [number, string])[] = [
	[1, 'server/manifest.js'],
	[2, 'server/manifest.js'],
	[3, 'package.json'],
	[4, 'package.json'],
	[5, 'package.json'],
	[12, 'etc/passwd']
];

test('no address climbs out of where it begins', async () => {
	// The files are there, and would be known if they came.
	for (const file of ['package.json', 'web/build/server/manifest.js']) expect(root(file)).toMatch(SECRETS);
	expect(readFileSync('/etc/passwd', 'utf8')).toMatch(SECRETS);
	const paths = STARTS.flatMap((start) => CLIMBS.flatMap((climb) => GOALS.map(([times, goal]) => start + climb.repeat(times) + goal)));
	expect(paths.length).toBeGreaterThan(700);
	for (const headers of [{}, bearerOf(await tokenOf('radiologist1'))])
		for (const [path, { status, text }] of await askAll(paths, headers)) {
			expect.soft(status, `${path} ${text.slice(0, 200)}`).toBeGreaterThanOrEqual(300);
			expect.soft(status, path).toBeLessThan(500);
			expect.soft(text, path).not.toMatch(SECRETS);
		}
	// Climbing from one protected address to another gives nobody what the other one would not.
	for (const path of ['/sign-in/../api/session', '/_app/..%2fapi/session', '/_app/%2e%2e/dicomweb/studies', '/dicomweb/../api/accounts', '/io/../metrics']) {
		const { status, text } = await ask('GET', path);
		expect.soft([303, 400, 401, 404], `${path} ${status}`).toContain(status);
		expect.soft(text, path).not.toContain('"actor"');
	}
});

test('an address that only begins like one of the doors is answered at once, by nobody, also to whoever wants another protocol', async () => {
	const upgrade = {
		connection: 'Upgrade',
		upgrade: 'websocket',
		'sec-websocket-version': '13',
		'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
		origin: origin()
	};
	for (const path of [
		'/io',
		'/iox',
		'/io.',
		'/ioooo/x',
		'/iox?EIO=4&transport=websocket',
		'/syncx',
		'/sync',
		'/syncx/note/1',
		'/',
		'/nowhere',
		'/metricsx',
		'/dicomwebx/studies'
	]) {
		const began = performance.now();
		const { status } = await ask('GET', path, { headers: upgrade });
		expect.soft([400, 401, 403, 404], `upgrade at ${path}: ${status}`).toContain(status);
		expect.soft(performance.now() - began, path).toBeLessThan(3000);
	}
	for (const path of [
		'/io',
		'/iox',
		'/io?EIO=4',
		'/ioooo/x',
		'/sync',
		'/syncx',
		'/sync-http',
		'/sync-http/',
		'/sync-httpx',
		'/metricsx',
		'/dicomwebx',
		'/apix/session',
		'//',
		'/.',
		'/%2e'
	]) {
		const { status, text } = await ask('GET', path);
		expect.soft(status, path).toBeGreaterThanOrEqual(300);
		expect.soft(status, path).toBeLessThan(500);
		expect.soft(text, path).not.toMatch(SECRETS);
	}
});

const ELSEWHERE = [
	'//evil.example',
	'///evil.example',
	'////evil.example/x',
	'/\\evil.example',
	'\\\\evil.example',
	'/\\/evil.example',
	'https://evil.example',
	'https:evil.example',
	'HTTPS:/evil.example',
	'//evil.example%2f..',
	'/%2fevil.example',
	'/%5cevil.example',
	'/%09/evil.example',
	'/\t/evil.example',
	'/\n/evil.example',
	'\t//evil.example',
	'/x\r\nset-cookie: a=b',
	'/x\r\nlocation: https://evil.example',
	'javascript:alert(1)',
	'data:text/html,x',
	'@evil.example',
	'/@evil.example',
	'.evil.example',
	'/.evil.example',
	'/..//evil.example',
	'/\u2028/evil.example',
	'/／evil.example',
	'?next=//evil.example',
	'/sign-in?next=//evil.example',
	'#//evil.example',
	''
];

test('the way back after signing in leads nowhere else', async () => {
	const { cookie } = await cookieOf('nurse2');
	const home = new URL(origin()).origin;
	const way = (reply: Reply): string => reply.headers.location ?? '';
	for (const next of ELSEWHERE) {
		// Whoever is signed in is sent on by the page itself.
		const reply = await ask('GET', `/sign-in?next=${encodeURIComponent(next.toWellFormed())}`, { headers: { cookie } });
		expect.soft([reply.status, way(reply)], JSON.stringify(next)).toEqual([303, '/']);
		expect.soft(reply.headers['set-cookie']?.join() ?? '', JSON.stringify(next)).not.toContain('a=b');
	}
	for (const next of ['/notes', '/wards/abc', '/imaging/0123']) {
		const reply = await ask('GET', `/sign-in?next=${encodeURIComponent(next)}`, { headers: { cookie } });
		expect.soft([reply.status, way(reply)]).toEqual([303, next]);
	}
	// And by the form, as a browser reads the answer.
	for (const [next, expected] of [
		['//evil.example', '/'],
		['/\\evil.example', '/'],
		['/x\r\nset-cookie: a=b', '/'],
		['/notes', '/notes']
	] as const) {
		const reply = await ask('POST', '/sign-in', {
			headers: { origin: origin(), 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
			body: new URLSearchParams({ username: 'nurse2', password: password(), next }).toString()
		});
		expect.soft([reply.status, way(reply)], JSON.stringify(next)).toEqual([303, expected]);
		expect.soft(new URL(way(reply), `${origin()}/sign-in`).origin).toBe(home);
	}
	// The door hands on where somebody wanted to go, and only the path of it.
	for (const path of ['//evil.example/x', '/\\evil.example', '/notes?x=//evil.example', '/notes/%0d%0aset-cookie:a=b']) {
		const reply = await ask('GET', path);
		if (reply.status !== 303) continue;
		expect.soft(new URL(way(reply), `${origin()}/`).origin, path).toBe(home);
		expect.soft(way(reply), path).toMatch(/^\/sign-in(?:\?next=[\w%.-]+)?$/u);
		expect.soft(reply.headers['set-cookie']?.join() ?? '', path).not.toContain('a=b');
	}
});
