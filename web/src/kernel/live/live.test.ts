import { afterEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { everything, TestClient, testSync, until, type TestSync } from '../../../../sync-server/src/testing.fixtures.ts';
import { Ledger } from './ledger.ts';
import { LiveRoom } from './live-room.svelte.ts';
import { MemoryStore } from './memory-store.ts';
import { textOf } from './refused-text.ts';
import { stateOf, type Facts } from './state.ts';
import { importVaultKey, Vault, type VaultKey } from './vault.ts';

describe('the ledger', () => {
	const edit = (n: number) => ({ key: `k${String(n)}`, update: Uint8Array.of(n) });
	test('a diff confirms everything made before it, an update only itself', () => {
		const ledger = new Ledger();
		ledger.edited(edit(1));
		ledger.edited(edit(2));
		ledger.sent('diff');
		ledger.edited(edit(3));
		ledger.sent('update');
		expect(ledger.acked(1).safe.map((e) => e.key)).toEqual(['k1', 'k2']);
		expect(ledger.size).toBe(1);
		expect(ledger.acked(1).safe.map((e) => e.key)).toEqual(['k3']);
		expect(ledger.size).toBe(0);
	});
	test('what was under way on a lost connection is not taken for confirmed by the next one’s acks', () => {
		const ledger = new Ledger();
		ledger.edited(edit(1));
		ledger.sent('update');
		ledger.disconnected();
		ledger.edited(edit(2));
		ledger.sent('update');
		expect(ledger.acked(1).safe.map((e) => e.key)).toEqual(['k2']);
		expect(ledger.waiting.map((e) => e.key)).toEqual(['k1']);
	});
});

describe('the indicator', () => {
	const facts: Facts = { link: 'open', synced: true, unacked: 0, full: false, savedAt: 5, offlineSince: 1, refused: null, notice: null };
	test('says saved only when nothing is unconfirmed and the server is there', () => {
		expect(stateOf(facts)).toEqual({ kind: 'saved', at: 5 });
		expect(stateOf({ ...facts, unacked: 1 })).toEqual({ kind: 'saving', n: 1 });
		expect(stateOf({ ...facts, unacked: 1, full: true })).toEqual({ kind: 'full', n: 1 });
		expect(stateOf({ ...facts, link: 'offline', unacked: 3 })).toEqual({ kind: 'offline', n: 3, since: 1 });
		expect(stateOf({ ...facts, link: 'offline' }).kind).toBe('offline');
		expect(stateOf({ ...facts, synced: false }).kind).toBe('connecting');
		expect(stateOf({ ...facts, link: 'signed-out', unacked: 2 })).toEqual({ kind: 'signed-out', n: 2 });
		expect(stateOf({ ...facts, refused: { reason: 'sealed', text: '字' } }).kind).toBe('refused');
	});
});

test('the words offered back are those typed and not deleted again, a line a paragraph', () => {
	const doc = new Y.Doc();
	const updates: Uint8Array[] = [];
	doc.on('update', (update: Uint8Array) => updates.push(update));
	const fragment = doc.getXmlFragment('plan');
	for (const words of ['停用阿司匹林', '复查血常规']) {
		const paragraph = new Y.XmlElement('paragraph');
		paragraph.insert(0, [new Y.XmlText(words)]);
		fragment.push([paragraph]);
	}
	((fragment.get(0) as Y.XmlElement).get(0) as Y.XmlText).delete(0, 2);
	expect(textOf(updates)).toBe('阿司匹林\n复查血常规');
});

describe('the vault', () => {
	const key = (byte: number): Promise<VaultKey> => importVaultKey(btoa(String.fromCharCode(...new Uint8Array(32).fill(byte))));
	test('opens for its author only, holds no plain text, and a moved record stays shut', async () => {
		const store = new MemoryStore();
		const mine = new Vault(store, 'lichen', () => key(1));
		await mine.keep('note/1', 'r1', 'edit', new TextEncoder().encode('机密: HIV 阳性'));
		expect((await mine.entries('note/1')).entries.map((entry) => new TextDecoder().decode(entry.data))).toEqual(['机密: HIV 阳性']);
		const record = store.records.get('r1')!;
		expect(new TextDecoder().decode(record.data)).not.toContain('HIV');
		expect(await new Vault(store, 'lichen', () => key(2)).entries('note/1')).toMatchObject({ entries: [], unreadable: 1 });
		store.records.set('r1', { ...record, doc: 'note/2' });
		expect(await mine.entries('note/2')).toMatchObject({ entries: [], unreadable: 1 });
		expect(await new Vault(store, 'wang', () => key(1)).entries('note/2')).toMatchObject({ entries: [], unreadable: 0 });
	});
});

describe('a room against the real server', () => {
	let server: TestSync | undefined;
	const rooms: LiveRoom[] = [];
	const others: TestClient[] = [];
	const store = new MemoryStore();
	const vaultOf = (user: string): Vault => new Vault(store, user, () => importVaultKey(btoa(user.padEnd(32, '.').slice(0, 32))));
	const open = (user: string, { vault = vaultOf(user) as Vault | null, version = 1, id = 'n' } = {}): LiveRoom => {
		const room = new LiveRoom({
			kind: 'note',
			id,
			version,
			user,
			url: `ws://127.0.0.1:${String(server!.port)}/sync`,
			vault,
			socket: WebSocket,
			params: { user }
		});
		rooms.push(room);
		return room;
	};
	const other = (user: string): Promise<TestClient> => {
		const client = new TestClient(server!.url('note', 'n', user));
		others.push(client);
		return client.ready();
	};
	const type = (room: LiveRoom, words: string, root = 'text'): void => {
		room.doc.getText(root).insert(room.doc.getText(root).length, words);
	};
	afterEach(async () => {
		for (const room of rooms.splice(0)) room.destroy();
		for (const client of others.splice(0)) client.close();
		await server?.close();
		server = undefined;
		store.records.clear();
	});

	test('saving until the commit, saved after it, nothing left on the device', async () => {
		server = await testSync();
		const room = open('lichen');
		await until(() => room.state.kind === 'saved');
		const append = server.append;
		let release = (): void => undefined;
		const held = new Promise<void>((resolve) => (release = resolve));
		server.append = async (entries) => {
			await held;
			return append(entries);
		};
		type(room, '主诉:咳嗽三天');
		expect(room.state).toEqual({ kind: 'saving', n: 1 });
		await until(() => store.records.size === 1);
		release();
		await until(() => room.state.kind === 'saved' && room.state.at !== null);
		await until(() => store.records.size === 0);
		expect((await other('b')).text).toBe('主诉:咳嗽三天');
		expect([room.admission?.writes, room.writable, room.asOf !== null]).toEqual(['*', true, true]);
	});

	test('typed offline, the page dies, its author comes back: every word arrives, once', async () => {
		server = await testSync();
		const room = open('lichen');
		await until(() => room.state.kind === 'saved');
		type(room, '在线。');
		await until(() => room.state.kind === 'saved' && room.state.at !== null);
		server.append = () => new Promise(() => undefined);
		type(room, '断网时写的。');
		type(room, '又一句。');
		await until(() => store.records.size === 2);
		room.destroy();
		const { rights } = server;
		await Promise.race([server.close(), new Promise((resolve) => setTimeout(resolve, 1500))]);
		server = await testSync();
		for (const [key, value] of rights) server.rights.set(key, value);
		const first = await other('lichen');
		first.type('在线。');
		await until(() => first.acked === 2);
		// A new server without the base of these edits refuses them: the words are offered back instead of vanishing.
		const back = open('lichen');
		await until(() => back.state.kind === 'refused');
		expect(back.state).toMatchObject({ kind: 'refused', text: '断网时写的。又一句。' });
		await until(() => store.records.size === 1);
		back.dismiss();
		await until(() => back.state.kind === 'saved' && store.records.size === 0);
		expect(back.doc.getText('text').toString()).toBe('在线。');
	});

	test('unsent edits of an earlier page go out with the first diff and are deleted when confirmed', async () => {
		server = await testSync();
		const room = open('lichen');
		await until(() => room.state.kind === 'saved');
		type(room, '一');
		await until(() => room.state.kind === 'saved' && room.state.at !== null);
		server.sync.dropSession('session-of-lichen');
		await until(() => room.state.kind === 'signed-out');
		type(room, '二');
		type(room, '三');
		expect(room.state).toEqual({ kind: 'signed-out', n: 2 });
		await until(() => store.records.size === 2);
		room.destroy();
		await until(() => server!.sync.stats().rooms === 1);
		const stranger = open('wang');
		await until(() => stranger.state.kind === 'saved');
		expect(stranger.doc.getText('text').toString()).toBe('一');
		// The dropped session is remembered for a minute; the author signs in anew.
		const again = new LiveRoom({
			kind: 'note',
			id: 'n',
			version: 1,
			user: 'lichen',
			url: `ws://127.0.0.1:${String(server.port)}/sync`,
			vault: vaultOf('lichen'),
			socket: WebSocket,
			params: { user: 'lichen', session: 'new' }
		});
		rooms.push(again);
		await until(() => again.state.kind === 'saved' && store.records.size === 0);
		await until(() => stranger.doc.getText('text').toString() === '一二三');
	});

	test('a refusal gives the words back, drops document and copy, and the room goes on under a new clientID', async () => {
		server = await testSync();
		server.rights.set('lichen note/n', everything({ writes: ['text'] }));
		const room = open('lichen');
		await until(() => room.state.kind === 'saved');
		const before = room.doc;
		type(room, '越权的医嘱', 'plan');
		await until(() => room.state.kind === 'refused' && room.doc !== before);
		expect(room.state).toMatchObject({ reason: 'denied:plan', text: '越权的医嘱' });
		expect(room.doc.clientID).not.toBe(before.clientID);
		room.dismiss();
		await until(() => room.state.kind === 'saved');
		expect(room.doc.getText('plan').toString()).toBe('');
		type(room, '主诉');
		await until(() => room.state.kind === 'saved' && store.records.size === 0);
		expect((await other('b')).text).toBe('主诉');
	});

	test('sealed while somebody was away: late words are offered back, the sealed text is shown as it is', async () => {
		server = await testSync();
		const room = open('lichen');
		await until(() => room.state.kind === 'saved');
		type(room, '正文');
		await until(() => room.state.kind === 'saved' && room.state.at !== null);
		await server.task('test.rights', { doc: 'note/n', sealed: true });
		type(room, '迟到的话');
		await until(() => room.state.kind === 'refused');
		expect(room.state).toMatchObject({ reason: 'sealed', text: '迟到的话' });
		room.dismiss();
		await until(() => room.state.kind === 'sealed');
		expect([room.doc.getText('text').toString(), room.writable]).toEqual(['正文', false]);
	});

	test('another version reads only; a forbidden room is said to be denied; a foreign session never speaks for this person', async () => {
		server = await testSync();
		const old = open('lichen', { version: 99 });
		await until(() => old.state.kind === 'read-only');
		expect(old.state).toEqual({ kind: 'read-only', why: 'version' });
		const unknown = open('lichen', { id: 'unknown' });
		await until(() => unknown.state.kind === 'denied');
		const stale = new LiveRoom({
			kind: 'note',
			id: 'n',
			version: 1,
			user: 'lichen',
			url: `ws://127.0.0.1:${String(server.port)}/sync`,
			vault: null,
			socket: WebSocket,
			params: { user: 'wang' }
		});
		rooms.push(stale);
		await until(() => stale.state.kind === 'signed-out');
	});
});
