import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { closeCode } from './protocol/index.ts';
import { everything, TestClient, testSync, until, type TestSync } from './testing.fixtures.ts';

let server: TestSync | undefined;
const clients: TestClient[] = [];
const join = (kind: string, id: string, user: string, params?: string): TestClient => {
	const client = new TestClient(server!.url(kind, id, user, params));
	clients.push(client);
	return client;
};
afterEach(async () => {
	for (const client of clients.splice(0)) client.close();
	await server?.close();
	server = undefined;
});
const statusOf = (url: string, origin?: string): Promise<number> =>
	new Promise((resolve) => {
		const socket = new WebSocket(url, origin === undefined ? {} : { origin });
		socket.on('unexpected-response', (_request, response) => {
			resolve(response.statusCode ?? 0);
			response.destroy();
		});
		socket.on('open', () => {
			resolve(101);
			socket.terminate();
		});
		socket.on('error', () => undefined);
	});

test('two people type, both see it, both are told it is on disk, and it is', async () => {
	server = await testSync();
	const [a, b] = await Promise.all([join('note', 'n1', 'lichen').ready(), join('note', 'n1', 'chenshuyao').ready()]);
	a.type('体温 37.8℃');
	b.type('，已退热');
	await until(() => a.text === b.text && a.text.length === 12 && a.acked >= 2 && b.acked >= 2, 'both acknowledged');
	const rows = await server.stored('note/n1');
	expect(new Set(rows.map(({ user, session, device }) => `${user} ${session} ${device}`))).toEqual(
		new Set(['lichen', 'chenshuyao'].map((user) => `${user} session-of-${user} device-of-${user}`))
	);
	const doc = new Y.Doc();
	for (const row of rows) Y.applyUpdate(doc, new Uint8Array(row.data));
	expect(doc.getText('text').toString()).toBe(a.text);
	expect(server.joins.toSorted()).toEqual(['chenshuyao note/n1', 'lichen note/n1']);
});

test('nobody sees and nobody is told before the commit', async () => {
	server = await testSync();
	const [a, b] = await Promise.all([join('note', 'n2', 'a').ready(), join('note', 'n2', 'b').ready()]);
	await until(() => a.acked === 1 && b.acked === 1);
	const commit = server.append;
	let release = (): void => undefined;
	const held = new Promise<void>((resolve) => (release = resolve));
	server.append = async (entries) => {
		await held;
		return commit(entries);
	};
	a.type('未落盘');
	await new Promise((resolve) => setTimeout(resolve, 120));
	expect([a.acked, b.text]).toEqual([1, '']);
	const late = await join('note', 'n2', 'c').ready();
	expect(late.text).toBe('');
	release();
	await until(() => a.acked === 2 && b.text === '未落盘' && late.text === '未落盘');
});

test('a stock y-websocket client joins with a version and writes; without one it reads', async () => {
	server = await testSync();
	const base = `ws://127.0.0.1:${server.port}/sync`;
	const open = (user: string, params: Record<string, string>): WebsocketProvider =>
		new WebsocketProvider(base, 'note/stock', new Y.Doc(), { WebSocketPolyfill: WebSocket as never, disableBc: true, params: { user, ...params } });
	const writer = open('w', { v: '1' });
	const reader = open('r', {});
	await until(() => writer.synced && reader.synced);
	writer.doc.getText('text').insert(0, '写');
	await until(() => reader.doc.getText('text').toString() === '写');
	reader.doc.getText('text').insert(1, '改');
	await until(() => server!.refusals.includes('r version'));
	await new Promise((resolve) => setTimeout(resolve, 50));
	expect(writer.doc.getText('text').toString()).toBe('写');
	writer.destroy();
	reader.destroy();
});

test('origin, session and room are checked before anything is opened', async () => {
	server = await testSync();
	expect(await statusOf(server.url('note', 'x', 'a'), 'https://evil.example')).toBe(403);
	expect(await statusOf(server.url('note', 'x', 'a'), 'null')).toBe(403);
	expect(await statusOf(server.url('note', 'x', 'a'), 'http://allowed.test.evil.example')).toBe(403);
	expect(await statusOf(server.url('note', 'x', 'a'), 'http://allowed.test')).toBe(101);
	expect(await statusOf(`ws://127.0.0.1:${server.port}/sync/note/x`)).toBe(401);
	expect(await statusOf(server.url('note', 'unknown', 'a'))).toBe(404);
	expect(await statusOf(server.url('nothing', 'x', 'a'))).toBe(404);
	server.rights.set('a note/forbidden', null);
	expect(await statusOf(server.url('note', 'forbidden', 'a'))).toBe(404);
	const own = join('note', 'unknown', 'a', 'v=1&live=1');
	await until(() => own.closed !== null);
	expect(own.closed?.code).toBe(closeCode.notFound);
});

