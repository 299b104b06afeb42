import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newId } from '@tongping/domain/kernel';
import { demoBed, demoWards } from '@tongping/domain/organization';
import { demoPatient } from '@tongping/domain/patient';
import { expect, test } from '@playwright/test';
import { origin, password } from '../actors/index.ts';
import { ask, bearerOf, cookieOf, knock, order, postJson, tokenOf } from '../actors/wire.ts';

const routes = fileURLToPath(new URL('../../web/src/routes', import.meta.url));
const openRoutes = readFileSync(fileURLToPath(new URL('../../web/src/kernel/open-routes.ts', import.meta.url)), 'utf8');
const OPEN = [...(/new Set\(\[(.*?)\]\)/su.exec(openRoutes)?.[1] ?? '').matchAll(/'([^']+)'/gu)].map((match) => match[1] ?? '');

interface Route {
	readonly path: string;
	readonly kind: 'page' | 'endpoint';
	readonly methods: readonly string[];
}
/** Every address there is, read from the folders, so that a route written tomorrow is asked tomorrow. */
function everyRoute(folder = routes, path = ''): Route[] {
	const here: Route[] = [];
	const entries = readdirSync(folder, { withFileTypes: true });
	const names = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
	const address = path === '' ? '/' : path.replaceAll(/\[\.\.\.[^\]]+\]/gu, 'studies').replaceAll(/\[[^\]]+\]/gu, () => newId());
	if (names.includes('+page.svelte') || names.includes('+page.server.ts')) here.push({ path: address, kind: 'page', methods: ['GET'] });
	if (names.includes('+server.ts')) {
		const source = readFileSync(join(folder, '+server.ts'), 'utf8');
		here.push({
			path: address,
			kind: 'endpoint',
			methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) =>
				new RegExp(`export (?:const|async function|function) ${method}\\b`, 'u').test(source)
			)
		});
	}
	for (const entry of entries.filter((each) => each.isDirectory()))
		here.push(...everyRoute(join(folder, entry.name), entry.name.startsWith('(') ? path : `${path}/${entry.name}`));
	return here;
}

test('a stranger reaches nothing but the doors, and every answer carries its headers', async () => {
	const all = everyRoute();
	expect(all.length).toBeGreaterThan(25);
	for (const { path, kind, methods } of all) {
		const open = OPEN.includes(path);
		expect(methods.length, path).toBeGreaterThan(0);
		for (const method of methods) {
			const reply = await ask(method, path, { headers: { origin: origin(), 'content-type': 'application/json' }, ...(method === 'GET' ? {} : { body: '{}' }) });
			const told = `${method} ${path} answered ${reply.status} ${reply.text.slice(0, 120)}`;
			if (open) expect.soft([200, 204, 303, 400, 401], told).toContain(reply.status);
			else if (kind === 'endpoint' && !path.startsWith('/notes') && !path.startsWith('/imaging')) expect.soft(reply.status, told).toBe(401);
			else {
				expect.soft([401, 303], told).toContain(reply.status);
				if (reply.status === 303) expect.soft(reply.headers.location, told).toMatch(/^\/sign-in(?:\?next=|$)/u);
			}
			expect.soft(reply.headers['x-content-type-options'], told).toBe('nosniff');
			expect.soft(reply.headers['referrer-policy'], told).toBe('same-origin');
			expect.soft(reply.headers['content-security-policy'], told).toMatch(/default-src '(?:self|none)'.*frame-ancestors 'none'/u);
			expect.soft(reply.headers['cache-control'], told).toContain('no-store');
			// A page's data is fetched under its own address.
			if (kind === 'page' && !open) {
				const data = await ask('GET', `${path === '/' ? '' : path}/__data.json`);
				expect.soft(data.text, `${path} data`).toMatch(/"redirect"|signed-out/u);
				expect.soft(data.text, `${path} data`).not.toMatch(/"nodes"/u);
			}
		}
	}
	expect(OPEN.toSorted(), 'an open route is a decision: change this list with it').toEqual([
		'/api/csp',
		'/api/health',
		'/api/session',
		'/api/session/password',
		'/api/session/step-up',
		'/password',
		'/setup',
		'/sign-in'
	]);
	const page = await ask('GET', '/sign-in');
	expect(page.headers['content-security-policy']).toMatch(/script-src 'self' 'wasm-unsafe-eval' 'nonce-[^']+'/u);
	const script = /href="\.\/(_app\/[^"]+\.js)"/u.exec(page.text)?.[1] ?? '';
	for (const path of [`/${script}`, '/favicon.svg', '/nowhere', '/%', '/sign-in/..%2f..%2fpackage.json']) {
		const reply = await ask('GET', path);
		expect.soft(reply.headers['x-content-type-options'], path).toBe('nosniff');
		expect.soft(reply.headers['referrer-policy'], path).toBe('same-origin');
		expect.soft(reply.text, path).not.toContain('"workspaces"');
	}
	for (const path of ['/sync/ward-board/' + demoWards.male, `/sync/note/${newId()}`]) expect(await knock(path, {}), path).toBe(401);
});

