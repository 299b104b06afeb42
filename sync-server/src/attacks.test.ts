import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import * as encoding from 'lib0/encoding';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { attacks as updates, bytes, VICTIM, victimDocument } from './gate/attacks.fixtures.ts';
import { seeded } from './gate/random.ts';
import { closeCode, updateFrame } from './protocol/index.ts';
import { everything, TestClient, testSync, until, type TestSync } from './testing.fixtures.ts';

let server: TestSync;
let honest: TestClient;
let witness: TestClient;
const others: TestClient[] = [];
const join = (user: string): TestClient => {
	const client = new TestClient(server.url('note', 'victim', user));
	others.push(client);
	return client;
};
beforeEach(async () => {
	server = await testSync({ lagMs: 700, sendBudget: 64 * 1024 });
	server.rights.set('evil note/victim', everything({ writes: ['draft'] }));
	honest = await join('honest').ready();
	const victim = await join('victim').ready();
	Y.applyUpdate(victim.doc, Y.encodeStateAsUpdate(victimDocument()));
	await until(() => honest.doc.store.clients.has(VICTIM));
	witness = await join('witness').ready();
	honest.type('诊断：肺炎');
	await until(() => witness.text === '诊断：肺炎');
});
afterEach(async () => {
	for (const client of others.splice(0)) client.close();
	await server.close();
});

/** The server lives, the document is whole, others go on, a new reader sees all of it and nothing waits for ever. */
async function unharmed(): Promise<void> {
	const before = honest.acked;
	const length = witness.text.length;
	honest.type('。');
	await until(() => honest.acked > before && witness.text.length === length + 1, 'honest work goes on');
	const reader = await join(`reader-${String(others.length)}`).ready();
	expect(reader.text).toBe(honest.text);
	expect(reader.doc.store.pendingStructs).toBeNull();
	expect(server.alarms).toEqual([]);
}
const raw = (client: TestClient): Socket => (client.socket as unknown as { _socket: Socket })._socket;
const frame = (type: number, ...rest: readonly number[]): Uint8Array =>
	bytes((e) => {
		encoding.writeVarUint(e, type);
		for (const value of rest) encoding.writeVarUint(e, value);
	});

test('every forged update of the corpus: refused with a reason or cut off, nothing of it stored or shown', async () => {
	const stored = (await server.stored('note/victim')).length;
	for (const { update } of updates) {
		const evil = await join('evil').ready();
		await until(() => evil.acked === 1);
		evil.send(updateFrame(update));
		await until(() => evil.refused.length > 0 || evil.closed !== null, 'a refusal');
		evil.close();
	}
	expect((await server.stored('note/victim')).length).toBe(stored);
	expect(server.refusals.every((line) => line.startsWith('evil '))).toBe(true);
	await unharmed();
});

test('3,000 updates with a gap: refused, closed with a reason, nothing pending', async () => {
	const evil = await join('evil').ready();
	await until(() => evil.acked === 1);
	for (let i = 0; i < 3000; i++) {
		const doc = new Y.Doc();
		const made: Uint8Array[] = [];
		doc.on('update', (update: Uint8Array) => made.push(update));
		doc.getText('draft').insert(0, 'a');
		doc.getText('draft').insert(1, 'b');
		evil.send(updateFrame(made[1]!));
	}
	await until(() => evil.closed !== null);
	expect(evil.closed?.code).toBe(closeCode.tooManyRefusals);
	await unharmed();
});

