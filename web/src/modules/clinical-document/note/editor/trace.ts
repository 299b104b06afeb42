import { Extension } from '@tiptap/core';
import { Fragment, Slice, type Mark, type Node, type Schema } from '@tiptap/pm/model';
import { Plugin, TextSelection, type EditorState, type Transaction } from '@tiptap/pm/state';
import { ReplaceStep } from '@tiptap/pm/transform';
import type { EditorView } from '@tiptap/pm/view';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import type { TraceStamp } from '@tongping/domain/clinical-document';

interface Change {
	readonly start: number;
	readonly endBefore: number;
	readonly endAfter: number;
}
/**
 * What an edit replaced, as one range. Where its steps say it, they are believed: in 甲甲 a comparison of the two texts
 * cannot tell which 甲 went, and would strike the other one.
 */
function changeOf(before: Node, edit: Transaction): Change | null {
	if (edit.steps.every((step) => step instanceof ReplaceStep)) {
		const range = edit.changedRange();
		if (range === null) return null;
		const back = edit.mapping.invert();
		return { start: back.map(range.from, -1), endBefore: back.map(range.to, 1), endAfter: range.to };
	}
	const start = before.content.findDiffStart(edit.doc.content);
	const end = before.content.findDiffEnd(edit.doc.content);
	if (start === null || end === null) return null;
	const overlap = Math.max(0, start - Math.min(end.a, end.b));
	return { start, endBefore: end.a + overlap, endAfter: end.b + overlap };
}

const markOf = (marks: readonly Mark[], name: string): Mark | undefined => marks.find((m) => m.type.name === name);
const traceOf = (node: Node): { kind: string; user: string } | null => {
	const trace = node.attrs['trace'] as string | undefined;
	return trace === undefined || trace === '' ? null : (JSON.parse(trace) as { kind: string; user: string });
};
const chipTrace = (kind: 'insertion' | 'deletion', stamp: TraceStamp): string => JSON.stringify({ kind, ...stamp });

/** Words this person put in since the last signature; these may go without a trace, for nobody has signed them. */
function isOwn(node: Node, user: string): boolean {
	if (node.isText) return markOf(node.marks, 'insertion')?.attrs['user'] === user;
	const trace = traceOf(node);
	return trace?.kind === 'insertion' && trace.user === user;
}

/** New words are underlined, and every paragraph that begins among them brings a new break; the first one only runs on when it is open. */
function marked({ content, openStart }: Slice, schema: Schema, stamp: TraceStamp): Fragment {
	const inline = (fragment: Fragment): Fragment => {
		const nodes: Node[] = [];
		fragment.forEach((node) => {
			if (node.isText) nodes.push(node.mark([schema.mark('insertion', stamp)]));
			else nodes.push(node.type.create({ ...node.attrs, trace: chipTrace('insertion', stamp) }));
		});
		return Fragment.fromArray(nodes);
	};
	const blocks: Node[] = [];
	content.forEach((node, _offset, index) => {
		if (!node.isTextblock) return;
		const begins = index > 0 || openStart === 0;
		blocks.push(node.type.create(begins ? { insertion: JSON.stringify(stamp), deletion: null } : node.attrs, inline(node.content)));
	});
	return blocks.length > 0 ? Fragment.fromArray(blocks) : inline(content);
}

const breakBy = (paragraph: Node, kind: 'insertion' | 'deletion'): TraceStamp | null => {
	const json = paragraph.attrs[kind] as string | null;
	return json === null ? null : (JSON.parse(json) as TraceStamp);
};

function strike(out: Transaction, before: Node, from: number, to: number, stamp: TraceStamp): void {
	const gone: [number, number][] = [];
	before.nodesBetween(from, to, (node, pos) => {
		if (node.isTextblock) {
			if (pos === 0 || pos - 1 < from || pos + 1 > to) return true;
			if (breakBy(node, 'insertion')?.user === stamp.user) gone.push([pos - 1, pos + 1]);
			else if (breakBy(node, 'deletion') === null) out.setNodeAttribute(pos, 'deletion', JSON.stringify(stamp));
			return true;
		}
		if (!node.isInline) return true;
		const start = Math.max(pos, from);
		const end = Math.min(pos + node.nodeSize, to);
		if (isOwn(node, stamp.user)) gone.push([start, end]);
		else if (node.isText && !markOf(node.marks, 'deletion')) out.addMark(start, end, before.type.schema.mark('deletion', stamp));
		else if (node.type.name === 'chip' && traceOf(node)?.kind !== 'deletion') out.setNodeAttribute(pos, 'trace', chipTrace('deletion', stamp));
		return false;
	});
	for (const [start, end] of gone.reverse()) out.delete(start, end);
}

