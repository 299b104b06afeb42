import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { attacks, VICTIM, victimDocument } from './attacks.fixtures.ts';
import { RootIndex, type Sender } from './index.ts';

const attacker: Sender = { mayUse: (client) => client !== VICTIM, mayWrite: (root) => root === 'draft', diff: false };

describe('what one signed-in colleague could do to a stock server', () => {
	const index = RootIndex.load([Y.encodeStateAsUpdate(victimDocument())]);
	test.each(attacks)('$name is refused as $reason', ({ update, reason }) => {
		const before = performance.now();
		expect(index.check(update, attacker)).toEqual({ ok: false, reason });
		expect(performance.now() - before).toBeLessThan(50);
	});

	test('a replay changes nothing and is not refused', () => {
		const author = new Y.Doc();
		author.clientID = 500;
		author.getText('draft').insert(0, '自己的话');
		const update = Y.encodeStateAsUpdate(author);
		const own = RootIndex.load([Y.encodeStateAsUpdate(victimDocument()), update]);
		expect(own.check(update, attacker)).toMatchObject({ ok: true, fresh: [], gone: [], forward: null });
	});

	test('who may change nothing adds nothing, not even what is collected, and deletes nothing that was', () => {
		const [CLIENT, LENGTH] = [
			[0xf4, 0x03],
			[0x90, 0x4e]
		];
		const collected = Uint8Array.from([1, 1, ...CLIENT, 0, 0, ...LENGTH, 0]);
		const empty = RootIndex.load([]);
		expect(empty.check(collected, { ...attacker, mayWrite: () => false, readsOnly: true })).toEqual({ ok: false, reason: 'denied:' });
		// Somebody who writes brings such clocks home from a day offline.
		expect(empty.check(collected, { ...attacker, diff: true })).toMatchObject({ ok: true, fresh: [[500, 0, 10_000, 0]] });
		const standing = RootIndex.load([collected]);
		const deletion = Uint8Array.from([0, 1, ...CLIENT, 1, 7, 9]);
		expect(standing.check(deletion, { ...attacker, readsOnly: true })).toMatchObject({ ok: true, gone: [], dropped: [], forward: null });
		expect(standing.check(deletion, attacker)).toMatchObject({ ok: true, gone: [{ client: 500, clock: 7, length: 9 }] });
	});

	test('a sync diff loses the deletes its sender may not make, and keeps the rest', () => {
		const doc = victimDocument();
		const mine = new Y.Doc();
		mine.clientID = 501;
		Y.applyUpdate(mine, Y.encodeStateAsUpdate(doc));
		mine.getText('signed').delete(0, 2);
		mine.getText('draft').insert(0, '加');
		const verdict = RootIndex.load([Y.encodeStateAsUpdate(doc)]).check(Y.encodeStateAsUpdate(mine, Y.encodeStateVector(doc)), { ...attacker, diff: true });
		expect(verdict).toMatchObject({ ok: true, dropped: [{ client: VICTIM, length: 2 }] });
		if (!verdict.ok || verdict.forward === null) throw new Error('not forwarded');
		Y.applyUpdate(doc, verdict.forward);
		expect(doc.getText('signed').toString()).toBe('已签名');
		expect(doc.getText('draft').toString()).toBe('加阿莫西林 500mg');
	});

	test('the index of a document is far smaller than the document', () => {
		const doc = new Y.Doc();
		for (let i = 0; i < 500; i++) doc.getText('draft').insert(i, 'x');
		const loaded = RootIndex.load([Y.encodeStateAsUpdate(doc)]);
		expect(loaded.known(doc.clientID)).toBe(500);
		expect(loaded.units).toBe(500);
	});
});
