import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { canonical, contentHash, contentOf, ContentNotAllowed, parseContent, sha256Hex } from './content.ts';
import { potassium, writeParagraph, writtenDoc } from './fixtures.ts';

const copy = (doc: Y.Doc): Y.Doc => {
	const other = new Y.Doc();
	Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
	return other;
};

describe('the canonical form', () => {
	it('is the same on two replicas and survives being stored', () => {
		const doc = writtenDoc();
		const here = contentOf(doc, 'daily-progress');
		expect(contentHash(contentOf(copy(doc), 'daily-progress'))).toBe(contentHash(here));
		expect(canonical(parseContent(canonical(here)))).toBe(canonical(here));
	});

	it('does not see how text was cut into nodes, nor the empty paragraph an editor shows', () => {
		const one = new Y.Doc();
		writeParagraph(one, 'plan', [{ text: '复查血锂' }]);
		const two = new Y.Doc();
		writeParagraph(two, 'plan', [{ text: '复查' }, { text: '血锂' }]);
		writeParagraph(two, 'plan', []);
		expect(canonical(contentOf(two, 'daily-progress'))).toBe(canonical(contentOf(one, 'daily-progress')));
	});

	it('changes with every word, mark, value, unit and time', () => {
		const base = contentHash(contentOf(writtenDoc(), 'daily-progress'));
		const changes = [{ value: '4.0' }, { unit: 'g/L' }, { at: '1763685000001' }, { observation: 'x' }, { flag: 'high' as const }];
		for (const change of changes) {
			const doc = writtenDoc();
			doc.getXmlFragment('objective').delete(0, 1);
			writeParagraph(doc, 'objective', [{ text: '血钾 ' }, { ...potassium, ...change }, { text: ' 意识清。' }]);
			expect(contentHash(contentOf(doc, 'daily-progress'))).not.toBe(base);
		}
	});

	it('hashes like every other SHA-256', () => {
		expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
	});
});

describe('what a section may hold', () => {
	const refused = (build: (doc: Y.Doc) => void): string => {
		const doc = writtenDoc();
		build(doc);
		try {
			contentOf(doc, 'daily-progress');
		} catch (error) {
			if (error instanceof ContentNotAllowed) return error.section;
			throw error;
		}
		return 'accepted';
	};
	const block = (node: Y.XmlElement) => (doc: Y.Doc) => doc.getXmlFragment('plan').push([node]);

	it('refuses foreign nodes, marks, attributes and shapes, naming the section', () => {
		expect(refused(block(new Y.XmlElement('script')))).toBe('plan');
		expect(refused((doc) => doc.getXmlFragment('plan').push([new Y.XmlText('loose')]))).toBe('plan');
		expect(refused((doc) => writeParagraph(doc, 'plan', [{ ...potassium, value: 4 } as unknown as typeof potassium]))).toBe('plan');
		expect(refused((doc) => writeParagraph(doc, 'plan', [{ ...potassium, onclick: 'x' } as unknown as typeof potassium]))).toBe('plan');
		expect(refused((doc) => writeParagraph(doc, 'plan', [{ ...potassium, trace: '{"kind":"x"}' }]))).toBe('plan');
		expect(refused((doc) => writeParagraph(doc, 'plan', [{ text: 'a', link: { href: 'x' } } as unknown as { text: string }]))).toBe('plan');
		expect(refused((doc) => writeParagraph(doc, 'plan', [{ text: 'a\0b' }]))).toBe('plan');
		expect(refused((doc) => doc.getMap('elsewhere').set('a', 1))).toBe('accepted');
	});

	it('says so when a root is of another kind', () => {
		const doc = new Y.Doc();
		doc.getMap('plan').set('a', 1);
		const loaded = new Y.Doc();
		Y.applyUpdate(loaded, Y.encodeStateAsUpdate(doc));
		expect(contentOf(loaded, 'daily-progress').sections['plan']).toEqual([]);
	});
});
