import { getSchema } from '@tiptap/core';
import { EditorState, TextSelection, type Transaction } from '@tiptap/pm/state';
import type { Node } from '@tiptap/pm/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Chip } from './chip.ts';
import { Deletion, Insertion, NoteDocument, NoteParagraph, NoteText } from './schema.ts';
import { beside, traced } from './trace.ts';

const schema = getSchema([NoteDocument, NoteParagraph, NoteText, Insertion, Deletion, Chip]);
const stamp = { user: 'u', name: '陈书遥', role: 'attending', at: 60_000 };
const doc = (...paragraphs: string[]): Node =>
	schema.node(
		'doc',
		null,
		paragraphs.map((p) => schema.node('paragraph', null, p === '' ? [] : [schema.text(p)]))
	);
const state = (...paragraphs: string[]): EditorState => EditorState.create({ doc: doc(...paragraphs) });
const apply = (from: EditorState, edit: (tr: Transaction) => Transaction): EditorState => from.apply(traced(from, edit(from.tr), stamp));
const shown = (node: Node): string => {
	let words = '';
	node.descendants((n) => {
		if (n.isText) words += n.marks.reduce((text, m) => (m.type.name === 'deletion' ? `[-${text}-]` : `[+${text}+]`), n.text ?? '');
		if (n.type.name === 'chip') words += `<${n.attrs['trace'] === '' ? '' : (JSON.parse(n.attrs['trace'] as string) as { kind: string }).kind}>`;
		if (n.isTextblock) words += `${n.attrs['deletion'] === null ? '' : '-'}${n.attrs['insertion'] === null ? '' : '+'}|`;
		return true;
	});
	return words;
};
/** Every letter and every break with where it stands and in which readings it is there. */
interface Token {
	readonly text: string;
	readonly from: number;
	readonly to: number;
	readonly insertion: boolean;
	readonly deletion: boolean;
}
function tokens(node: Node): Token[] {
	const found: Token[] = [];
	node.descendants((n, pos) => {
		if (n.isTextblock && pos > 0)
			found.push({ text: '\n', from: pos - 1, to: pos + 1, insertion: n.attrs['insertion'] !== null, deletion: n.attrs['deletion'] !== null });
		const has = (name: string): boolean => n.marks.some((m) => m.type.name === name);
		if (n.isText)
			for (const [i, text] of [...(n.text ?? '')].entries())
				found.push({ text, from: pos + i, to: pos + i + 1, insertion: has('insertion'), deletion: has('deletion') });
		return true;
	});
	return found;
}
const lines = (all: readonly Token[], without: 'insertion' | 'deletion'): string =>
	all
		.filter((token) => !token[without])
		.map((token) => token.text)
		.join('');
const words = (node: Node, without: string): string => {
	let text = '';
	node.descendants((n) => {
		if (n.isText && !n.marks.some((m) => m.type.name === without)) text += n.text ?? '';
		return true;
	});
	return text;
};

