import { afterEach, expect, test } from 'vitest';
import type { Limits } from './index.ts';
import { costOf } from './quota.ts';
import { TestClient, testSync, until, type TestSync } from './testing.fixtures.ts';

let server: TestSync | undefined;
const clients: TestClient[] = [];
const join = (id: string, user: string): Promise<TestClient> => {
	const client = new TestClient(server!.url('note', id, user));
	clients.push(client);
	return client.ready();
};
afterEach(async () => {
	for (const client of clients.splice(0)) client.close();
	await server?.close();
	server = undefined;
});

/** Everybody of `crowd` sends `each` edits of `bytes` at once; milliseconds until all are acknowledged, and the slowest answer of a bystander meanwhile. */
async function flood(
	crowd: readonly TestClient[],
	each: number,
	bytes: number,
	bystander: TestClient
): Promise<{ readonly ms: number; readonly other: number }> {
	const before = crowd.map(({ acked }) => acked);
	const began = performance.now();
	for (let i = 0; i < each; i++) for (const client of crowd) client.type('字'.padEnd(bytes, 'x'));
	const done = (): boolean => crowd.every(({ acked }, i) => acked >= before[i]! + each);
	let other = 0;
	while (!done() && performance.now() - began < 15_000) {
		const [at, acked] = [performance.now(), bystander.acked];
		bystander.type('.');
		await until(() => bystander.acked > acked, 'the bystander’s answer', 10_000);
		other = Math.max(other, performance.now() - at);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	expect(done()).toBe(true);
	return { ms: performance.now() - began, other };
}
const open: Partial<Limits> = { socketFramesPerSecond: 1e6, socketBytesPerSecond: 1e9, userFramesPerSecond: 1e6, roomFramesPerSecond: 1e6 };

/** A burst of five seconds is free; the rest comes at the pace of the limit. */
const atLeast = (frames: number, perSecond: number): number => (frames / perSecond - 5) * 1000;

test('by socket: one line is slowed to its pace, in frames and in bytes', async () => {
	server = await testSync({ ...open, socketFramesPerSecond: 100 });
	const [loud, other] = await Promise.all([join('a', 'loud'), join('b', 'other')]);
	// The burst of a socket is two seconds.
	expect((await flood([loud], 350, 1, other)).ms).toBeGreaterThan(1000);
	await server.close();
	server = await testSync({ ...open, socketBytesPerSecond: 100_000 });
	const [wide, beside] = await Promise.all([join('a', 'loud'), join('b', 'other')]);
	expect((await flood([wide], 35, 10_000, beside)).ms).toBeGreaterThan(1000);
});

test('by user: somebody with many sockets in many documents gets no more than with one, others are not held up', async () => {
	server = await testSync({ ...open, userFramesPerSecond: 80 });
	const many = await Promise.all(Array.from({ length: 8 }, (_, i) => join(`doc-${i}`, 'loud')));
	const other = await join('doc-0', 'other');
	const slowed = await flood(many, 75, 1, other);
	expect(slowed.ms).toBeGreaterThan(atLeast(8 * 75 - 8, 80));
	expect(slowed.other).toBeLessThan(1000);
	await server.close();
	// The same crowd as eight people: this test finds a server that counts sockets instead of people.
	server = await testSync({ ...open, userFramesPerSecond: 80 });
	const eight = await Promise.all(Array.from({ length: 8 }, (_, i) => join(`doc-${i}`, `user-${i}`)));
	expect((await flood(eight, 75, 1, await join('doc-0', 'other'))).ms).toBeLessThan(atLeast(8 * 75, 80));
});

test('by user in bytes: wide frames count as several', async () => {
	expect([costOf(1), costOf(4096), costOf(40_960)]).toEqual([1, 1, 10]);
	server = await testSync({ ...open, userFramesPerSecond: 80 });
	const many = await Promise.all(Array.from({ length: 4 }, (_, i) => join(`doc-${i}`, 'loud')));
	// The last frame of each line goes on credit.
	expect((await flood(many, 15, 40_960, await join('doc-9', 'other'))).ms).toBeGreaterThan(atLeast((4 * 15 - 4) * 10, 80));
});

test('by room: a crowd of many people in one document does not hold up another document', async () => {
	server = await testSync({ ...open, roomFramesPerSecond: 80 });
	const crowd = await Promise.all(Array.from({ length: 8 }, (_, i) => join('busy', `user-${i}`)));
	const slowed = await flood(crowd, 75, 1, await join('calm', 'other'));
	expect(slowed.ms).toBeGreaterThan(atLeast(8 * 75 - 8, 80));
	expect(slowed.other).toBeLessThan(1000);
});

test('a document warns before it is full; one person cannot fill it for the others, with however many devices; deletions do not count back', async () => {
	server = await testSync({ documentUnits: 1000, personUnits: 600, warnUnits: 800 });
	const [phone, desk, other] = [await join('n', 'loud'), await join('n', 'loud'), await join('n', 'other')];
	phone.type('x'.repeat(300));
	desk.type('y'.repeat(290));
	await until(() => other.text.length === 590);
	phone.doc.getText('text').delete(0, phone.text.length);
	await until(() => other.text.length === 0);
	desk.type('z'.repeat(20));
	await until(() => desk.refused.length === 1);
	expect([desk.refused, server.alarms]).toEqual([['person-full'], []]);
	other.type('w'.repeat(300));
	await until(() => other.acked === 2);
	expect(server.alarms).toEqual(['a document is nearly full: Error: quota']);
	other.type('v'.repeat(200));
	await until(() => other.refused.length === 1);
	expect([other.refused, other.closed, server.refusals]).toEqual([['document-full'], null, ['loud person-full', 'other document-full']]);
	expect((await join('n', 'reader')).text).toBe('w'.repeat(300));
	expect(server.alarms.length).toBe(1);
});
