import { afterEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { TestClient, testSync, until, type TestSync } from '../../../../sync-server/src/testing.fixtures.ts';
import type { Aside } from '../../../../sync-server/src/ports.ts';
import { LiveRoom } from './live-room.svelte.ts';

let server: TestSync;
const asides: Aside[] = [];
const rooms: LiveRoom[] = [];
/** The address people know; which server answers there changes with a restore. */
class Line extends WebSocket {
	constructor(url: string | URL) {
		super(String(url).replace(':1/', `:${String(server.port)}/`));
	}
}
const open = (user: string): LiveRoom => {
	const room = new LiveRoom({ kind: 'note', id: 'n', version: 1, user, url: 'ws://127.0.0.1:1/sync', vault: null, socket: Line, params: { user } });
	rooms.push(room);
	return room;
};
const type = (room: LiveRoom, words: string, root = 'text'): void => {
	room.doc.getText(root).insert(room.doc.getText(root).length, words);
};
const saved = (room: LiveRoom) => until(() => room.state.kind === 'saved');
const text = (room: LiveRoom, root = 'text'): string => room.doc.getText(root).toJSON();

/** Yesterday's backup: what `rows` held, one epoch later. */
async function restoreTo(rows: readonly { readonly user: string; readonly data: Uint8Array }[]): Promise<void> {
	const before = server;
	const restored = await testSync();
	restored.epoch = before.epoch + 1;
	restored.quarantine = async (aside) => {
		asides.push(aside);
		return { ok: true };
	};
	for (const { user, data } of rows)
		await restored.append([{ doc: 'note/n', generation: 0, update: new Uint8Array(data), user, session: `session-of-${user}` }]);
	server = restored;
	await before.close();
}
afterEach(async () => {
	for (const room of rooms.splice(0)) room.destroy();
	asides.length = 0;
	await server.close();
});

test('pages that were open over a restore bring back their own words, and nobody’s under another name', async () => {
	server = await testSync();
	const [anna, ben] = [open('anna'), open('ben')];
	await Promise.all([saved(anna), saved(ben)]);
	type(anna, '备份里的字。');
	await until(() => text(ben) === '备份里的字。');
	await saved(anna);
	const rows = await server.stored('note/n');
	type(anna, '备份之后甲写的。');
	type(ben, '备份之后乙写的。', 'mine');
	await until(() => text(ben).includes('甲写的') && text(anna, 'mine').includes('乙写的'));
	await Promise.all([saved(anna), saved(ben)]);

	await restoreTo(rows);
	await until(() => [anna, ben].every((room) => room.state.kind === 'saved' && room.admission?.epoch === 2), 'both are back', 15_000);
	const reader = await new TestClient(server.url('note', 'n', 'reader')).ready();
	await until(
		() => reader.text === '备份里的字。备份之后甲写的。' && reader.doc.getText('mine').toJSON() === '备份之后乙写的。',
		'every word is there',
		10_000
	);
	await until(() => [anna, ben].every((room) => text(room) === reader.text && text(room, 'mine') === '备份之后乙写的。'), 'both show it');
	reader.close();
	const written = new Map<number, Set<string>>();
	for (const { user, data } of await server.stored('note/n'))
		for (const { id } of Y.decodeUpdate(new Uint8Array(data)).structs) written.set(id.client, (written.get(id.client) ?? new Set()).add(user));
	expect([...written.values()].map((users) => users.size)).toEqual([...written].map(() => 1));
	// Whoever came first held words of the other: they were set aside, never written.
	for (const { actor, runs } of asides) for (const run of runs) expect(run.owner).not.toBe(actor.user);
	type(anna, '之后。');
	await saved(anna);
	await until(() => text(ben).endsWith('之后。'));
}, 30_000);

test('the author never comes back: a colleague’s page shows what the server has, the words wait with who offered them', async () => {
	server = await testSync();
	const [anna, ben] = [open('anna'), open('ben')];
	await Promise.all([saved(anna), saved(ben)]);
	type(anna, '备份里的字。');
	await until(() => text(ben) === '备份里的字。');
	await saved(anna);
	const rows = await server.stored('note/n');
	type(anna, '丢了的字。');
	await until(() => text(ben).includes('丢了'));
	anna.destroy();
	await restoreTo(rows);
	await until(() => asides.length > 0 && ben.state.kind === 'saved' && ben.admission?.epoch === 2, 'ben is back', 15_000);
	expect(text(ben)).toBe('备份里的字。');
	expect(asides).toMatchObject([{ actor: { user: 'ben' }, epoch: 1, runs: [{ owner: 'anna', own: false }] }]);
	type(ben, '接着写。');
	await until(() => ben.state.kind === 'saved' && ben.state.at !== null);
	const held = new Y.Doc();
	for (const { data } of await server.stored('note/n')) Y.applyUpdate(held, new Uint8Array(data));
	expect(held.getText('text').toJSON()).toBe('备份里的字。接着写。');
	Y.applyUpdate(held, asides[0]!.update);
	expect(held.getText('text').toJSON()).toContain('丢了的字。');
}, 30_000);

test('own words that hang on a colleague’s lost ones wait with them, and their author is told which', async () => {
	server = await testSync();
	const [anna, ben] = [open('anna'), open('ben')];
	await Promise.all([saved(anna), saved(ben)]);
	type(anna, '备份里的字。');
	await until(() => text(ben) === '备份里的字。');
	await saved(anna);
	const rows = await server.stored('note/n');
	type(anna, '丢了的字。');
	await until(() => text(ben).includes('丢了'));
	type(ben, '另起一段。', 'mine');
	type(ben, '接在后面的判断。');
	await until(() => text(anna).includes('判断'));
	await saved(ben);
	anna.destroy();
	await restoreTo(rows);
	await until(() => ben.state.kind === 'refused', 'ben is told', 15_000);
	expect(ben.state).toMatchObject({ reason: 'set-aside', text: '接在后面的判断。' });
	expect([text(ben), text(ben, 'mine')]).toEqual(['备份里的字。', '另起一段。']);
	ben.dismiss();
	await until(() => ben.state.kind === 'saved');
}, 30_000);
