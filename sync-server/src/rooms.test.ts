import { afterEach, expect, test } from 'vitest';
import { TestClient, testSync, until, type TestSync } from './testing.fixtures.ts';

let server: TestSync | undefined;
afterEach(async () => {
	await server?.close();
	server = undefined;
});
/** Somebody writes `length` letters into a document of their own and leaves. */
async function visit(id: string, length: number): Promise<void> {
	const client = await new TestClient(server!.url('note', id, 'a')).ready();
	await until(() => client.acked === 1);
	client.type('字'.repeat(length));
	await until(() => client.acked === 2);
	client.close();
	await until(() => server!.sync.stats().connections === 0);
}
const inMemory = (): readonly string[] => server!.sync.stats().byRoom.map(({ room }) => room);

test('documents nobody has open stay within their byte budget: the one left longest ago goes first, and comes back whole', async () => {
	server = await testSync({ idleBytes: 40_000 });
	await visit('first', 4000);
	await visit('second', 4000);
	await until(() => inMemory().length === 2);
	await visit('third', 4000);
	await until(() => inMemory().length === 2, 'one to leave');
	expect(inMemory()).toEqual(['note/second', 'note/third']);
	const back = await new TestClient(server.url('note', 'first', 'b')).ready();
	expect(back.text).toBe('字'.repeat(4000));
	back.close();
});

test('a document somebody has open never leaves, however large', async () => {
	server = await testSync({ idleBytes: 1000, evictAfterMs: 20 });
	const open = await new TestClient(server.url('note', 'open', 'a')).ready();
	await until(() => open.acked === 1);
	open.type('字'.repeat(4000));
	await until(() => open.acked === 2);
	const other = await new TestClient(server.url('note', 'other', 'b')).ready();
	other.close();
	await until(() => inMemory().length === 1);
	expect(inMemory()).toEqual(['note/open']);
	open.type('还在');
	await until(() => open.acked === 3);
	open.close();
	await until(() => inMemory().length === 0);
});
