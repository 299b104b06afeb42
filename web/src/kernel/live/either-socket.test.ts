import { afterEach, describe, expect, test, vi } from 'vitest';
import { TestClient, testSync, until, type TestSync } from '../../../../sync-server/src/testing.fixtures.ts';
import { LiveRoom } from './live-room.svelte.ts';
import { Ways } from './ways.ts';

let server: TestSync | undefined;
const rooms: LiveRoom[] = [];
const others: TestClient[] = [];
afterEach(async () => {
	for (const room of rooms.splice(0)) room.destroy();
	for (const client of others.splice(0)) client.close();
	await server?.close();
	server = undefined;
	vi.restoreAllMocks();
});

let blocked = true;
/** A network that lets no WebSocket through while `blocked`. */
class Proxied extends WebSocket {
	constructor(url: string | URL) {
		super(blocked ? 'ws://127.0.0.1:9/' : url);
	}
}
function open(user: string, ways = new Ways()): LiveRoom {
	const room = new LiveRoom({
		kind: 'note',
		id: 'n',
		version: 1,
		user,
		url: `ws://127.0.0.1:${String(server!.port)}/sync`,
		vault: null,
		socket: Proxied,
		ways,
		params: { user }
	});
	rooms.push(room);
	return room;
}
const type = (room: LiveRoom, words: string): void => {
	room.doc.getText('text').insert(room.doc.getText('text').length, words);
};

describe('where WebSockets are blocked', () => {
	test('after two tries the document opens over requests; both sides write; it goes back when a WebSocket gets through', async () => {
		blocked = true;
		server = await testSync();
		const wang = await new TestClient(server.url('note', 'n', 'wang')).ready();
		others.push(wang);
		const ways = new Ways();
		vi.spyOn(ways, 'nextLook').mockReturnValue(600);
		const at = performance.now();
		const room = open('lichen', ways);
		await until(() => room.state.kind === 'saved', 'opened over requests', 8000);
		console.info(`opened over requests after ${(performance.now() - at).toFixed(0)} ms`);
		expect(ways.blocked).toBe(true);
		type(room, '代理后面');
		await until(() => wang.text === '代理后面' && room.state.kind === 'saved');
		wang.type('，窗口这边');
		await until(() => room.doc.getText('text').toString() === '代理后面，窗口这边');
		for (const letter of '一个字一个字地写') type(room, letter);
		await until(() => room.state.kind === 'saved' && wang.text.endsWith('地写'));
		blocked = false;
		await until(() => !ways.blocked, 'a look', 4000);
		await until(() => room.state.kind === 'saved');
		type(room, '。');
		await until(() => wang.text.endsWith('地写。') && room.state.kind === 'saved');
		expect([server.refusals, server.alarms]).toEqual([[], []]);
	}, 30_000);

	test('5 MB over requests, and the end of the session arrives within a second', async () => {
		blocked = true;
		server = await testSync();
		const room = open('lichen');
		await until(() => room.state.kind === 'saved', 'opened', 8000);
		const words = '很长的会诊意见。'.repeat(230_000);
		room.doc.getText('text').insert(0, words);
		await until(() => room.state.kind === 'saved', 'stored', 30_000);
		const wang = await new TestClient(server.url('note', 'n', 'wang')).ready();
		others.push(wang);
		expect(wang.text === words).toBe(true);
		const at = performance.now();
		server.sync.dropSession('session-of-lichen');
		await until(() => room.state.kind === 'signed-out');
		expect(performance.now() - at).toBeLessThan(1000);
	}, 60_000);

	test('a server that is away altogether is not mistaken for a network that blocks', async () => {
		blocked = true;
		server = await testSync();
		const ways = new Ways();
		const room = open('lichen', ways);
		await until(() => room.state.kind === 'saved', 'opened', 8000);
		const { port } = server;
		await server.close();
		server = undefined;
		await until(() => room.state.kind === 'offline', 'noticed', 8000);
		await until(() => !ways.blocked, 'a WebSocket is next', 8000);
		expect(port).toBeGreaterThan(0);
	}, 30_000);
});
