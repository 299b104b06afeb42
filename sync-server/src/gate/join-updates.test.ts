import { keepForeignFormatting } from '@tongping/domain/kernel';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { joinUpdates } from './join-updates.ts';
import { seeded } from './random.ts';
import { RootIndex, type Accepted } from './root-index.ts';

const anybody = { mayUse: () => true, mayWrite: () => true, diff: false };
/** What one person types, as the gate has accepted it. */
class Desk {
	readonly doc = new Y.Doc();
	readonly accepted: Accepted[] = [];
	private readonly index: RootIndex;
	constructor(index = new RootIndex()) {
		this.index = index;
		this.doc.on('update', (update: Uint8Array, origin: unknown) => {
			if (origin !== 'told') this.judge(update);
		});
	}
	judge(update: Uint8Array): void {
		const verdict = this.index.check(update, anybody);
		if (!verdict.ok) throw new Error(verdict.reason);
		this.index.commit(verdict);
		this.accepted.push(verdict);
	}
}
const contents = (update: Uint8Array): unknown => {
	const doc = new Y.Doc();
	// As every replica of the product is set: marks of others are not tidied away.
	keepForeignFormatting(doc);
	Y.applyUpdate(doc, update);
	return [doc.getText('t').toDelta(), doc.getMap('m').toJSON(), doc.getXmlFragment('x').toString(), [...Y.encodeStateAsUpdate(doc)]];
};

test('what one person typed, struck out, formatted and set comes out as Yjs would merge it', () => {
	for (let seed = 1; seed <= 60; seed++) {
		const { below: upTo } = seeded(seed);
		const desk = new Desk();
		const text = desk.doc.getText('t');
		for (let n = 0; n < 40; n++) {
			const kind = upTo(9);
			if (kind < 4) text.insert(upTo(text.length + 1), ['睡', 'a', '夜间平稳，', '😀'][kind]!);
			else if (kind < 6 && text.length > 2) text.delete(upTo(text.length - 2), 1 + upTo(2));
			else if (kind === 8 && text.length > 2) text.format(upTo(text.length - 2), 2, { bold: n % 2 === 0 ? true : null });
			else if (kind === 6) desk.doc.getMap('m').set(`k${String(upTo(3))}`, n);
			else desk.doc.getXmlFragment('x').insert(0, [new Y.XmlElement('p')]);
		}
		const joined = joinUpdates(desk.accepted);
		const merged = Y.mergeUpdates(desk.accepted.map(({ forward }) => forward!));
		// Written once more by Yjs: it drops a flag of map entries that says nothing beside an origin.
		expect([...Y.mergeUpdates([joined!, Uint8Array.of(0, 0)])], `seed ${String(seed)}`).toEqual([...merged]);
		expect(contents(joined!)).toEqual(contents(merged));
	}
});

test('what Yjs must merge is left to Yjs: another client, a gap between the parts, clocks that were known, two clients in one update', () => {
	const index = new RootIndex();
	const [one, other] = [new Desk(index), new Desk(index)];
	one.doc.getText('t').insert(0, 'a');
	other.doc.getText('t').insert(0, 'b');
	one.doc.getText('t').insert(1, 'c');
	one.doc.getText('t').insert(2, 'd');
	const [a, c, d] = one.accepted as [Accepted, Accepted, Accepted];
	expect(joinUpdates([a, other.accepted[0]!])).toBeNull();
	expect(joinUpdates([a, d])).toBeNull();
	expect(joinUpdates([a, c, d])).not.toBeNull();
	// A diff that begins with what is known already.
	const again = index.check(Y.encodeStateAsUpdate(one.doc), { ...anybody, diff: true }) as Accepted;
	expect(again.forward).toBeNull();
	one.doc.transact(() => one.doc.getText('t').insert(3, 'e'), 'told');
	const overlap = index.check(Y.encodeStateAsUpdate(one.doc), { ...anybody, diff: true }) as Accepted;
	expect(joinUpdates([overlap, overlap])).toBeNull();
	Y.applyUpdate(one.doc, Y.encodeStateAsUpdate(other.doc), 'told');
	const fresh = new RootIndex().check(Y.encodeStateAsUpdate(one.doc), anybody) as Accepted;
	expect(joinUpdates([fresh, fresh])).toBeNull();
});
