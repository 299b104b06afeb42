import { afterEach, expect, test } from 'vitest';
import { TestClient, testSync, until, type TestSync } from '../../../../sync-server/src/testing.fixtures.ts';
import { LiveRoom } from './live-room.svelte.ts';
import { MemoryStore } from './memory-store.ts';
import { importVaultKey, Vault } from './vault.ts';

let server: TestSync;
const rooms: LiveRoom[] = [];
const others: TestClient[] = [];
const store = new MemoryStore();
afterEach(async () => {
	for (const room of rooms.splice(0)) room.destroy();
	for (const client of others.splice(0)) client.close();
	await server.close();
	store.records.clear();
});
const open = (user: string): LiveRoom => {
	const room = new LiveRoom({
		kind: 'note',
		id: 'n',
		version: 1,
		user,
		url: `ws://127.0.0.1:${String(server.port)}/sync`,
		vault: new Vault(store, user, () => importVaultKey(btoa(user.padEnd(32, '.').slice(0, 32)))),
		socket: WebSocket,
		params: { user }
	});
	rooms.push(room);
	return room;
};
const type = (room: LiveRoom, words: string): void => {
	room.doc.getText('text').insert(room.doc.getText('text').length, words);
};

test('the server’s disk is full: the page says so, keeps its document and every word on the device, and sends them when there is room', async () => {
	server = await testSync();
	const room = open('lichen');
	await until(() => room.state.kind === 'saved');
	const { doc } = room;
	server.free = 0;
	await new Promise((resolve) => setTimeout(resolve, 120));
	type(room, '今日查房');
	type(room, '：体温正常');
	await until(() => room.state.kind === 'full');
	expect(room.state).toEqual({ kind: 'full', n: 2 });
	await until(() => store.records.size === 2, 'the copies on the device');
	type(room, '。');
	await until(() => room.state.kind === 'full' && room.state.n === 3);
	// A page that dies now loses nothing.
	room.destroy();
	const again = open('lichen');
	await until(() => again.state.kind === 'full', 'the new page to be told');
	expect(again.doc.getText('text').toString()).toBe('今日查房：体温正常。');
	server.free = Infinity;
	await until(() => again.state.kind === 'saved' && again.state.at !== null, 'saved', 8000);
	const reader = await new TestClient(server.url('note', 'n', 'reader')).ready();
	others.push(reader);
	expect(reader.text).toBe('今日查房：体温正常。');
	await until(() => store.records.size === 0, 'nothing left on the device');
	expect(doc.getText('text').toString()).toBe('今日查房：体温正常。');
});

test('the same page goes on without losing its place: no refusal, no new document', async () => {
	server = await testSync();
	const room = open('lichen');
	await until(() => room.state.kind === 'saved');
	const { doc } = room;
	server.free = 0;
	await new Promise((resolve) => setTimeout(resolve, 120));
	type(room, '一');
	await until(() => room.state.kind === 'full');
	server.free = Infinity;
	await until(() => room.state.kind === 'saved', 'saved', 8000);
	type(room, '二');
	await until(() => room.state.kind === 'saved' && room.doc.getText('text').toString() === '一二');
	expect([room.doc === doc, room.state.kind]).toEqual([true, 'saved']);
});
