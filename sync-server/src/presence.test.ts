import * as encoding from 'lib0/encoding';
import { afterEach, expect, test } from 'vitest';
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { closeCode, decodeFrame } from './protocol/index.ts';
import { TestClient, testSync, until, type TestSync } from './testing.fixtures.ts';

let server: TestSync | undefined;
const people: Person[] = [];

class Person extends TestClient {
	readonly awareness = new Awareness(this.doc);
	constructor(url: string) {
		super(url);
		people.push(this);
		this.socket.on('message', (data: Buffer) => {
			const frame = decodeFrame(new Uint8Array(data));
			if (frame?.kind === 'awareness') applyAwarenessUpdate(this.awareness, frame.payload, 'server');
		});
	}
	show(state: Record<string, unknown> | null): void {
		this.awareness.setLocalState(state);
		this.sendAwareness(encodeAwarenessUpdate(this.awareness, [this.doc.clientID]));
	}
	sees(other: Person): Record<string, unknown> | undefined {
		return this.awareness.getStates().get(other.doc.clientID);
	}
	override close(): void {
		this.awareness.destroy();
		super.close();
	}
}
const join = (user: string): Promise<Person> => new Person(server!.url('note', 'p', user)).ready() as Promise<Person>;
const states = (...entries: readonly (readonly [client: number, clock: number, json: string])[]): Uint8Array => {
	const e = encoding.createEncoder();
	encoding.writeVarUint(e, entries.length);
	for (const [client, clock, json] of entries) {
		encoding.writeVarUint(e, client);
		encoding.writeVarUint(e, clock);
		encoding.writeVarString(e, json);
	}
	return encoding.toUint8Array(e);
};
afterEach(async () => {
	for (const person of people.splice(0)) person.close();
	await server?.close();
	server = undefined;
});

test('the server says who somebody is, whatever they claim', async () => {
	server = await testSync();
	const [a, b] = [await join('lichen'), await join('wang')];
	a.show({ user: { id: 'chief', name: 'Dr Chief, signing', role: 'chief' }, cursor: { at: 3 } });
	await until(() => b.sees(a) !== undefined);
	expect(b.sees(a)).toEqual({ user: { id: 'lichen', name: 'Dr lichen', role: 'resident', colour: 0 }, cursor: { at: 3 } });
	b.show({ cursor: null });
	await until(() => a.sees(b) !== undefined);
	expect(a.sees(b)).toMatchObject({ user: { name: 'Dr wang', colour: 1 } });
	const late = await join('late');
	await until(() => late.sees(a) !== undefined && late.sees(b) !== undefined);
});

test('one state a socket, only under the own clientID; echoes of others are passed over, a made-up crowd is closed', async () => {
	server = await testSync();
	const [a, b, evil] = [await join('a'), await join('b'), await join('evil')];
	a.show({ at: 1 });
	await until(() => evil.sees(a) !== undefined && b.sees(a) !== undefined);
	evil.show({ at: 9 });
	evil.sendAwareness(states([a.doc.clientID, 2 ** 31 - 1, '{"at":666}'], ...Array.from({ length: 20 }, (_, i) => [1e6 + i, 1, '{"u":1}'] as const)));
	await until(() => b.sees(evil) !== undefined);
	a.show({ at: 2 });
	await until(() => b.sees(a)?.['at'] === 2);
	expect(b.awareness.getStates().size).toBeLessThanOrEqual(4);
	expect(evil.closed).toBeNull();
	evil.sendAwareness(states(...Array.from({ length: 20_000 }, (_, i) => [1e6 + i, 1, '{"u":1}'] as const)));
	await until(() => evil.closed !== null);
	expect(evil.closed?.code).toBe(closeCode.malformed);
	a.show({ at: 3 });
	await until(() => b.sees(a)?.['at'] === 3);
});

test('a clientID shown by one person cannot be written with by another', async () => {
	server = await testSync();
	const [a, evil] = [await join('a'), await join('evil')];
	a.show({ at: 1 });
	await until(() => evil.sees(a) !== undefined);
	evil.doc.clientID = a.doc.clientID;
	evil.type('冒名');
	await until(() => evil.closed !== null);
	expect(evil.refused).toEqual(['foreign-client']);
	a.type('本人');
	await until(() => a.acked === 2);
});

test('states are coalesced to ten a second, the last one wins; too large ones and broken ones do not pass', async () => {
	server = await testSync();
	const [a, b] = [await join('a'), await join('b')];
	let frames = 0;
	b.socket.on('message', (data: Buffer) => {
		if (decodeFrame(new Uint8Array(data))?.kind === 'awareness') frames++;
	});
	for (let i = 0; i < 60; i++) {
		a.show({ i });
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
	await until(() => b.sees(a)?.['i'] === 59);
	expect(frames).toBeLessThanOrEqual(8);
	a.show({ big: 'x'.repeat(3000) });
	await new Promise((resolve) => setTimeout(resolve, 150));
	expect(b.sees(a)?.['i']).toBe(59);
	a.sendAwareness(states([a.doc.clientID, 5000, '{nope']));
	await until(() => a.closed !== null);
	await until(() => b.sees(a) === undefined);
});

test('who leaves disappears, who comes back under the same clientID is seen again', async () => {
	server = await testSync();
	const [a, b] = [await join('a'), await join('b')];
	a.show({ at: 1 });
	await until(() => b.sees(a) !== undefined);
	a.close();
	await until(() => b.sees(a) === undefined);
	const back = new Person(server.url('note', 'p', 'a'));
	back.doc.clientID = a.doc.clientID;
	back.awareness.clientID = a.doc.clientID;
	await back.ready();
	back.show({ at: 2 });
	await until(() => b.sees(back)?.['at'] === 2);
});
