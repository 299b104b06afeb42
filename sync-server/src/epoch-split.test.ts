import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { splitOffer, type Known } from './epoch.ts';
import { RootIndex } from './gate/index.ts';

function person(client: number): Y.Doc {
	const doc = new Y.Doc();
	doc.clientID = client;
	return doc;
}
const bring = (from: Y.Doc, to: Y.Doc): void => {
	Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)));
};
const everything = { mayUse: () => true, mayWrite: () => true, diff: true } as const;
/** The restored server as the gate sees it. */
function restored(updates: readonly Uint8Array[], ...own: readonly number[]): Known & { readonly index: RootIndex } {
	const index = RootIndex.load(updates);
	return { index, known: (client) => index.known(client), isOwn: (client) => own.includes(client), mayDelete: () => true };
}
const ANNA = 1;
const BEN = 2;

it('own words enter, words of others wait, and both together are what was offered', () => {
	const anna = person(ANNA);
	const ben = person(BEN);
	anna.getText('plan').insert(0, 'kept');
	const kept = Y.encodeStateAsUpdate(anna);
	bring(anna, ben);
	anna.getText('plan').insert(4, ' lost');
	anna.getText('other').insert(0, 'aside');
	bring(anna, ben);
	ben.getText('mine').insert(0, 'by ben');
	const server = restored([kept], BEN);
	const { own, rest, runs } = splitOffer(Y.encodeStateAsUpdate(ben), server);
	expect(runs).toEqual([{ client: ANNA, from: 4, to: 14, own: false }]);
	const after = person(9);
	Y.applyUpdate(after, kept);
	const verdict = server.index.check(own!, { ...everything, mayUse: (client) => client === BEN });
	expect(verdict.ok).toBe(true);
	Y.applyUpdate(after, own!);
	expect([after.getText('plan').toJSON(), after.getText('mine').toJSON(), after.getText('other').toJSON()]).toEqual(['kept', 'by ben', '']);
	Y.applyUpdate(after, rest!);
	expect(after.store.pendingStructs).toBeNull();
	expect(Y.encodeStateAsUpdate(after)).toEqual(Y.encodeStateAsUpdate(ben));
});

it('own words that hang on words of others wait with them, marked as own', () => {
	const anna = person(ANNA);
	const ben = person(BEN);
	anna.getText('plan').insert(0, 'lost');
	bring(anna, ben);
	ben.getText('plan').insert(2, 'BEN');
	ben.getText('free').insert(0, 'after a hole');
	const { own, rest, runs } = splitOffer(Y.encodeStateAsUpdate(ben), restored([], BEN));
	expect(own).toBeNull();
	expect(rest).not.toBeNull();
	expect(runs).toEqual(
		expect.arrayContaining([
			{ client: ANNA, from: 0, to: 4, own: false },
			{ client: BEN, from: 0, to: 15, own: true }
		])
	);
});

it('when the author was here first, nothing is left to wait', () => {
	const anna = person(ANNA);
	const ben = person(BEN);
	anna.getText('plan').insert(0, 'lost');
	bring(anna, ben);
	ben.getText('plan').insert(2, 'BEN');
	const { own, rest } = splitOffer(Y.encodeStateAsUpdate(ben), restored([Y.encodeStateAsUpdate(anna)], BEN));
	expect(rest).toBeNull();
	expect(own).not.toBeNull();
});

it('deletions the person may make enter; others, and those of words that wait, wait', () => {
	const anna = person(ANNA);
	const ben = person(BEN);
	anna.getText('plan').insert(0, 'abcdef');
	anna.getText('sealed').insert(0, 'xyz');
	const kept = Y.encodeStateAsUpdate(anna);
	bring(anna, ben);
	anna.getText('plan').insert(6, 'lost');
	bring(anna, ben);
	ben.getText('plan').delete(0, 2);
	ben.getText('plan').delete(ben.getText('plan').length - 1, 1);
	ben.getText('sealed').delete(0, 1);
	const server = restored([kept], BEN);
	const may: Known = { ...server, mayDelete: ({ clock }) => clock < 6 };
	const { own, rest, deletions } = splitOffer(Y.encodeStateAsUpdate(ben), may);
	expect(deletions).toBe(2);
	const after = person(9);
	Y.applyUpdate(after, kept);
	Y.applyUpdate(after, own!);
	expect([after.getText('plan').toJSON(), after.getText('sealed').toJSON()]).toEqual(['cdef', 'xyz']);
	Y.applyUpdate(after, rest!);
	expect([after.getText('plan').toJSON(), after.getText('sealed').toJSON()]).toEqual(['cdeflos', 'yz']);
});

it('whatever is offered, the own part never holds a clock of another and never hangs on one', () => {
	let seed = 7;
	const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
	for (let run = 0; run < 150; run++) {
		const people = [person(1), person(2), person(3)];
		const stored: Uint8Array[] = [];
		const keep = (doc: Y.Doc): void => {
			const index = RootIndex.load(stored);
			const all = Y.encodeStateAsUpdate(doc);
			const verdict = index.check(all, everything);
			if (verdict.ok && verdict.forward !== null) stored.push(all);
		};
		for (let step = 0; step < 30; step++) {
			const doc = people[random(3)]!;
			const text = doc.getText(random(2) === 0 ? 'a' : 'b');
			if (random(4) === 0 && text.length > 2) text.delete(random(text.length - 1), 1);
			else text.insert(random(text.length + 1), 'wort'.slice(random(3)));
			if (random(2) === 0) bring(people[random(3)]!, people[random(3)]!);
			if (step < 12 && random(3) === 0) keep(people[random(3)]!);
		}
		const [, ben] = people as [Y.Doc, Y.Doc, Y.Doc];
		const server = restored(stored, 2);
		const { own, rest } = splitOffer(Y.encodeStateAsUpdate(ben), server);
		if (own !== null) expect(server.index.check(own, { ...everything, mayUse: (client) => client === 2 })).toMatchObject({ ok: true });
		const after = person(9);
		for (const update of [...stored, ...(own === null ? [] : [own])]) Y.applyUpdate(after, update);
		expect(after.store.pendingStructs).toBeNull();
		if (rest !== null) Y.applyUpdate(after, rest);
		Y.applyUpdate(ben, Y.encodeStateAsUpdate(after));
		expect(Y.encodeStateVector(after)).toEqual(Y.encodeStateVector(ben));
		for (const name of ['a', 'b']) expect(after.getText(name).toJSON()).toBe(ben.getText(name).toJSON());
	}
});