test('the cookie stays with this host, this connection and this site', async () => {
	const { line } = await cookieOf('nurse1');
	expect(line).toMatch(/^__Host-tongping=[a-z2-7]{32};/u);
	for (const part of [/;\s*Secure/iu, /;\s*HttpOnly/iu, /;\s*SameSite=(?:Lax|Strict)/iu, /;\s*Path=\/(?:;|$)/iu]) expect(line).toMatch(part);
	expect(line).not.toMatch(/;\s*Domain/iu);
});

const FOREIGN = (): readonly string[] => {
	const { port } = new URL(origin());
	return [
		'null',
		'http://evil.example',
		`http://sub.127.0.0.1.nip.io:${port}`,
		`http://127.0.0.1:${Number(port) + 1}`,
		`https://127.0.0.1:${port}`,
		`HTTP://127.0.0.1:${port}`,
		`http://127.0.0.1:${port}.evil.example`,
		`http://LOCALHOST:${port}`
	];
};

test('another site acts for nobody: not by form, not by fetch, not by socket', async () => {
	const { cookie } = await cookieOf('nurse1');
	const person = demoPatient('male/05');
	const move = { patient: person.id, stay: person.stay, from: demoBed('male', '05'), to: demoBed('male', '04') };
	const bodies: readonly (readonly [string, string, string])[] = [
		['/api/commands', 'application/json', JSON.stringify({ commandId: newId(), command: 'inpatient.bed-assignment.transfer', input: move })],
		['/api/commands', 'text/plain', JSON.stringify({ commandId: newId(), command: 'inpatient.bed-assignment.transfer', input: move })],
		['/api/session', 'text/plain', JSON.stringify({ username: 'nurse1', password: password() })],
		['/api/session', 'application/x-www-form-urlencoded', 'username=nurse1&password=x'],
		['/api/session/lock', 'text/plain', ''],
		['/sign-in', 'application/x-www-form-urlencoded', `username=nurse1&password=${password()}`],
		['/sign-in', 'multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="username"\r\n\r\nnurse1\r\n--x--\r\n'],
		['/sign-in', 'text/plain', `username=nurse1&password=${password()}`],
		['/dicomweb/studies', 'multipart/related; type="application/dicom"; boundary=x', '--x--\r\n']
	];
	for (const foreign of FOREIGN())
		for (const method of ['POST', 'PUT', 'DELETE'])
			for (const [path, type, body] of bodies) {
				const reply = await ask(method, path, { headers: { cookie, origin: foreign, 'content-type': type }, body });
				expect.soft(reply.status, `${method} ${path} ${type} from ${foreign}`).toBe(403);
				expect.soft(reply.headers['set-cookie'], `${path} from ${foreign}`).toBeUndefined();
			}
	for (const site of ['cross-site', 'same-site'])
		for (const [path, type, body] of bodies) {
			const reply = await ask('POST', path, { headers: { cookie, 'sec-fetch-site': site, 'content-type': type }, body });
			expect.soft(reply.status, `${path} ${type}, sec-fetch-site ${site}`).toBe(403);
		}
	for (const foreign of FOREIGN()) {
		expect.soft(await knock(`/sync/ward-board/${demoWards.male}`, { cookie, origin: foreign }), `/sync from ${foreign}`).toBe(403);
		expect.soft((await ask('GET', '/io/?EIO=4&transport=polling', { headers: { cookie, origin: foreign } })).status, `/io from ${foreign}`).toBe(403);
		// engine.io closes a refused upgrade with 400.
		expect.soft([400, 403], `/io socket from ${foreign}`).toContain(await knock('/io/?EIO=4&transport=websocket', { cookie, origin: foreign }));
	}
	// None of it signed the nurse out, locked her or moved the patient.
	expect((await ask('GET', '/api/session', { headers: { cookie } })).status).toBe(200);
	for (const host of ['evil.example', '127.0.0.1', `evil.example:${new URL(origin()).port}`])
		for (const path of ['/', '/sign-in', '/api/session', '/dicomweb/studies'])
			expect.soft((await ask('GET', path, { headers: { host, cookie } })).status, `${path} as ${host}`).toBe(421);
});