const frames: readonly (readonly [name: string, send: (evil: TestClient) => void])[] = [
	[
		'random bytes',
		(evil) => {
			for (let i = 0; i < 200; i++) evil.send(randomBytes(1 + ((i * 37) % 900)));
		}
	],
	[
		'an empty frame',
		(evil) => {
			evil.send(new Uint8Array(0));
		}
	],
	[
		'endless varints',
		(evil) => {
			for (const n of [1, 5, 10, 50]) evil.send(new Uint8Array(n).fill(0x80));
		}
	],
	[
		'an unknown type',
		(evil) => {
			evil.send(frame(42, 1));
		}
	],
	[
		'an unknown step',
		(evil) => {
			evil.send(frame(0, 7, 1, 1));
		}
	],
	[
		'a giant declared length',
		(evil) => {
			evil.send(frame(0, 2, 2 ** 40));
		}
	],
	[
		'a state vector that ends too early',
		(evil) => {
			evil.send(frame(0, 0, 2, 200, 1));
		}
	],
	[
		'acks from a client',
		(evil) => {
			evil.send(frame(8, 1, 5));
		}
	],
	[
		'a text frame',
		(evil) => {
			evil.socket.send('{"hello":1}');
		}
	],
	[
		'broken JSON as presence',
		(evil) => {
			evil.sendAwareness(
				bytes((e) => {
					for (const n of [1, 5, 1]) encoding.writeVarUint(e, n);
					encoding.writeVarString(e, '{nope');
				})
			);
		}
	],
	[
		'a reserved opcode',
		(evil) => {
			raw(evil).write(Buffer.from([0x85, 0x81, 0, 0, 0, 0, 0x78]));
		}
	],
	[
		'an unmasked frame',
		(evil) => {
			raw(evil).write(Buffer.from([0x82, 2, 0, 9]));
		}
	],
	[
		'a declared 2^40 bytes',
		(evil) => {
			raw(evil).write(Buffer.from([0x82, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
		}
	],
	[
		'two megabytes in one frame',
		(evil) => {
			evil.socket.send(Buffer.alloc(2 << 20));
		}
	]
];
test.each(frames)('%s: the attacker is closed, the others notice nothing', async (_name, send) => {
	const evil = await join('evil').ready();
	send(evil);
	await until(() => evil.closed !== null, 'the attacker to be closed');
	await unharmed();
});

test('five thousand frames of mutated honesty: no crash, no pending struct, memory stays', { timeout: 60_000 }, async () => {
	const random = seeded(20261121);
	const author = new Y.Doc();
	const made: Uint8Array[] = [];
	author.on('update', (update: Uint8Array) => made.push(updateFrame(update)));
	for (let i = 0; i < 30; i++) author.getText('draft').insert(random.below(author.getText('draft').length + 1), '文');
	const rss = process.memoryUsage().rss;
	let evil = await join('evil').ready();
	for (let i = 0; i < 5000; i++) {
		const mutated = Uint8Array.from(random.pick(made));
		for (let k = random.below(4); k >= 0; k--) mutated[random.below(mutated.length)] = random.below(256);
		evil.send(mutated);
		if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
		if (evil.socket.readyState !== WebSocket.OPEN) {
			others.splice(others.indexOf(evil), 1);
			evil = await join('evil').ready();
		}
	}
	expect(process.memoryUsage().rss - rss).toBeLessThan(256 << 20);
	await unharmed();
});

test('a flood waits in its sender’s own socket while others are answered at once', async () => {
	const evil = await join('evil').ready();
	for (let i = 0; i < 5000; i++) evil.type('x', 'draft');
	const times: number[] = [];
	for (let i = 0; i < 10; i++) {
		const started = performance.now();
		const before = honest.acked;
		honest.type('字');
		await until(() => honest.acked > before);
		times.push(performance.now() - started);
	}
	expect(times.toSorted((x, y) => x - y)[5]).toBeLessThan(200);
	expect(server.sync.stats().updates).toBeLessThan(2500);
	evil.close();
	await unharmed();
});

test('a reader who stops reading is not queued for: one diff when it comes back, closed if it does not', async () => {
	const [slow, dead] = [await join('slow').ready(), await join('dead').ready()];
	raw(slow).pause();
	raw(dead).pause();
	const big = new TestClient(server.url('note', 'victim', 'honest'));
	others.push(big);
	await big.ready();
	let sent = 1;
	const write = async (): Promise<void> => {
		big.doc.getMap('kv').set('k', 'x'.repeat(200_000));
		sent++;
		await until(() => big.acked === sent, 'the large edit', 8000);
	};
	await until(() => big.acked === 1);
	for (let i = 0; server.sync.stats().byRoom[0]!.behind < 2 && i < 60; i++) await write();
	expect(server.sync.stats().byRoom[0]!.behind).toBe(2);
	await write();
	raw(slow).resume();
	await until(
		() =>
			slow.doc.getMap('kv').get('k') !== undefined &&
			Y.encodeStateVector(slow.doc).length === Y.encodeStateVector(big.doc).length &&
			server.sync.stats().byRoom[0]!.behind <= 1,
		'the slow reader to catch up',
		8000
	);
	await until(() => server.sync.stats().byRoom[0]!.behind === 0, 'the dead reader to be closed', 8000);
	raw(dead).resume();
	await unharmed();
});
