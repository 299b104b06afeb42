import { Extension } from '@tiptap/core';
import { Plugin, TextSelection, type Selection, type Transaction } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import type { Doc } from 'yjs';

/** Where the caret stands on the screen, if the editor does not know it yet. */
export function unseenSelection(view: EditorView): Selection | null {
	const dom = (view.root as Document).getSelection();
	if (dom?.anchorNode == null || dom.focusNode === null || !view.hasFocus()) return null;
	if (!view.dom.contains(dom.anchorNode) || !view.dom.contains(dom.focusNode)) return null;
	const anchor = view.posAtDOM(dom.anchorNode, dom.anchorOffset, 1);
	const head = view.posAtDOM(dom.focusNode, dom.focusOffset, 1);
	const { selection, doc } = view.state;
	if (Math.min(anchor, head) < 0 || Math.max(anchor, head) > doc.content.size) return null;
	if (anchor === selection.anchor && head === selection.head) return null;
	// A chosen value, or everything: the browser shows it as a range over the same words.
	if (!(selection instanceof TextSelection) && Math.min(anchor, head) <= selection.from && Math.max(anchor, head) >= selection.to) return null;
	const seen = TextSelection.between(doc.resolve(anchor), doc.resolve(head));
	return seen.eq(selection) ? null : seen;
}

function catchUp(view: EditorView): void {
	const seen = unseenSelection(view);
	if (seen !== null) view.dispatch(view.state.tr.setSelection(seen));
}

/** What acts at the caret; composition moves it by itself and is told at once. */
const ACTS = ['keydown', 'keypress', 'beforeinput', 'paste', 'cut', 'compositionstart'] as const;

/**
 * A browser moves the caret at once and tells the editor a moment later. What happens in between would act where the caret was (a hurried
 * Home, Delete), or, when a colleague's words or caret are drawn, put it back there: y-tiptap restores the selection the editor knows.
 * So the editor looks where the caret is before a key acts, and before anything of others is drawn.
 */
export const CaretInTime = Extension.create<Record<string, never>, { drawing: number }>({
	name: 'caretInTime',
	priority: 3000,
	addStorage: () => ({ drawing: 0 }),
	addProseMirrorPlugins() {
		const { storage } = this;
		const look = (view: EditorView): boolean => {
			if (!view.composing) catchUp(view);
			return false;
		};
		return [
			new Plugin({
				props: { handleDOMEvents: Object.fromEntries(ACTS.map((name) => [name, look])) },
				view: (view) => {
					const { doc } = ySyncPluginKey.getState(view.state) as { readonly doc: Doc };
					// Before the binding's own listener: it notes there the selection it will restore.
					const before = (): void => {
						if (storage.drawing === 0) catchUp(view);
					};
					doc.on('beforeAllTransactions', before);
					return {
						destroy: () => {
							doc.off('beforeAllTransactions', before);
						}
					};
				}
			})
		];
	},
	dispatchTransaction({ transaction, next }) {
		if (this.storage.drawing === 0) withSeen(this.editor.view, transaction);
		this.storage.drawing++;
		try {
			next(transaction);
		} finally {
			this.storage.drawing--;
		}
	}
});

/** Somebody's caret moved, or an appearance changed: drawing that must not put this caret back. */
function withSeen(view: EditorView, transaction: Transaction): void {
	if (transaction.docChanged || transaction.selectionSet) return;
	const seen = unseenSelection(view);
	if (seen !== null) transaction.setSelection(seen);
}
