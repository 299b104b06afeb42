import { keepForeignFormatting } from '@tongping/domain/kernel';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { DocumentState } from './document-state.ts';
import type { Accepted } from './gate/index.ts';
import { seeded, type Random } from './gate/random.ts';

const documentOf = (...updates: readonly Uint8Array[]): Y.Doc => {
	const doc = new Y.Doc();
	keepForeignFormatting(doc);
	for (const update of updates) Y.applyUpdate(doc, update);
	return doc;
};
const seen = (doc: Y.Doc): unknown => ({ text: doc.getText('text').toDelta(), map: doc.getMap('map').toJSON(), list: doc.getArray('list').toJSON() });

function edit(doc: Y.Doc, random: Random): void {
	const text = doc.getText('text');
	const list = doc.getArray('list');
	const choice = random.below(6);
	if (choice === 0 && text.length > 3) text.delete(random.below(text.length - 2), 1 + random.below(2));
	else if (choice === 1) doc.getMap('map').set(random.pick(['a', 'b', 'c']), random.below(99));
	else if (choice === 2) list.insert(random.below(list.length + 1), [random.below(9)]);
	else if (choice === 3 && list.length > 0) list.delete(random.below(list.length), 1);
	else if (choice === 4 && text.length > 3) text.format(random.below(text.length - 2), 2, { bold: true });
	else text.insert(random.below(text.length + 1), random.pick(['主', '诉 ', 'fever', '👩‍⚕️']));
}

/** Several people edit; their updates are accepted, stored late and in batches, sometimes compacted; readers ask at any moment. */
function life(seed: number): void {
	const random = seeded(seed);
	const state = new DocumentState();
	const onDisk = documentOf();
	const accepted = documentOf();
	let waiting: { readonly update: Uint8Array; readonly verdict: Accepted }[] = [];
	const people = Array.from({ length: 3 }, () => documentOf());
	const readers = Array.from({ length: 3 }, () => documentOf());
	let position = 0;
	for (const person of people)
		person.on('update', (update: Uint8Array, origin: unknown) => {
			if (origin === 'server') return;
			const verdict = state.check(update, { mayUse: () => true, mayWrite: () => true, diff: false });
			if (!verdict.ok) throw new Error(verdict.reason);
			state.accept(verdict);
			Y.applyUpdate(accepted, update);
			waiting.push({ update, verdict });
		});
	for (let step = 0; step < 120; step++) {
		const person = random.pick(people);
		if (random.chance(0.3)) Y.applyUpdate(person, Y.encodeStateAsUpdate(accepted, Y.encodeStateVector(person)), 'server');
		edit(person, random);
		if (random.chance(0.3)) {
			const batch = waiting.splice(0, 1 + random.below(waiting.length));
			const merged = Y.mergeUpdates(batch.map(({ update }) => update));
			state.stored(
				++position,
				merged,
				batch.map(({ verdict }) => verdict)
			);
			Y.applyUpdate(onDisk, merged);
		}
		if (random.chance(0.05) && position > 0) state.compacted(position, Y.encodeStateAsUpdate(onDisk), Y.encodeStateAsUpdateV2(onDisk));
		if (!random.chance(0.3)) continue;
		// Whoever asks with whatever they have ends with what is on disk, and with nothing that is not.
		const reader = random.pick(readers);
		Y.applyUpdate(reader, state.since(Y.encodeStateVector(reader)));
		expect(seen(reader)).toEqual(seen(onDisk));
		expect(reader.store.pendingStructs).toBeNull();
		expect(Y.decodeStateVector(state.stateVector())).toEqual(Y.decodeStateVector(Y.encodeStateVector(onDisk)));
		expect(seen(documentOf(state.all()))).toEqual(seen(onDisk));
		const second = state.allV2();
		if (second === null) continue;
		const shorter = documentOf();
		Y.applyUpdateV2(shorter, second);
		expect(seen(shorter)).toEqual(seen(onDisk));
	}
	waiting = [];
}

test('answers from bytes are those a Y.Doc would give, for random lives of a document, and hold nothing that is not on disk', () => {
	for (let seed = 1; seed <= 15; seed++) {
		try {
			life(seed);
		} catch (error) {
			throw new Error(`seed ${seed}`, { cause: error });
		}
	}
});

test('a client ahead of the server gets the deletions and nothing else; an unreadable vector is an error', () => {
	const author = documentOf();
	author.getText('text').insert(0, 'abcdef');
	author.getText('text').delete(1, 2);
	const state = new DocumentState(undefined, {
		snapshot: Y.encodeStateAsUpdate(author),
		updates: [],
		owners: [],
		snapshotOwners: {},
		position: 1,
		head: 1,
		generation: 0,
		sealed: false
	});
	const ahead = documentOf(Y.encodeStateAsUpdate(author));
	ahead.getText('text').insert(0, 'more');
	const answer = state.since(Y.encodeStateVector(ahead));
	expect(Y.decodeUpdate(answer).structs).toEqual([]);
	expect(Y.decodeUpdate(answer).ds.clients.size).toBe(1);
	expect(() => state.since(Uint8Array.of(2, 200, 1))).toThrow();
});
