import { afterEach, expect, test } from 'vitest';
import { TestClient, testSync, until, type TestSync } from './testing.fixtures.ts';

const NEARLY_NOTHING = 1 << 20;
let server: TestSync;
const clients: TestClient[] = [];
const join = (kind: string, id: string, user: string): TestClient => {
	const client = new TestClient(server.url(kind, id, user, 'v=1&live=1'));
	clients.push(client);
	return client;
};
afterEach(async () => {
	for (const client of clients.splice(0)) client.close();
	await server.close();
});
/** The disk fills up while nobody looks; the first commit after that finds out. */
const fill = async (): Promise<void> => {
	server.free = NEARLY_NOTHING;
	await new Promise((resolve) => setTimeout(resolve, 120));
};

test('a full disk: everybody stays and reads, edits are refused by name, newcomers are let in; with room again each word comes in by itself', async () => {
	server = await testSync();
	const [writer, reader] = await Promise.all([join('note', 'n', 'writer').ready(), join('note', 'n', 'reader').ready()]);
	writer.type('已存');
	await until(() => reader.text === '已存');
	await fill();
	// In one packet: the first is on its way to the disk when the disk says no, the others hang on it.
	for (const letter of '磁盘满了') writer.type(letter);
	await until(() => writer.refused.length === 4, 'four refusals');
	writer.type('，再写');
	await until(() => writer.refused.length === 5, 'the fifth refusal');
	expect(writer.refused).toEqual(Array.from({ length: 5 }, () => 'storage-full'));
	const late = await join('note', 'n', 'late').ready();
	expect([writer.closed, reader.closed, reader.text, late.text]).toEqual([null, null, '已存', '已存']);
	expect(server.sync.stats().refusals['storage-full']).toBeGreaterThan(4);
	// Neither an attack nor a line of the audit.
	expect([server.refusals, server.alarms]).toEqual([[], []]);
	expect((await server.stored('note/n')).length).toBe(1);

	server.free = Infinity;
	await until(() => reader.text === '已存磁盘满了，再写', 'the words to arrive', 8000);
	writer.type('。');
	await until(() => reader.text.endsWith('。') && late.text === reader.text);
	expect((await server.stored('note/n')).every(({ user }) => user === 'writer')).toBe(true);
	expect(writer.refused.length).toBe(5);
});

test('a deletion and words of a page that was away are kept just as well', async () => {
	server = await testSync();
	const [writer, reader] = await Promise.all([join('note', 'n', 'writer').ready(), join('note', 'n', 'reader').ready()]);
	writer.type('体温三十八度');
	await until(() => reader.text === '体温三十八度');
	await fill();
	writer.doc.getText('text').delete(2, 4);
	const away = join('note', 'n', 'away');
	away.type('：离线写的', 'plan');
	await away.ready();
	await until(() => writer.refused.length === 1 && away.refused.length > 0);
	expect([reader.text, reader.doc.getText('plan').toString()]).toEqual(['体温三十八度', '']);
	server.free = Infinity;
	await until(() => reader.text === '体温' && reader.doc.getText('plan').toString() === '：离线写的', 'both to arrive', 8000);
	expect([writer.closed, away.closed]).toEqual([null, null]);
});

test('a board still shows what was decided just before: the house’s own words use the last megabytes', async () => {
	server = await testSync();
	server.view.set('bed-1', '空');
	const screen = await join('board', 'w', 'nurse').ready();
	await until(() => screen.doc.getMap('view').get('bed-1') === '空');
	await fill();
	server.view.set('bed-1', '王思齐');
	server.sync.projectionChanged('board', 'w', ['bed-1']);
	await until(() => screen.doc.getMap('view').get('bed-1') === '王思齐', 'the board');
	expect([screen.closed, server.alarms]).toEqual([null, []]);
});

test('these tests find a server that asks nobody again: the words never come, and what follows is not acknowledged', async () => {
	server = await testSync();
	const [writer, reader] = await Promise.all([join('note', 'n', 'writer').ready(), join('note', 'n', 'reader').ready()]);
	server.sync.roomAgain = () => undefined;
	await fill();
	writer.type('没有存');
	await until(() => writer.refused.length === 1);
	server.free = Infinity;
	writer.type('，接着写');
	await new Promise((resolve) => setTimeout(resolve, 2500));
	expect([reader.text, writer.acked]).toEqual(['', 1]);
});