test('what is sent is read strictly', async () => {
	const nurse = await tokenOf('nurse1');
	const send = (body: string, headers: Readonly<Record<string, string>> = {}) =>
		ask('POST', '/api/commands', { headers: { ...bearerOf(nurse), 'content-type': 'application/json', ...headers }, body });
	for (const body of ['', '{', '{"commandId":', '[]', 'null', '"x"', '{"__proto__":{"actor":1}}', '\u0000'])
		expect.soft((await send(body)).status, body).toBe(400);
	const person = demoPatient('male/05');
	const input = { patient: person.id, stay: person.stay, from: demoBed('male', '05'), to: demoBed('male', '05') };
	for (const envelope of [
		{ commandId: newId(), command: 'inpatient.bed-assignment.transfer', input: { ...input, force: true } },
		{ commandId: newId(), command: 'inpatient.bed-assignment.transfer', input, actor: { role: 'chief' } },
		{ commandId: newId(), command: 'constructor', input },
		{ commandId: '../../x', command: 'inpatient.bed-assignment.transfer', input }
	])
		expect.soft((await send(JSON.stringify(envelope))).status, JSON.stringify(envelope)).toBe(400);
	const large = JSON.stringify({ commandId: newId(), command: 'inpatient.bed-assignment.transfer', input: { filler: 'x'.repeat(300_000) } });
	expect((await send(large)).status).toBe(413);
	expect((await send(large, { 'transfer-encoding': 'chunked' })).status).toBe(413);
	for (const path of ['/api/session', '/sign-in'])
		expect((await ask('POST', path, { headers: { origin: origin(), 'content-type': 'application/json' }, body: 'x'.repeat(100_000) })).status, path).toBe(413);

	const commandId = newId();
	const first = await order(nurse, 'inpatient.bed-assignment.transfer', input, commandId);
	expect(first.status).toBe(409);
	expect((await order(nurse, 'inpatient.bed-assignment.transfer', input, commandId)).text).toBe(first.text);
	const stolen = await order(await tokenOf('nurse2'), 'inpatient.bed-assignment.transfer', input, commandId);
	expect(stolen.text).toContain('command-id-reused');
});

test('a sign-in tells nobody who has an account, and guessing stops', async () => {
	const guess = (username: string, headers: Readonly<Record<string, string>> = {}) => postJson('/api/session', { username, password: 'wrong-guess' }, headers);
	const answers: string[][] = [];
	for (const username of ['pharmacist1', 'nobody-of-this-house']) {
		const tries: string[] = [];
		for (let i = 0; i < 6; i++) {
			const reply = await guess(username);
			tries.push(`${reply.status} ${reply.text.replaceAll(/\d+/gu, 'n')}`);
		}
		answers.push(tries);
		// The right password does not come through either, nor does a name for the address that a client made up.
		expect((await postJson('/api/session', { username, password: password() }, { 'x-forwarded-for': '10.9.8.7' })).status).toBe(429);
	}
	expect(answers[0]).toEqual(answers[1]);
	expect(answers[0]?.map((answer) => answer.slice(0, 3))).toEqual(['401', '401', '401', '401', '401', '429']);
	const crowd = await Promise.all(Array.from({ length: 24 }, () => guess('nobody-else-of-this-house')));
	expect(crowd.filter((reply) => reply.status === 401).length).toBe(5);
	expect(crowd.filter((reply) => reply.status === 429).length).toBe(19);
});
