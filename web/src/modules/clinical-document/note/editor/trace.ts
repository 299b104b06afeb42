import { Extension } from '@tiptap/core';
import { Fragment, Slice, type Mark, type Node, type Schema } from '@tiptap/pm/model';
import { TextSelection, type EditorState, type Transaction } from '@tiptap/pm/state';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import type { TraceStamp } from '@tongping/domain/clinical-document';

/** What changed between two documents, as one replaced range. */
function difference(before: Node, after: Node): { start: number; endBefore: number; endAfter: number } | null {
	const start = before.content.findDiffStart(after.content);
	const end = before.content.findDiffEnd(after.content);
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

function marked(fragment: Fragment, schema: Schema, stamp: TraceStamp): Fragment {
	const nodes: Node[] = [];
	fragment.forEach((node) => {
		if (node.isText) nodes.push(node.mark([schema.mark('insertion', stamp)]));
		else if (node.type.name === 'chip') nodes.push(node.type.create({ ...node.attrs, trace: chipTrace('insertion', stamp) }));
		else nodes.push(node.copy(marked(node.content, schema, stamp)));
	});
	return Fragment.fromArray(nodes);
}

function strike(out: Transaction, before: Node, from: number, to: number, stamp: TraceStamp): void {
	const gone: [number, number][] = [];
	before.nodesBetween(from, to, (node, pos) => {
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

/**
 * Turns an ordinary edit into its traced form: what was signed is struck instead of removed, what is new is underlined,
 * each with name and time (修改留痕). Paragraph breaks are not traced.
 */
export function traced(state: EditorState, edit: Transaction, stamp: TraceStamp): Transaction {
	const change = difference(state.doc, edit.doc);
	if (change === null) return edit;
	const { start, endBefore, endAfter } = change;
	const out = state.tr.setMeta('traced', true);
	strike(out, state.doc, start, endBefore, stamp);
	const slice = edit.doc.slice(start, endAfter);
	const at = out.mapping.map(endBefore, 1);
	if (slice.size > 0) out.replace(at, at, new Slice(marked(slice.content, state.schema, stamp), slice.openStart, slice.openEnd));
	const forward = state.selection.empty && state.selection.head === start;
	const caret = slice.size > 0 || forward ? out.mapping.map(endBefore, 1) : out.mapping.map(start, -1);
	out.setSelection(TextSelection.near(out.doc.resolve(Math.min(caret, out.doc.content.size)), slice.size > 0 || forward ? -1 : 1));
	return out.scrollIntoView();
}

export interface TraceOptions {
	/** null while nothing is signed yet: then words are plain */
	stamp(): TraceStamp | null;
}

export const Trace = Extension.create<TraceOptions>({
	name: 'trace',
	priority: 2000,
	addOptions: () => ({ stamp: () => null }),
	dispatchTransaction({ transaction, next }) {
		const stamp = this.options.stamp();
		const remote = transaction.getMeta(ySyncPluginKey) !== undefined;
		next(stamp === null || remote || !transaction.docChanged ? transaction : traced(this.editor.state, transaction, stamp));
	}
});
