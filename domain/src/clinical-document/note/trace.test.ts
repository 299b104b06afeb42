import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { contentOf, type TraceStamp } from './content.ts';
import { potassium, writeParagraph } from './fixtures.ts';
import { cleaned, isEmpty, traceComplete, wordsOf } from './trace.ts';

const by: TraceStamp = { user: 'u', name: '陈书遥', role: 'attending', at: 1763685000000 };
const note = (...runs: Parameters<typeof writeParagraph>[2]) => {
	const doc = new Y.Doc();
	writeParagraph(doc, 'plan', runs);
	return contentOf(doc, 'daily-progress');
};
const struckChip = { ...potassium, trace: JSON.stringify({ kind: 'deletion', ...by }) };

describe('the trace', () => {
	const signed = note({ text: '碳酸锂 0.9 g/日' }, potassium);
	const revised = note({ text: '碳酸锂 ' }, { text: '0.9', deletion: by }, { text: '0.6', insertion: by }, { text: ' g/日' }, struckChip);

	it('reads as before and as after', () => {
		const plan = revised.sections['plan'] ?? [];
		expect(wordsOf(plan, 'after')).toBe('碳酸锂 0.6 g/日');
		expect(wordsOf(plan, 'before')).toContain('碳酸锂 0.9 g/日');
		expect(cleaned(plan)[0]?.content.every((item) => item.type === 'text')).toBe(true);
	});

	it('is complete when every signed word is still there and every new one is marked', () => {
		expect(traceComplete(signed, signed)).toBe(true);
		expect(traceComplete(signed, revised)).toBe(true);
	});

	it('is not when a word went without a mark, or came without one', () => {
		expect(traceComplete(signed, note({ text: '碳酸锂 0.6 g/日' }, potassium))).toBe(false);
		expect(traceComplete(signed, note({ text: '碳酸锂 0.9 g/日' }))).toBe(false);
		expect(traceComplete(signed, note({ text: '碳酸锂 0.9 g/日 睡前' }, potassium))).toBe(false);
		expect(traceComplete(revised, note({ text: '碳酸锂 ' }, { text: '0.6', insertion: by }, { text: ' g/日' }, struckChip))).toBe(false);
	});

	const split = (...breaks: Parameters<typeof writeParagraph>[3][]) => {
		const doc = new Y.Doc();
		writeParagraph(doc, 'plan', [{ text: '碳酸锂 ' }]);
		writeParagraph(doc, 'plan', [{ text: '0.9 g/日' }, potassium], ...breaks);
		return contentOf(doc, 'daily-progress');
	};
	it('wants a mark on every new break, and every old one still there', () => {
		expect(traceComplete(signed, split())).toBe(false);
		expect(traceComplete(signed, split({ insertion: by }))).toBe(true);
		expect(traceComplete(split(), split({ deletion: by }))).toBe(true);
		expect(traceComplete(split(), signed)).toBe(false);
		// A break the attending put in and the chief took out again stays in both hands.
		expect(traceComplete(split({ insertion: by }), split({ insertion: by, deletion: { ...by, user: 'chief', role: 'chief' } }))).toBe(true);
		expect(traceComplete(split({ insertion: by }), signed)).toBe(false);
	});
	it('reads a put-in break only afterwards, a struck one only before', () => {
		const lines = (content: ReturnType<typeof split>, reading: 'before' | 'after') => wordsOf(content.sections['plan'] ?? [], reading).split('\n').length;
		expect([lines(split({ insertion: by }), 'before'), lines(split({ insertion: by }), 'after')]).toEqual([1, 2]);
		expect([lines(split({ deletion: by }), 'before'), lines(split({ deletion: by }), 'after')]).toEqual([2, 1]);
		expect(cleaned(split({ deletion: by }).sections['plan'] ?? [])).toHaveLength(1);
	});
	it('writes an untouched break as it always did, and refuses what it cannot read', () => {
		expect(split().sections['plan']?.[1]).not.toHaveProperty('breaks');
		const doc = new Y.Doc();
		writeParagraph(doc, 'plan', [{ text: '甲' }]);
		const paragraph = doc.getXmlFragment('plan').get(0) as Y.XmlElement;
		for (const [name, value] of [
			['insertion', 'not json'],
			['deletion', '{"user":1}'],
			['style', 'x']
		] as const) {
			paragraph.setAttribute(name, value);
			expect(() => contentOf(doc, 'daily-progress')).toThrow('plan');
			paragraph.removeAttribute(name);
		}
	});

	it('calls a wholly struck section empty', () => expect(isEmpty(note({ text: '全部作废', deletion: by }).sections['plan'] ?? [])).toBe(true));
});
