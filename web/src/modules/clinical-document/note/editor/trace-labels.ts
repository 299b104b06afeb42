import { Extension } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Plugin } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import type { TraceStamp } from '@tongping/domain/clinical-document';

export interface TraceLabelOptions {
	words(stamp: TraceStamp): string;
}

const stampOf = (node: Node): TraceStamp | null => {
	if (node.isText) {
		const mark = node.marks.find((m) => m.type.name === 'insertion') ?? node.marks.find((m) => m.type.name === 'deletion');
		return mark === undefined ? null : (mark.attrs as TraceStamp);
	}
	const trace = node.attrs['trace'] as string | undefined;
	return trace === undefined || trace === '' ? null : (JSON.parse(trace) as TraceStamp);
};

/** Who changed the break before this paragraph last: what was struck is struck, whoever had put it in. */
function breakOf(block: Node): { readonly kind: 'insertion' | 'deletion'; readonly stamp: TraceStamp } | null {
	for (const kind of ['deletion', 'insertion'] as const) {
		const json = block.attrs[kind] as string | null | undefined;
		if (typeof json === 'string') return { kind, stamp: JSON.parse(json) as TraceStamp };
	}
	return null;
}

/** One label behind each run of changed words and each changed break: who and when, in words beside the colour. */
function labels(doc: Node, words: TraceLabelOptions['words']): DecorationSet {
	const found: Decoration[] = [];
	doc.forEach((block, start, index) => {
		const mark = index === 0 ? null : breakOf(block);
		// A paragraph mark stands where the paragraph before it ends.
		if (mark !== null) found.push(pilcrow(start - 1, mark.kind, mark.stamp, words(mark.stamp)));
		let last: { stamp: TraceStamp; end: number } | null = null;
		const close = (): void => {
			if (last !== null) found.push(label(last.end, last.stamp, words(last.stamp)));
			last = null;
		};
		block.forEach((node, offset) => {
			const stamp = stampOf(node);
			if (stamp === null || (last !== null && stamp.user !== last.stamp.user)) close();
			if (stamp !== null) last = { stamp, end: start + 1 + offset + node.nodeSize };
		});
		close();
	});
	return DecorationSet.create(doc, found);
}

function span(className: string, words: string): HTMLElement {
	const element = document.createElement('span');
	element.className = className;
	element.contentEditable = 'false';
	element.textContent = words;
	return element;
}
const label = (at: number, stamp: TraceStamp, words: string): Decoration =>
	Decoration.widget(at, () => span(`by by-${stamp.role}`, words), { side: 1, key: `${stamp.user}${stamp.at}`, ignoreSelection: true });

function pilcrow(at: number, kind: 'insertion' | 'deletion', stamp: TraceStamp, words: string): Decoration {
	const draw = (): HTMLElement => {
		const mark = document.createElement(kind === 'insertion' ? 'ins' : 'del');
		mark.className = `by-${stamp.role}`;
		mark.textContent = '¶';
		const whole = span('pilcrow', '');
		whole.append(mark, span(`by by-${stamp.role}`, words));
		return whole;
	};
	return Decoration.widget(at, draw, { side: 2, key: `${kind}${stamp.user}${stamp.at}`, ignoreSelection: true });
}

export const TraceLabels = Extension.create<TraceLabelOptions>({
	name: 'traceLabels',
	addOptions: () => ({ words: (stamp) => stamp.name }),
	addProseMirrorPlugins() {
		const { words } = this.options;
		return [
			new Plugin<DecorationSet>({
				state: { init: (_config, state) => labels(state.doc, words), apply: (tr, set) => (tr.docChanged ? labels(tr.doc, words) : set) },
				props: {
					decorations(state) {
						return this.getState(state);
					}
				}
			})
		];
	}
});
