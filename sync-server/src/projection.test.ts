import { afterEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { ViewMeta } from './index.ts';
import { updateFrame } from './protocol/index.ts';
import { TestClient, testSync, until, type TestSync } from './testing.fixtures.ts';

let server: TestSync | undefined;
const clients: TestClient[] = [];
const join = (user: string): TestClient => {
	const client = new TestClient(server!.url('board', 'ward-1', user, 'live=1'));
	clients.push(client);
	return client;
};
const viewOf = (client: TestClient): Record<string, unknown> => client.doc.getMap('view').toJSON();
afterEach(async () => {
	for (const client of clients.splice(0)) client.close();
	await server?.close();
	server = undefined;
});

test('a board shows its tables, a swap arrives in one piece with its command, unchanged keys are not written', async () => {
	server = await testSync();
	server.view.set('bed-12', { patient: '王建国' });
	server.view.set('bed-15', { patient: '李秀英' });
	const client = await join('nurse').ready();
	expect(viewOf(client)).toMatchObject({ 'bed-12': { patient: '王建国' }, 'bed-15': { patient: '李秀英' }, meta: { position: 0 } });
	const seen: string[][] = [];
	client.doc.getMap('view').observe((event) => {
		seen.push([...event.keysChanged].map(String).toSorted());
	});
	server.view.set('bed-12', { patient: '李秀英' });
	server.view.set('bed-15', { patient: '王建国' });
	server.sync.projectionChanged('board', 'ward-1', ['bed-12'], { position: 7, commandId: 'c1' });
	server.sync.projectionChanged('board', 'ward-1', ['bed-15'], { position: 8, commandId: 'c1' });
	await until(() => seen.length === 1);
	expect(seen).toEqual([['bed-12', 'bed-15', 'meta']]);
	expect(viewOf(client)['meta'] as ViewMeta).toMatchObject({ position: 8, commands: ['c1'] });
	server.sync.projectionChanged('board', 'ward-1', ['bed-12', 'bed-15'], { position: 9 });
	await new Promise((resolve) => setTimeout(resolve, 60));
	expect(seen.length).toBe(1);
	server.view.delete('bed-15');
	server.sync.projectionChanged('board', 'ward-1', ['bed-15']);
	await until(() => seen.length === 2);
	expect('bed-15' in viewOf(client)).toBe(false);
});

test('one history across restarts: a client that stayed open and one that is new see the same', async () => {
	server = await testSync({ evictAfterMs: 5 });
	server.view.set('bed-1', 'a');
	const stayed = await join('nurse').ready();
	const state = Y.encodeStateAsUpdate(stayed.doc);
	stayed.close();
	await until(() => server!.sync.stats().rooms === 0);
	server.view.set('bed-1', 'b');
	server.view.set('bed-2', 'c');
	const back = join('nurse');
	Y.applyUpdate(back.doc, state, 'server');
	await back.ready();
	const fresh = await join('doctor').ready();
	expect(viewOf(back)).toMatchObject({ 'bed-1': 'b', 'bed-2': 'c' });
	expect(viewOf(fresh)).toEqual(viewOf(back));
	expect((await server.stored('board/ward-1')).map((row) => row.user)).toEqual(['system', 'system']);
});

test('people only read a board', async () => {
	server = await testSync();
	server.view.set('bed-1', 'a');
	const client = await join('nurse').ready();
	const forged = new Y.Doc();
	forged.getMap('view').set('bed-1', '无人');
	client.send(updateFrame(Y.encodeStateAsUpdate(forged)));
	await until(() => client.refused.length === 1);
	expect(client.refused).toEqual(['read-only']);
	expect(viewOf(await join('other').ready())['bed-1']).toBe('a');
});