describe('tracing an edit', () => {
	it('strikes and underlines a replacement', () => {
		const after = apply(state('碳酸锂 0.9 g'), (tr) => tr.insertText('0.6', 5, 8));
		expect(words(after.doc, 'insertion')).toBe('碳酸锂 0.9 g');
		expect(words(after.doc, 'deletion')).toBe('碳酸锂 0.6 g');
	});

	it('moves over struck words with Backspace and Delete instead of standing still', () => {
		const start = state('甲乙丙');
		const behind = start.apply(start.tr.setSelection(TextSelection.create(start.doc, 4)));
		const once = apply(behind, (tr) => tr.delete(3, 4));
		expect(shown(once.doc)).toBe('|甲乙[-丙-]');
		expect(once.selection.head).toBe(3);
		const front = start.apply(start.tr.setSelection(TextSelection.create(start.doc, 1)));
		expect(apply(front, (tr) => tr.delete(1, 2)).selection.head).toBe(2);
	});

	it('strikes each of two equal letters, the one that was meant', () => {
		const start = state('甲甲乙');
		let now = start.apply(start.tr.setSelection(TextSelection.create(start.doc, 1)));
		for (const shownNow of ['|[-甲-]甲乙', '|[-甲甲-]乙']) {
			const range = beside(now, now.selection.head, true, 'grapheme')!;
			now = apply(now, (tr) => tr.delete(...range));
			expect(shown(now.doc)).toBe(shownNow);
		}
		const end = apply(start, (tr) => tr.delete(2, 3));
		expect(shown(end.doc)).toBe('|甲[-甲-]乙');
	});

	it('takes a whole visible letter, a word, or nothing at the edge of a paragraph', () => {
		const at = (text: string, caret: number, forward: boolean, by: 'grapheme' | 'word' = 'grapheme'): readonly [number, number] | null =>
			beside(state(text), caret, forward, by);
		expect(at('👨‍⚕️好', 1, true)).toEqual([1, 6]);
		expect(at('👨‍⚕️好', 6, false)).toEqual([1, 6]);
		expect(at('lithium 0.9 g', 14, false, 'word')).toEqual([13, 14]);
		expect(at('lithium 0.9', 8, true, 'word')).toEqual([8, 12]);
		expect(at('甲', 1, false)).toBeNull();
		expect(at('甲', 2, true)).toBeNull();
	});

	it("really removes one's own new words", () => {
		const written = apply(state('甲'), (tr) => tr.insertText('乙丙', 2));
		expect(shown(written.doc)).toBe('|甲[+乙丙+]');
		expect(shown(apply(written, (tr) => tr.delete(3, 4)).doc)).toBe('|甲[+乙+]');
	});

	it('marks a new break, strikes a signed one, and takes back one’s own without a trace', () => {
		const split = apply(state('甲乙'), (tr) => tr.split(2));
		expect(shown(split.doc)).toBe('|甲+|乙');
		expect(split.selection.head).toBe(4);
		expect(shown(apply(split, (tr) => tr.join(3)).doc)).toBe('|甲乙');
		const start = state('甲', '乙');
		const behind = start.apply(start.tr.setSelection(TextSelection.create(start.doc, 4)));
		const joined = apply(behind, (tr) => tr.join(3));
		expect(shown(joined.doc)).toBe('|甲-|乙');
		// The caret goes on before the struck break: the next press strikes the letter there.
		expect(joined.selection.head).toBe(2);
		expect(shown(apply(joined, (tr) => tr.join(3)).doc)).toBe('|甲-|乙');
		const chief = { ...stamp, user: 'chief', role: 'chief' };
		const both = split.apply(traced(split, split.tr.join(3), chief));
		expect(shown(both.doc)).toBe('|甲-+|乙');
		expect(lines(tokens(both.doc), 'insertion')).toBe('甲乙');
		expect(lines(tokens(both.doc), 'deletion')).toBe('甲乙');
	});

	it('strikes what was selected over several paragraphs, words and breaks, and replaces it', () => {
		expect(shown(apply(state('甲乙', '丙', '丁戊'), (tr) => tr.insertText('新', 2, 9)).doc)).toBe('|甲[-乙-]-|[-丙-]-|[-丁-][+新+]戊');
		expect(shown(apply(state('甲', '', '乙'), (tr) => tr.delete(3, 5)).doc)).toBe('|甲|-|乙');
		expect(shown(apply(state('甲', '乙'), (tr) => tr.delete(3, 6)).doc)).toBe('|甲-|[-乙-]');
	});

	it('keeps struck chips', () => {
		const chip = schema.node('chip', { label: 'K', value: '3.9' });
		const start = EditorState.create({ doc: schema.node('doc', null, [schema.node('paragraph', null, [schema.text('钾'), chip])]) });
		expect(shown(apply(start, (tr) => tr.delete(1, 3)).doc)).toBe('|[-钾-]<deletion>');
		expect(shown(apply(state('甲'), (tr) => tr.insert(2, chip)).doc)).toBe('|甲<insertion>');
	});

	it('keeps every signed word whatever is done, and shows exactly the edited words as clean text', () => {
		const edit = fc.record({ from: fc.nat(40), length: fc.nat(6), text: fc.stringMatching(/^[ab甲乙]{0,4}$/) });
		fc.assert(
			fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), (edits) => {
				const signed = '患者昨夜睡眠约六小时aabbaa仍话多否认自伤';
				let here = state(signed);
				for (const { from, length, text } of edits) {
					const size = here.doc.content.size;
					const start = Math.min(from + 1, size - 1);
					const end = Math.min(start + length, size - 1);
					if (text === '' && start === end) continue;
					here = apply(here, (tr) => (text === '' ? tr.delete(start, end) : tr.insertText(text, start, end)));
					expect(words(here.doc, 'insertion')).toBe(signed);
				}
			}),
			{ numRuns: 300 }
		);
	});

	it('gives the signed text without what was put in, and the edited one without what was struck, breaks included', () => {
		const edit = fc.record({
			from: fc.nat(60),
			length: fc.nat(14),
			text: fc.stringMatching(/^[ab甲乙]{0,3}$/),
			split: fc.boolean(),
			by: fc.constantFrom('u', 'chief')
		});
		fc.assert(
			fc.property(fc.array(edit, { minLength: 1, maxLength: 14 }), (edits) => {
				let here = state('患者昨夜睡眠', '', '约六小时aabb', '仍话多');
				const signed = lines(tokens(here.doc), 'insertion');
				for (const { from, length, text, split, by } of edits) {
					const size = here.doc.content.size;
					const inside = (pos: number): number => TextSelection.near(here.doc.resolve(Math.min(pos, size))).head;
					const [start, end] = [inside(from % size), inside((from % size) + length)].toSorted((a, b) => a - b) as [number, number];
					if (start === end && text === '' && !split) continue;
					const all = tokens(here.doc);
					const wanted = `${lines(
						all.filter((token) => token.to <= start),
						'deletion'
					)}${split ? '\n' : text}${lines(
						all.filter((token) => token.from >= end),
						'deletion'
					)}`;
					const tr = split ? here.tr.delete(start, end).split(start) : text === '' ? here.tr.delete(start, end) : here.tr.insertText(text, start, end);
					here = here.apply(traced(here, tr, { ...stamp, user: by }));
					here.doc.check();
					expect(lines(tokens(here.doc), 'insertion')).toBe(signed);
					expect(lines(tokens(here.doc), 'deletion')).toBe(wanted);
				}
			}),
			{ numRuns: 1000 }
		);
	});
});