test('a document that cannot be loaded is an error, never an empty document', async () => {
	server = await testSync();
	const load = server.load;
	server.load = async () => {
		throw new Error('disk');
	};
	const client = join('note', 'broken', 'a');
	await until(() => client.closed !== null);
	expect(client.closed?.code).toBe(closeCode.fault);
	expect(client.frames).toEqual([]);
	expect(server.alarms[0]).toContain('could not be loaded');
	server.load = load;
	await join('note', 'broken', 'a').ready();
});

test('nothing is answered before the document is loaded', async () => {
	server = await testSync();
	const load = server.load;
	let release = (): void => undefined;
	const held = new Promise<void>((resolve) => (release = resolve));
	server.load = async (doc) => {
		await held;
		return load(doc);
	};
	const client = join('note', 'slow', 'a');
	await new Promise((resolve) => setTimeout(resolve, 100));
	expect(client.frames).toEqual([]);
	release();
	await client.ready();
});

test('sections: a write outside is refused with its root, audited, and the others go on', async () => {
	server = await testSync();
	server.rights.set('resident note/s', everything({ writes: ['text'] }));
	const [resident, chief] = await Promise.all([join('note', 's', 'resident', 'v=1&live=1').ready(), join('note', 's', 'chief').ready()]);
	expect(resident.notice).toMatchObject({ writes: ['text'], sealed: false, why: null });
	chief.type('主任意见', 'plan');
	resident.type('主诉');
	await until(() => chief.text === '主诉' && resident.acked === 2);
	resident.type('越权', 'plan');
	resident.type('之后');
	await until(() => resident.refused.length === 2);
	expect(resident.refused).toEqual(['denied:plan', 'gap']);
	expect(server.refusals).toContain('resident denied:plan');
	expect(chief.doc.getText('plan').toString()).toBe('主任意见');
	expect(resident.closed).toBeNull();
	const again = await join('note', 's', 'resident').ready();
	again.type('，再来');
	await until(() => chief.text === '主诉，再来');
});

test('a seal in the middle of typing: what was acknowledged is in, what came after is refused, nobody writes again', async () => {
	server = await testSync();
	const [a, b] = await Promise.all([join('note', 'sealed', 'a', 'v=1&live=1').ready(), join('note', 'sealed', 'b').ready()]);
	a.type('一');
	await until(() => b.text === '一');
	await server.task('test.rights', { doc: 'note/sealed', sealed: true });
	a.type('二');
	await until(() => a.refused.length === 1);
	expect(a.refused).toEqual(['sealed']);
	await until(() => a.notice?.sealed === true);
	expect(b.text).toBe('一');
	const late = await join('note', 'sealed', 'c').ready();
	late.type('三');
	await until(() => late.refused.length === 1);
	expect(late.refused).toEqual(['sealed']);
	expect((await server.stored('note/sealed')).length).toBe(1);
});

test('rights change while updates wait at the writer: they are judged again under the new ones', async () => {
	server = await testSync();
	const [resident, chief] = await Promise.all([join('note', 'g', 'resident').ready(), join('note', 'g', 'chief').ready()]);
	resident.type('甲');
	await until(() => chief.text === '甲');
	server.rights.set('resident note/g', everything({ writes: ['text'] }));
	await server.task('test.rights', { doc: 'note/g', sealed: false });
	for (let i = 0; i < 5; i++) chief.type(String(i), 'plan');
	resident.type('x', 'plan');
	await until(() => chief.acked === 6 && resident.refused.length === 1);
	expect(resident.refused).toEqual(['denied:plan']);
	expect(resident.doc.getText('plan').toString()).toContain('01234');
	const joined = await join('note', 'g', 'reader').ready();
	expect(joined.doc.getText('plan').toString()).toBe('01234');
});

