import { afterEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { decodeFrame, step1Frame, updateFrame } from './protocol/index.ts';
import { decodeMail, encodeMessages, type Mail } from './protocol/http-channel.ts';
import { everything, TestClient, testSync, until, type TestSync } from './testing.fixtures.ts';

let server: TestSync | undefined;
const others: TestClient[] = [];
afterEach(async () => {
	for (const client of others.splice(0)) client.close();
	await server?.close();
	server = undefined;
});

interface Answer {
	readonly status: number;
	readonly body: Uint8Array;
	readonly json: { readonly channel?: string; readonly code?: number; readonly reason?: string };
}
async function ask(
	path: string,
	user: string,
	body: BodyInit | null = null,
	{ session = `session-of-${user}`, headers = {}, method = 'POST' } = {}
): Promise<Answer> {
	const url = new URL(`http://127.0.0.1:${String(server!.port)}/sync-http/${path}`);
	if (user !== '') url.searchParams.set('user', user);
	url.searchParams.set('session', session);
	const response = await fetch(url, { method, body, headers });
	const bytes = new Uint8Array(await response.arrayBuffer());
	const isJson = response.headers.get('content-type') === 'application/json';
	return { status: response.status, body: bytes, json: isJson ? (JSON.parse(new TextDecoder().decode(bytes)) as Answer['json']) : {} };
}
const open = async (user: string, params = 'v=1&live=1'): Promise<string> => (await ask(`note/n?${params}`, user)).json.channel!;
const send = (user: string, channel: string, n: number, ...messages: readonly Uint8Array[]): Promise<Answer> =>
	ask(`send?channel=${channel}&n=${String(n)}`, user, encodeMessages(messages));
async function receive(user: string, channel: string, from: number): Promise<Mail | undefined> {
	const { body, status } = await ask('receive', user, JSON.stringify({ channels: { [channel]: from } }));
	return status === 200 ? decodeMail(body)[0] : undefined;
}
const kinds = (mail: Mail | undefined): readonly (string | undefined)[] => mail?.messages.map((message) => decodeFrame(message)?.kind) ?? [];
const edit = (words: string): { readonly doc: Y.Doc; readonly update: Uint8Array } => {
	const doc = new Y.Doc();
	doc.getText('text').insert(0, words);
	return { doc, update: Y.encodeStateAsUpdate(doc) };
};
async function other(user: string): Promise<TestClient> {
	const client = new TestClient(server!.url('note', 'n', user));
	others.push(client);
	return client.ready();
}

describe('live documents over plain requests', () => {
	test('join, question, edit, ack, somebody else’s words: the same messages in the same order', async () => {
		server = await testSync();
		const wang = await other('wang');
		const channel = await open('lichen');
		expect(kinds(await receive('lichen', channel, 0))).toEqual(['admission']);
		const { doc, update } = edit('隔着代理写的');
		expect((await send('lichen', channel, 0, step1Frame(Y.encodeStateVector(new Y.Doc())), updateFrame(update))).status).toBe(204);
		await until(() => wang.text === '隔着代理写的');
		const seen: string[] = [];
		for (let from = 1; !seen.includes('ack');) {
			const mail = await receive('lichen', channel, from);
			seen.push(...(kinds(mail) as string[]));
			from = mail!.first + mail!.messages.length;
		}
		expect(seen.filter((kind) => kind !== 'awareness')).toEqual(['step2', 'step1', 'ack']);
		const waiting = receive('lichen', channel, 1 + seen.length);
		wang.type('，对面看得到');
		const mail = await waiting;
		for (const message of mail!.messages) {
			const frame = decodeFrame(message);
			if (frame?.kind === 'update') Y.applyUpdate(doc, frame.update);
		}
		expect(doc.getText('text').toString()).toBe('隔着代理写的，对面看得到');
		expect(server.joins).toEqual(['wang note/n', 'lichen note/n']);
	});

	test('what was not fetched comes again; a request that is repeated is taken once, one that is missing ends the channel', async () => {
		server = await testSync();
		const wang = await other('wang');
		const channel = await open('lichen');
		const first = await receive('lichen', channel, 0);
		expect(await receive('lichen', channel, 0)).toEqual(first);
		const { update } = edit('一次');
		for (const attempt of [1, 2])
			expect([attempt, (await send('lichen', channel, 0, step1Frame(Uint8Array.of(0)), updateFrame(update))).status]).toEqual([attempt, 204]);
		await until(() => wang.text === '一次');
		expect((await server.stored('note/n')).length).toBe(1);
		expect((await send('lichen', channel, 5, updateFrame(update))).status).toBe(409);
	});

	test('strangers, other sites, other people’s channels, unknown rooms and other methods are turned away alike', async () => {
		server = await testSync();
		expect(await ask('note/n?v=1&live=1', '')).toMatchObject({ status: 401, json: { code: 4401 } });
		expect(await ask('note/unknown?v=1&live=1', 'lichen')).toMatchObject({ status: 404, json: { code: 4404 } });
		expect(await ask('nothing/n?v=1', 'lichen')).toMatchObject({ status: 404 });
		expect((await ask('note/n?v=1&live=1&as=wang', 'lichen')).status).toBe(401);
		for (const headers of [{ origin: 'https://elsewhere.test' }, { 'sec-fetch-site': 'cross-site' }])
			for (const path of ['note/n?v=1', 'send?channel=x&n=0', 'receive', 'close?channel=x'])
				expect((await ask(path, 'lichen', null, { headers })).status).toBe(403);
		expect((await ask('note/n?v=1', 'lichen', null, { method: 'PUT' })).status).toBe(405);
		const channel = await open('lichen');
		const { update } = edit('冒名');
		expect((await send('wang', channel, 0, updateFrame(update))).status).toBe(410);
		expect((await ask(`send?channel=${channel}&n=0`, 'lichen', encodeMessages([updateFrame(update)]), { session: 'another' })).status).toBe(410);
		expect((await ask(`close?channel=${channel}`, 'wang')).status).toBe(410);
		expect((await receive('wang', channel, 0))?.closed).toEqual({ code: 1001, reason: 'this channel is over' });
		expect(await server.stored('note/n')).toEqual([]);
	});

	test('a session that ends closes a waiting request within a second, and nothing is accepted afterwards', async () => {
		server = await testSync();
		const channel = await open('lichen');
		await receive('lichen', channel, 0);
		const waiting = receive('lichen', channel, 1);
		await new Promise((resolve) => setTimeout(resolve, 100));
		const at = performance.now();
		server.sync.dropSession('session-of-lichen');
		const mail = await waiting;
		const took = performance.now() - at;
		expect(mail?.closed).toMatchObject({ code: 4401 });
		expect(took).toBeLessThan(1000);
		expect((await send('lichen', channel, 0, updateFrame(edit('太迟').update))).status).toBe(410);
		expect(await server.stored('note/n')).toEqual([]);
	});

	test('the gate and the limits are those of every line: section rights, size, nonsense', async () => {
		server = await testSync();
		server.rights.set('lichen note/n', everything({ writes: ['plan'] }));
		const channel = await open('lichen');
		await receive('lichen', channel, 0);
		await send('lichen', channel, 0, updateFrame(edit('越权').update));
		const said = await receive('lichen', channel, 1);
		expect(said!.messages.map((message) => decodeFrame(message))).toMatchObject([{ kind: 'refused', reason: 'denied:text' }]);
		expect((await send('lichen', channel, 1, new Uint8Array(1_200_000))).status).toBe(410);
		const nonsense = await open('lichen');
		expect((await ask(`send?channel=${nonsense}&n=0`, 'lichen', Uint8Array.of(200, 1, 1))).status).toBe(410);
		const large = await open('lichen');
		expect((await ask(`send?channel=${large}&n=0`, 'lichen', new Uint8Array(3 << 20))).status).toBe(413);
		expect((await ask('receive', 'lichen', 'no json')).status).toBe(400);
		expect(server.alarms).toEqual([]);
	});

	test('one session holds a bounded number of channels; closed ones do not count', async () => {
		server = await testSync();
		const channels: string[] = [];
		for (let i = 0; i < 32; i++) channels.push(await open('lichen'));
		expect(await ask('note/n?v=1&live=1', 'lichen')).toMatchObject({ status: 503 });
		expect((await ask(`close?channel=${channels[0]!}`, 'lichen')).status).toBe(204);
		expect(await open('lichen')).toMatch(/^[0-9a-f]{32}$/u);
		await until(() => server!.sync.stats().connections === 32);
	});
});
