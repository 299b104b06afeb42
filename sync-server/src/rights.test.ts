import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { closeCode, snapshotFrame, decodeFrame } from './protocol/index.ts';
import { everything, PATIENT, TestClient, testSync, until, type TestSync } from './testing.fixtures.ts';

let server: TestSync;
const clients: TestClient[] = [];
const join = (kind: string, id: string, user: string): Promise<TestClient> => {
	const client = new TestClient(server.url(kind, id, user, 'v=1&live=1'));
	clients.push(client);
	return client.ready();
};
beforeEach(async () => {
	server = await testSync();
});
afterEach(async () => {
	for (const client of clients.splice(0)) client.close();
	await server.close();
});
const KINDS = ['note', 'reading', 'board'] as const;

/** What somebody sends the moment their right has ended, in the same packet as what they sent before. */
const writeOn = async (client: TestClient, kind: string): Promise<void> => {
	const { closed } = client;
	if (kind !== 'board') for (let i = 0; i < 20 && closed === null; i++) client.type(`${i}`);
};

for (const kind of KINDS) {
	test(`${kind}: the patient moves to another ward: the next message counts no more, the line closes within a second, others go on`, async () => {
		server.rights.set(`left ${kind}/k`, everything({ mode: kind === 'board' ? 'projection' : 'draft' }));
		server.rights.set(`stays ${kind}/k`, everything({ mode: kind === 'board' ? 'projection' : 'draft' }));
		const [left, stays] = await Promise.all([join(kind, 'k', 'left'), join(kind, 'k', 'stays')]);
		if (kind !== 'board') await until(() => left.acked === 1 && stays.acked === 1);
		const before = (await server.stored(`${kind}/k`)).length;
		server.rights.set(`left ${kind}/k`, null);
		const at = performance.now();
		server.sync.recheckPatient(PATIENT);
		await writeOn(left, kind);
		await until(() => left.closed !== null, 'the line to close', 1000);
		expect(performance.now() - at).toBeLessThan(1000);
		expect(left.closed?.code).toBe(closeCode.forbidden);
		expect((await server.stored(`${kind}/k`)).length).toBe(before);
		expect(stays.closed).toBeNull();
		if (kind !== 'board') {
			stays.type('继续');
			await until(() => stays.acked === 2);
		}
	});

	test(`${kind}: a role that ends closes what this person has open, and nothing of others`, async () => {
		const [a, b] = await Promise.all([join(kind, 'k', 'a'), join(kind, 'k', 'b')]);
		server.rights.set(`a ${kind}/k`, null);
		server.sync.recheckUser('a');
		await writeOn(a, kind);
		await until(() => a.closed !== null, 'the line to close', 1000);
		expect(b.closed).toBeNull();
		expect((await server.stored(`${kind}/k`)).filter((row) => row.user === 'a')).toEqual([]);
	});

	test(`${kind}: a right that ends by the clock, with no event at all, is noticed by the round`, async () => {
		const a = await join(kind, 'k', 'a');
		server.rights.set(`a ${kind}/k`, null);
		await until(() => a.closed !== null, 'the round', 4000);
		expect(a.closed?.code).toBe(closeCode.forbidden);
	});
}

test('a person whose right to write ends between two messages: the first is kept, the second refused', async () => {
	const a = await join('note', 'k', 'a');
	await until(() => a.acked === 1);
	a.type('前');
	await until(() => a.acked === 2);
	server.rights.set('a note/k', everything({ writes: [] }));
	server.sync.recheckUser('a');
	a.type('后');
	await until(() => a.refused.length === 1);
	expect(a.refused).toEqual(['read-only']);
	const doc = new Y.Doc();
	for (const row of await server.stored('note/k')) Y.applyUpdate(doc, new Uint8Array(row.data));
	expect(doc.getText('text').toString()).toBe('前');
});

/** A page that was away and took marks off meanwhile: its diff repeats every deletion it knows. */
async function awayWithout(marks: (item: Y.Item) => boolean): Promise<TestClient> {
	const writer = await join('note', 'k', 'writer');
	writer.type('青霉素过敏');
	writer.doc.getText('text').format(0, 3, { bold: true });
	await until(() => writer.acked === 3);
	server.rights.set('away note/k', everything({ writes: ['plan'] }));
	const away = new TestClient(server.url('note', 'k', 'away', 'v=1&live=1'));
	clients.push(away);
	Y.applyUpdate(away.doc, Y.encodeStateAsUpdate(writer.doc), 'server');
	away.doc.transact((transaction) => {
		for (let item = away.doc.getText('text')._start; item !== null; item = item.right)
			if (item.content instanceof Y.ContentFormat && marks(item)) item.delete(transaction);
	});
	return away.ready();
}
test('marks taken off without the right while away are refused: left out in silence, that screen would show plain what all others see bold', async () => {
	const away = await awayWithout(() => true);
	await until(() => away.refused.length > 0, 'a refusal');
	expect(away.refused).toEqual(['denied-delete']);
});
test('the end of a mark that ends nothing may be missing: every editor tidies so, and nobody sees it', async () => {
	const writer = await join('note', 'k', 'first');
	// Two ends of the same mark behind each other: the second ends nothing.
	writer.doc.getText('text').insert(0, 'ab', { bold: true });
	writer.doc.transact((transaction) => {
		const text = writer.doc.getText('text');
		for (let item = text._start; item !== null; item = item.right) if (item.content instanceof Y.ContentString) item.delete(transaction);
	});
	await until(() => writer.acked === 3);
	server.rights.set('away note/k', everything({ writes: ['plan'] }));
	const away = new TestClient(server.url('note', 'k', 'away', 'v=1&live=1'));
	clients.push(away);
	Y.applyUpdate(away.doc, Y.encodeStateAsUpdate(writer.doc), 'server');
	away.doc.transact((transaction) => {
		for (let item = away.doc.getText('text')._start; item !== null; item = item.right) if (item.content instanceof Y.ContentFormat) item.delete(transaction);
	});
	await away.ready();
	await until(() => away.acked === 1, 'the diff to be taken');
	expect(away.refused).toEqual([]);
});

test('the second form of a document reads back as it was written', () => {
	const doc = new Y.Doc();
	doc.getText('text').insert(0, '体温 38.2');
	const frame = decodeFrame(snapshotFrame(Y.encodeStateAsUpdateV2(doc)));
	if (frame?.kind !== 'snapshot') throw new Error('not a snapshot');
	const copy = new Y.Doc();
	Y.applyUpdateV2(copy, frame.update);
	expect(copy.getText('text').toString()).toBe('体温 38.2');
});
