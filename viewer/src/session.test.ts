import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness';
import { afterEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Annotation, SessionEvent, SharedView } from './session.ts';
import { SharedReading } from './session.ts';

interface Seat {
	readonly doc: Y.Doc;
	readonly awareness: Awareness;
	readonly reading: SharedReading;
	readonly followed: SharedView[];
}
const opened: Seat[] = [];
afterEach(() => {
	for (const seat of opened.splice(0)) {
		seat.reading.close();
		seat.awareness.destroy();
	}
});

/** Everybody in one process, each message passed on at once: what the sync server does, without a socket. */
function join(name: string, others: readonly Seat[] = []): Seat {
	const doc = new Y.Doc();
	const awareness = new Awareness(doc);
	const followed: SharedView[] = [];
	for (const other of others) Y.applyUpdate(doc, Y.encodeStateAsUpdate(other.doc));
	for (const other of others) applyAwarenessUpdate(awareness, encodeAwarenessUpdate(other.awareness, [...other.awareness.getStates().keys()]), 'wire');
	const reading = new SharedReading({
		doc,
		awareness,
		me: { id: name, name },
		intervalMs: 0,
		listener: (event: SessionEvent) => {
			if (event.type === 'follow') followed.push(event.view);
		}
	});
	const seat = { doc, awareness, reading, followed };
	for (const other of others) wire(seat, other);
	opened.push(seat);
	return seat;
}
function wire(a: Seat, b: Seat): void {
	for (const [from, to] of [[a, b] as const, [b, a] as const]) {
		from.doc.on('update', (update: Uint8Array, origin: unknown) => {
			if (origin !== 'wire') Y.applyUpdate(to.doc, update, 'wire');
		});
		from.awareness.on('update', ({ added, updated, removed }: Record<'added' | 'updated' | 'removed', number[]>, origin: unknown) => {
			if (origin !== 'wire') applyAwarenessUpdate(to.awareness, encodeAwarenessUpdate(from.awareness, [...added, ...updated, ...removed]), 'wire');
		});
	}
	applyAwarenessUpdate(b.awareness, encodeAwarenessUpdate(a.awareness, [a.awareness.clientID]), 'wire');
}
const view = (frame: number, over: Partial<SharedView> = {}): SharedView => ({
	series: 's',
	sop: `1.2.${frame}`,
	frame: 1,
	lower: 0,
	upper: 80,
	invert: false,
	zoom: 1,
	centre: [255.5, 255.5],
	...over
});
const line = (id: string, over: Partial<Annotation> = {}): Annotation => ({
	id,
	tool: 'length',
	series: 's',
	sop: '1.2.3',
	frame: 1,
	points: [
		[10, 10],
		[90, 10]
	],
	label: '',
	author: '姚行之',
	authorName: '姚行之',
	createdAt: 1,
	...over
});
const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 5));

test('a follower sees slice, window, zoom and place of the presenter', async () => {
	const yao = join('姚行之');
	const qin = join('秦越', [yao]);
	yao.reading.takeLead();
	qin.reading.follow();
	yao.reading.show(view(7, { lower: -200, upper: 800, zoom: 2.5, centre: [100, 50] }));
	await settle();
	expect(qin.followed.at(-1)).toEqual(view(7, { lower: -200, upper: 800, zoom: 2.5, centre: [100, 50] }));
	expect(yao.followed).toEqual([]);
});

test('who comes late gets the true state at once and follows unasked', async () => {
	const yao = join('姚行之');
	yao.reading.takeLead();
	yao.reading.show(view(40));
	await settle();
	const late = join('罗景行', [yao]);
	expect(late.reading.mode).toBe('follow');
	expect(late.followed).toEqual([view(40)]);
	expect(late.reading.presented()).toEqual(view(40));
});

test('own scrolling sets a follower free; following again shows where the presenter is now', async () => {
	const yao = join('姚行之');
	yao.reading.takeLead();
	yao.reading.show(view(1));
	await settle();
	const qin = join('秦越', [yao]);
	qin.reading.free();
	yao.reading.show(view(2));
	await settle();
	expect(qin.followed.at(-1)?.sop).toBe('1.2.1');
	qin.reading.follow();
	expect(qin.followed.at(-1)?.sop).toBe('1.2.2');
});

