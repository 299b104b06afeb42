import { afterEach, expect, test, vi } from 'vitest';
import { TestClient, testSync, until, type TestSync } from '../../../../sync-server/src/testing.fixtures.ts';
import { LiveRoom } from './live-room.svelte.ts';
import { MemoryStore } from './memory-store.ts';
import { importVaultKey, Vault } from './vault.ts';

let server: TestSync | undefined;
const rooms: LiveRoom[] = [];
const others: TestClient[] = [];
const store = new MemoryStore();
afterEach(async () => {
	vi.restoreAllMocks();
	for (const room of rooms.splice(0)) room.destroy();
	for (const client of others.splice(0)) client.close();
	await server?.close();
	server = undefined;
	store.records.clear();
	asleep.clear();
});
/** Sockets whose network went away without a word, as in sleep: nothing comes, nothing goes, no close. */
const asleep = new Set<Sleeper>();
const awake = new Set<Sleeper>();
class Sleeper extends WebSocket {
	constructor(url: string | URL) {
		super(url);
		awake.add(this);
	}
	override send(data: Parameters<WebSocket['send']>[0]): void {
		if (!asleep.has(this)) super.send(data);
	}
	override dispatchEvent(event: Event): boolean {
		return asleep.has(this) ? true : super.dispatchEvent(event);
	}
}
const sleep = (): void => {
	for (const socket of awake) {
		asleep.add(socket);
		socket.onmessage = socket.onclose = null;
	}
	awake.clear();
};
class Screen extends EventTarget {
	hidden = false;
}
function open(user: string): { readonly room: LiveRoom; readonly window: EventTarget; readonly document: Screen } {
	const [window, document] = [new EventTarget(), new Screen()];
	const room = new LiveRoom({
		kind: 'note',
		id: 'n',
		version: 1,
		user,
		url: `ws://127.0.0.1:${String(server!.port)}/sync`,
		vault: new Vault(store, user, () => importVaultKey(btoa(user.padEnd(32, '.').slice(0, 32)))),
		socket: Sleeper,
		page: { window, document },
		params: { user }
	});
	rooms.push(room);
	return { room, window, document };
}
const type = (room: LiveRoom, words: string): void => {
	for (const letter of words) room.doc.getText('text').insert(room.doc.getText('text').length, letter);
};
const other = async (user: string): Promise<TestClient> => {
	const client = await new TestClient(server!.url('note', 'n', user)).ready();
	others.push(client);
	return client;
};

test.each(['visibilitychange', 'online', 'pageshow'])(
	'a line that died in sleep is found within seconds of %s, and what was written on both sides meets',
	async (event) => {
		server = await testSync();
		const wang = await other('wang');
		const { room, window, document } = open('lichen');
		await until(() => room.state.kind === 'saved');
		type(room, '睡前。');
		await until(() => room.state.kind === 'saved' && wang.text === '睡前。');
		sleep();
		wang.type('窗口继续。');
		type(room, '醒来后。');
		expect(room.state).toEqual({ kind: 'saving', n: 4 });
		const at = performance.now();
		(event === 'visibilitychange' ? document : window).dispatchEvent(new Event(event));
		await until(() => room.state.kind === 'saved', 'found', 8000);
		const took = performance.now() - at;
		console.info(`${event}: found and settled after ${took.toFixed(0)} ms`);
		expect(took).toBeLessThan(6000);
		await until(() => wang.text.includes('醒来后。') && room.doc.getText('text').toString() === wang.text);
		expect(wang.text.length).toBe('睡前。窗口继续。醒来后。'.length);
	},
	20_000
);

test('a line that is well is asked once and kept', async () => {
	server = await testSync();
	const { room, window, document } = open('lichen');
	await until(() => room.state.kind === 'saved');
	const before = awake.size;
	for (const target of [window, document, window]) target.dispatchEvent(new Event(target === document ? 'visibilitychange' : 'online'));
	await new Promise((resolve) => setTimeout(resolve, 4500));
	expect([awake.size, room.state.kind, server.joins.length]).toEqual([before, 'saved', 1]);
}, 20_000);

test.each([1, -1])(
	'eight hours away with the clock of the device set by %i day: the state is true, every word arrives',
	async (days) => {
		server = await testSync();
		const wang = await other('wang');
		const { room, window } = open('lichen');
		await until(() => room.state.kind === 'saved');
		sleep();
		window.dispatchEvent(new Event('offline'));
		expect(room.state).toMatchObject({ kind: 'offline', n: 0 });
		const real = Date.now();
		let shift = 0;
		const real0 = Date.now.bind(Date);
		vi.spyOn(Date, 'now').mockImplementation(() => real0() + shift);
		for (let hour = 0; hour < 8; hour++) {
			shift += 3_600_000;
			if (hour === 4) shift += days * 86_400_000;
			for (let i = 0; i < 40; i++) type(room, `第${String(hour)}时`);
			wang.type('x', 'plan');
		}
		expect(room.state).toMatchObject({ kind: 'offline', n: 8 * 40 * 3 });
		expect(Math.abs((room.state as { readonly since: number }).since - real)).toBeLessThan(5000);
		const at = performance.now();
		window.dispatchEvent(new Event('online'));
		await until(() => room.state.kind === 'saved', 'settled', 10_000);
		expect(performance.now() - at).toBeLessThan(8000);
		await until(() => wang.text === room.doc.getText('text').toString());
		expect([wang.text.length, room.doc.getText('plan').length, server.refusals]).toEqual([960, 8, []]);
		expect((room.state as { readonly at: number }).at - Date.now()).toBeLessThan(1000);
		await until(() => store.records.size === 0);
		// A line that dies now is found by a clock nobody set.
		sleep();
		type(room, '再写。');
		window.dispatchEvent(new Event('pageshow'));
		await until(() => wang.text.endsWith('再写。'), 'found again', 8000);
	},
	40_000
);
