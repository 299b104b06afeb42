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

/** One label behind each run of changed words: who and when, in words beside the colour. */
function labels(doc: Node, words: TraceLabelOptions['words']): DecorationSet {
	const found: Decoration[] = [];
	doc.descendants((block, start) => {
		if (!block.isTextblock) return true;
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
		return false;
	});
	return DecorationSet.create(doc, found);
}

function label(at: number, stamp: TraceStamp, words: string): Decoration {
	const draw = (): HTMLElement => {
		const element = document.createElement('span');
		element.className = `by by-${stamp.role}`;
		element.contentEditable = 'false';
		element.textContent = words;
		return element;
	};
	return Decoration.widget(at, draw, { side: 1, key: `${stamp.user}${stamp.at}`, ignoreSelection: true });
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