test('a message that arrives late is not applied', async () => {
	const yao = join('姚行之');
	const qin = join('秦越', [yao]);
	yao.reading.takeLead();
	qin.reading.follow();
	yao.reading.show(view(1));
	await settle();
	yao.reading.show(view(2));
	await settle();
	const now = qin.followed.length;
	const state = yao.awareness.getLocalState() ?? {};
	yao.awareness.setLocalState({ ...state, sent: { epoch: 1, seq: 1, view: view(1) } });
	await settle();
	expect(qin.followed.length).toBe(now);
	expect(qin.followed.at(-1)?.sop).toBe('1.2.2');
});

test('a presenter of an older epoch is not followed any more', async () => {
	const yao = join('姚行之');
	const qin = join('秦越', [yao]);
	yao.reading.takeLead();
	qin.reading.takeLead();
	expect(yao.reading.mode).toBe('follow');
	expect(yao.reading.lead).toMatchObject({ user: '秦越', epoch: 2 });
	qin.reading.show(view(9));
	await settle();
	expect(yao.followed.at(-1)?.sop).toBe('1.2.9');
	yao.reading.show(view(3));
	await settle();
	expect(qin.followed).toEqual([]);
});

test('handing over makes the other present what she sees', async () => {
	const yao = join('姚行之');
	const qin = join('秦越', [yao]);
	yao.reading.takeLead();
	qin.reading.show(view(5));
	await settle();
	const other = yao.reading.people().find((person) => person.name === '秦越');
	expect(other?.at?.sop).toBe('1.2.5');
	if (other) yao.reading.handOver(other);
	await settle();
	expect(qin.reading.mode).toBe('lead');
	expect(yao.followed.at(-1)?.sop).toBe('1.2.5');
});

test('a presenter who is gone presents nothing', () => {
	const yao = join('姚行之');
	const qin = join('秦越', [yao]);
	yao.reading.takeLead();
	removeAwarenessStates(qin.awareness, [yao.awareness.clientID], 'wire');
	expect(qin.reading.lead).toBeNull();
	expect(qin.reading.presented()).toBeNull();
});

test('a line whose points are moved in place still reaches the others', () => {
	const yao = join('姚行之');
	const qin = join('秦越', [yao]);
	const live: [[number, number], [number, number]] = [
		[10, 10],
		[13, 10]
	];
	yao.reading.add(line('a', { points: live }));
	live[1][0] = 99;
	yao.reading.moveHandle('a', 1, live[1]);
	live[1][0] = 5;
	expect(qin.reading.annotations()[0]?.points).toEqual([
		[10, 10],
		[99, 10]
	]);
});

test('two people move different ends at once; a removed line stays removed', () => {
	const yao = join('姚行之');
	const qin = join('秦越', [yao]);
	yao.reading.add(line('a'));
	const before = [Y.encodeStateVector(yao.doc), Y.encodeStateVector(qin.doc)];
	yao.reading.moveHandle('a', 0, [1, 1]);
	qin.reading.moveHandle('a', 1, [2, 2]);
	expect(before).toHaveLength(2);
	expect(yao.reading.annotations()[0]?.points).toEqual([
		[1, 1],
		[2, 2]
	]);
	qin.reading.remove('a');
	yao.reading.moveHandle('a', 0, [5, 5]);
	expect(qin.reading.annotations()).toEqual([]);
	expect(yao.reading.annotations()).toEqual([]);
});

test('undo takes back my own line only', () => {
	const yao = join('姚行之');
	const qin = join('秦越', [yao]);
	yao.reading.add(line('mine'));
	qin.reading.add(line('hers'));
	yao.reading.undo();
	expect(yao.reading.annotations().map(({ id }) => id)).toEqual(['hers']);
});

test('pointers and lines being drawn carry their owner; nonsense from the wire is left out', async () => {
	const yao = join('姚行之');
	const qin = join('秦越', [yao]);
	qin.reading.point({ sop: '1.2.3', frame: 1, pixel: [20, 30], world: [1, 2, 3] });
	qin.reading.preview(line('x'));
	await settle();
	const seen = yao.reading.people().find((person) => person.name === '秦越');
	expect(seen).toMatchObject({ pointer: { pixel: [20, 30], world: [1, 2, 3] }, drawing: { id: 'x' }, self: false });
	qin.awareness.setLocalState({ user: { id: '秦越', name: '秦越' }, pointer: { sop: 7 }, drawing: { id: 'y', tool: 'bomb' }, at: { zoom: 'x' } });
	qin.doc.getMap('annotations').set('z', 'text');
	expect(yao.reading.people().find((person) => person.name === '秦越')).toMatchObject({ pointer: null, drawing: null, at: null });
	expect(yao.reading.annotations()).toEqual([]);
});