/** A range that takes whole paragraphs away takes as many breaks: the words, and the break behind them, or before the last one. */
function withBreaks(doc: Node, from: number, to: number): readonly [from: number, to: number] {
	const outside = (pos: number): boolean => doc.resolve(pos).depth === 0;
	if (from === to) return [from, to];
	if (outside(from) && outside(to)) {
		if (to < doc.content.size) return [from + 1, to + 1];
		return from > 0 ? [from - 1, to - 1] : [from + 1, to - 1];
	}
	return [outside(from) ? from + 1 : from, outside(to) ? to - 1 : to];
}

/**
 * Turns an ordinary edit into its traced form: what was signed is struck instead of removed, what is new is underlined, words and
 * paragraph breaks alike, each with name and time (修改留痕). One's own new words and breaks go without a trace: nobody has signed them.
 */
export function traced(state: EditorState, edit: Transaction, stamp: TraceStamp): Transaction {
	const change = changeOf(state.doc, edit);
	if (change === null) return edit;
	const { start, endBefore, endAfter } = change;
	const out = state.tr.setMeta('traced', true);
	strike(out, state.doc, ...withBreaks(state.doc, start, endBefore), stamp);
	const slice = edit.doc.slice(start, endAfter);
	const at = out.mapping.map(endBefore, 1);
	if (slice.size > 0) out.replace(at, at, new Slice(marked(slice, state.schema, stamp), slice.openStart, slice.openEnd));
	const forward = state.selection.empty && state.selection.head === start;
	const caret = slice.size > 0 || forward ? out.mapping.map(endBefore, 1) : out.mapping.map(start, -1);
	out.setSelection(TextSelection.near(out.doc.resolve(Math.min(caret, out.doc.content.size)), slice.size > 0 || forward ? -1 : 1));
	return out.scrollIntoView();
}

/** The letter (or word) beside the caret, inside its paragraph; a chip counts as one letter. null at the paragraph's edge. */
export function beside(state: EditorState, caret: number, forward: boolean, granularity: 'grapheme' | 'word'): readonly [from: number, to: number] | null {
	const at = state.doc.resolve(caret);
	if (!at.parent.isTextblock) return null;
	const words = at.parent.textBetween(0, at.parent.content.size, undefined, CHIP);
	const pieces = [...new Intl.Segmenter(undefined, { granularity }).segment(words)];
	const here = at.parentOffset;
	if (forward) {
		const ends = pieces.map(({ index, segment }) => index + segment.length);
		// A blank belongs to the word behind it, as editors have it.
		const end = ends.find((stop) => stop > here && words.slice(here, stop).trim() !== '') ?? ends.findLast((stop) => stop > here);
		return end === undefined ? null : [caret, at.start() + end];
	}
	const starts = pieces.map(({ index }) => index).reverse();
	const start = starts.find((begin) => begin < here && words.slice(begin, here).trim() !== '') ?? starts.findLast((begin) => begin < here);
	return start === undefined ? null : [at.start() + start, caret];
}
const CHIP = '\ufffc';

/** Deletes beside the caret in one synchronous step, so that each of two quick presses strikes a letter of its own. */
function press(view: EditorView, forward: boolean, granularity: 'grapheme' | 'word'): boolean {
	const { selection } = view.state;
	if (!(selection instanceof TextSelection) || !selection.empty) return false;
	const range = beside(view.state, selection.head, forward, granularity);
	if (range === null) return false;
	view.dispatch(view.state.tr.delete(...range).scrollIntoView());
	return true;
}

export interface TraceOptions {
	/** null while nothing is signed yet: then words are plain */
	stamp(): TraceStamp | null;
}

export const Trace = Extension.create<TraceOptions>({
	name: 'trace',
	priority: 2000,
	addOptions: () => ({ stamp: () => null }),
	addProseMirrorPlugins() {
		return [
			new Plugin({
				props: {
					handleKeyDown: (view, event) => {
						if (view.composing || !view.editable) return false;
						const { key } = event;
						if (key !== 'Delete' && key !== 'Backspace') return false;
						const word = event.ctrlKey || event.altKey;
						return !event.metaKey && !event.shiftKey && press(view, key === 'Delete', word ? 'word' : 'grapheme');
					}
				}
			})
		];
	},
	dispatchTransaction({ transaction, next }) {
		const stamp = this.options.stamp();
		const remote = transaction.getMeta(ySyncPluginKey) !== undefined;
		next(stamp === null || remote || !transaction.docChanged ? transaction : traced(this.editor.state, transaction, stamp));
	}
});
