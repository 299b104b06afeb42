import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { demoBed, demoPerson, demoWards, fixtureId } from '@tongping/domain/organization';
import { expect, test, type APIRequestContext } from '@playwright/test';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { arrive, origin, password, token, type Account } from '../actors/index.ts';
import { Board } from '../pages/board.ts';

/** docs/api.md is a promise: every example in it is sent, and the answer must be the one it names. */
const page = readFileSync(fileURLToPath(new URL('../../docs/api.md', import.meta.url)), 'utf8');

interface Example {
	readonly line: number;
	readonly who: string;
	readonly statuses: readonly number[];
	readonly keeps: readonly { readonly name: string; readonly path: string }[];
	readonly method: string;
	readonly path: string;
	readonly body: string;
}

function examples(): Example[] {
	return [...page.matchAll(/```http\n# (\w+) -> ([\d|]+)(?:, keeps ([^\n]+))?\n(\w+) (\S+)\n(?:\n([\s\S]*?))?```/g)].map((match) => {
		const [, who = '', statuses = '', keeps, method = '', path = '', body = ''] = match;
		return {
			line: page.slice(0, match.index).split('\n').length,
			who,
			statuses: statuses.split('|').map(Number),
			keeps: (keeps ?? '').split(',').flatMap((part) => {
				const [name, from] = part.split('=').map((text) => text.trim());
				return name && from ? [{ name, path: from }] : [];
			}),
			method,
			path,
			body: body.trim()
		};
	});
}

const at = (value: unknown, path: string): unknown =>
	path.split('.').reduce<unknown>((inside, key) => (inside as Record<string, unknown> | undefined)?.[key], value);

test('every example of docs/api.md answers as it says', async ({ browser, playwright }) => {
	const nurse = await arrive(browser, 'nurse1');
	const board = new Board(nurse.page);
	await board.open(`/wards/${demoWards.male}`);
	const free = await board.free();
	expect(free.length).toBeGreaterThan(2);
	await nurse.leave();

	const known: Record<string, string> = {
		password: password(),
		ward: demoWards.male,
		room: fixtureId<'room'>('room/male/202'),
		'user.pharmacist1': demoPerson('pharmacist1').id,
		'user.resident2': demoPerson('resident2').id
	};
	for (const [index, number] of free.slice(0, 3).entries()) known[`bed.${index + 1}`] = demoBed('male', number);
	known['ward.emergency'] = demoWards.emergency;
	const clients = new Map<string, APIRequestContext>();
	const client = async (who: string): Promise<APIRequestContext> => {
		const present = clients.get(who);
		if (present !== undefined) return present;
		const anonymous = await playwright.request.newContext({ baseURL: origin() });
		const bearer = who === 'nobody' ? null : await token(anonymous, who as Account);
		const made =
			bearer === null ? anonymous : await playwright.request.newContext({ baseURL: origin(), extraHTTPHeaders: { authorization: `Bearer ${bearer}` } });
		clients.set(who, made);
		return made;
	};

	const all = examples();
	expect(all.length).toBeGreaterThan(60);
	for (const example of all) {
		const fill = (given: string): string =>
			given.replace(/\{\{([\w.]+)\}\}/g, (_, name: string) => {
				if (name === 'new') return crypto.randomUUID();
				const value = known[name];
				if (value === undefined) throw new Error(`docs/api.md:${example.line} uses {{${name}}}, which no block before it keeps`);
				return value;
			});
		const filled = fill(example.body);
		const answer = await (
			await client(example.who)
		).fetch(fill(example.path), {
			method: example.method,
			headers: { origin: origin(), ...(filled === '' ? {} : { 'content-type': 'application/json' }) },
			...(filled === '' ? {} : { data: filled })
		});
		const text = await answer.text();
		expect
			.soft(example.statuses, `docs/api.md:${example.line} ${filled.slice(0, 160)} answered ${answer.status()}: ${text.slice(0, 300)}`)
			.toContain(answer.status());
		for (const { name, path } of example.keeps) {
			const value = at(JSON.parse(text), path);
			expect(typeof value, `docs/api.md:${example.line} keeps ${name}: ${text.slice(0, 300)}`).toBe('string');
			known[name] = String(value);
		}
		// Proving the password again changes the token; the next block of this person signs in anew.
		if (example.path.endsWith('/step-up')) clients.delete(example.who);
	}
	for (const each of clients.values()) await each.dispose();
});

test('a stock y-websocket client with a session joins the board and reads it', async ({ request }) => {
	const bearer = await token(request, 'nurse1');
	class Authorized extends WebSocket {
		constructor(url: string | URL, protocols?: string | string[]) {
			super(url, protocols, { headers: { authorization: `Bearer ${bearer}`, origin: origin() } });
		}
	}
	const doc = new Y.Doc();
	const provider = new WebsocketProvider(`${origin().replace('http', 'ws')}/sync/ward-board`, demoWards.male, doc, {
		WebSocketPolyfill: Authorized as never,
		disableBc: true,
		params: { v: '1' }
	});
	await expect.poll(() => provider.synced, { timeout: 10_000 }).toBe(true);
	expect(doc.getMap('view').size).toBeGreaterThan(59);
	provider.destroy();
});