test('a session that ends: the socket closes with 4401 at once and what is on its way is not stored', async () => {
	server = await testSync();
	const [a, b] = await Promise.all([join('note', 'out', 'a').ready(), join('note', 'out', 'b').ready()]);
	await until(() => a.acked === 1 && b.acked === 1);
	const started = Date.now();
	server.sync.dropSession('session-of-a');
	a.type('太晚');
	await until(() => a.closed !== null);
	expect(Date.now() - started).toBeLessThan(1000);
	expect(a.closed?.code).toBe(closeCode.signedOut);
	b.type('留下');
	await until(() => b.acked === 2);
	expect((await server.stored('note/out')).map((row) => row.user)).toEqual(['b']);
});

test('rights that end close the socket; rights that shrink are told', async () => {
	server = await testSync();
	const [a, b] = await Promise.all([join('note', 'r', 'a', 'v=1&live=1').ready(), join('note', 'r', 'b', 'v=1&live=1').ready()]);
	server.rights.set('a note/r', null);
	server.rights.set('b note/r', everything({ writes: [] }));
	server.sync.recheck('note', 'r');
	await until(() => a.closed !== null && b.notice?.why === 'read-only');
	expect(a.closed?.code).toBe(closeCode.forbidden);
	b.type('不行');
	await until(() => b.refused.length === 1);
	expect(b.refused).toEqual(['read-only']);
});

test('a storage fault acknowledges nothing, says so and sends everybody away', async () => {
	server = await testSync();
	const a = await join('note', 'f', 'a').ready();
	await until(() => a.acked === 1);
	const append = server.append;
	server.append = async () => {
		throw new Error('SQLITE_IOERR_FSYNC');
	};
	a.type('丢?');
	await until(() => a.closed !== null);
	expect([a.acked, a.closed?.code]).toEqual([1, closeCode.fault]);
	expect(server.alarms.join()).toContain('SQLITE_IOERR_FSYNC');
	server.append = append;
	expect((await join('note', 'f', 'a').ready()).text).toBe('');
});

test('edits made offline come back in one diff, also when typing goes on before the server asks', async () => {
	server = await testSync();
	const first = await join('note', 'off', 'a').ready();
	first.type('在线');
	await until(() => first.acked === 2);
	const state = Y.encodeStateAsUpdate(first.doc);
	first.close();
	const back = join('note', 'off', 'a');
	Y.applyUpdate(back.doc, state, 'server');
	back.doc.clientID = first.doc.clientID;
	back.type('离线');
	// Sent the moment the socket opens, before the server has asked: it hangs on the unsent edit.
	back.socket.once('open', () => {
		back.type('抢先');
	});
	await back.ready();
	await until(() => back.acked === 2, 'diff and early edit acknowledged');
	expect(back.refused).toEqual([]);
	const reader = await join('note', 'off', 'b').ready();
	expect(reader.text).toBe('在线离线抢先');
});

test('many updates become few rows, a long log a snapshot, and owners survive it', async () => {
	server = await testSync({ snapshotAfterRows: 20, evictAfterMs: 10, socketFramesPerSecond: 10_000, userFramesPerSecond: 10_000 });
	const a = await join('note', 'long', 'a').ready();
	for (let i = 0; i < 60; i++) {
		a.type('x');
		await until(() => a.acked === i + 2);
	}
	const clientID = a.doc.clientID;
	a.close();
	await until(() => server!.sync.stats().rooms === 0);
	const loaded = await server.load('note/long');
	expect([loaded.snapshot !== null, loaded.updates.length <= 20, loaded.snapshotOwners[String(clientID)]]).toEqual([true, true, 'a']);
	const b = await join('note', 'long', 'b').ready();
	expect(b.text).toBe('x'.repeat(60));
	b.doc.clientID = clientID;
	b.type('冒名');
	await until(() => b.closed !== null);
	expect([b.refused, b.closed?.code]).toEqual([['foreign-client'], closeCode.forbidden]);
});

test('when the disk has failed every document closes with the reason, also where nobody was writing', async () => {
	server = await testSync();
	const [writer, reader] = await Promise.all([join('note', 'full-a', 'a').ready(), join('note', 'full-b', 'b').ready()]);
	server.sync.closeAll('storage-fault');
	await until(() => writer.closed !== null && reader.closed !== null, 'both closed');
	expect([writer.closed, reader.closed]).toEqual(Array.from({ length: 2 }, () => ({ code: closeCode.fault, reason: 'storage-fault' })));
	expect(server.sync.stats().rooms).toBe(0);
});
