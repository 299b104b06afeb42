import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { RootIndex } from '../../../../sync-server/src/gate/root-index.ts';
import { PART_BYTES, splitUpdate } from './split-update.ts';

const everything = { mayUse: () => true, mayWrite: () => true };
/** What the server makes of the parts: each is judged by the real gate in the order it is sent. */
function deliver(parts: readonly Uint8Array[], base: readonly Uint8Array[] = []): { readonly doc: Y.Doc; readonly refused: readonly string[] } {
	const doc = new Y.Doc();
	const index = RootIndex.load(base);
	for (const update of base) Y.applyUpdate(doc, update);
	const refused: string[] = [];
	parts.forEach((part, at) => {
		const verdict = index.check(part, { ...everything, diff: at === parts.length - 1 });
		if (!verdict.ok) {
			refused.push(verdict.reason);
			return;
		}
		index.commit(verdict);
		Y.applyUpdate(doc, part);
		expect(doc.store.pendingStructs).toBe(null);
	});
	return { doc, refused };
}
const random = (seed: number) => (): number => {
	seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
	return seed / 2_147_483_648;
};

describe('an offer that is too large for a frame', () => {
	test('one pasted text of 5 MB, with characters that take two units, goes in parts and comes out whole', () => {
		const doc = new Y.Doc();
		const words = '病程记录😀'.repeat(330_000);
		doc.getText('text').insert(0, words);
		const update = Y.encodeStateAsUpdate(doc);
		expect(update.length).toBeGreaterThan(5 << 20);
		const parts = splitUpdate(update)!;
		expect(Math.max(...parts.map((part) => part.length))).toBeLessThan(PART_BYTES + 100);
		const { doc: there, refused } = deliver(parts);
		expect(refused).toEqual([]);
		expect(there.getText('text').toString() === words).toBe(true);
		expect(Y.encodeStateVector(there)).toEqual(Y.encodeStateVector(doc));
	});

	test('four devices of one person that wrote into each other’s text, with deletions: nothing refused, all the same', () => {
		for (let seed = 1; seed <= 8; seed++) {
			const next = random(seed);
			const base = new Y.Doc();
			base.getText('text').insert(0, '在线。');
			const start = Y.encodeStateAsUpdate(base);
			const devices = [1, 2, 3, 4].map(() => {
				const doc = new Y.Doc();
				Y.applyUpdate(doc, start);
				return doc;
			});
			for (let step = 0; step < 900; step++) {
				const doc = devices[Math.floor(next() * devices.length)]!;
				const text = doc.getText(next() < 0.8 ? 'text' : 'plan');
				if (next() < 0.2 && text.length > 30) text.delete(Math.floor(next() * (text.length - 20)), 1 + Math.floor(next() * 15));
				else text.insert(Math.floor(next() * (text.length + 1)), '字'.repeat(1 + Math.floor(next() * 400)));
				if (next() < 0.1) {
					const paragraph = new Y.XmlElement('paragraph');
					paragraph.setAttribute('a', String(step));
					paragraph.insert(0, [new Y.XmlText('段')]);
					doc.getXmlFragment('body').push([paragraph]);
					doc.getArray('list').push([step, 'x'.repeat(100)]);
				}
				if (next() < 0.3) Y.applyUpdate(doc, Y.encodeStateAsUpdate(devices[Math.floor(next() * devices.length)]!, Y.encodeStateVector(doc)));
			}
			const whole = devices[0]!;
			for (const doc of devices) Y.applyUpdate(whole, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(whole)));
			const diff = Y.encodeStateAsUpdate(whole, Y.encodeStateVector(base));
			const parts = splitUpdate(diff)!;
			expect(parts.length).toBeGreaterThan(1);
			const { doc: there, refused } = deliver(parts, [start]);
			expect([seed, refused]).toEqual([seed, []]);
			for (const root of ['text', 'plan'] as const) expect(there.getText(root).toString()).toBe(whole.getText(root).toString());
			expect(there.getXmlFragment('body').toJSON()).toBe(whole.getXmlFragment('body').toJSON());
			expect(there.getArray('list').toJSON()).toEqual(whole.getArray('list').toJSON());
		}
	});

	test('a long stretch typed and deleted again, and very many deletions', () => {
		const doc = new Y.Doc();
		doc.getText('text').insert(0, 'x'.repeat(300_000));
		doc.getText('text').delete(0, 250_000);
		// Every other entry is written over, so that the deletions do not run together.
		const map = doc.getMap('map');
		doc.transact(() => {
			for (let i = 0; i < 13_000; i++) {
				map.set(`a${String(i)}`, i);
				map.set(`b${String(i)}`, i);
			}
		});
		doc.transact(() => {
			for (let i = 0; i < 13_000; i++) map.set(`a${String(i)}`, -i);
		});
		const { doc: there, refused } = deliver(splitUpdate(Y.encodeStateAsUpdate(doc))!);
		expect(refused).toEqual([]);
		expect(there.getText('text').length).toBe(50_000);
		expect(there.getMap('map').toJSON()).toEqual(map.toJSON());
	});

	test('one value that fits no frame is not cut', () => {
		const doc = new Y.Doc();
		doc.getMap('map').set('picture', new Uint8Array(PART_BYTES * 2));
		expect(splitUpdate(Y.encodeStateAsUpdate(doc))).toBe(null);
	});
});
