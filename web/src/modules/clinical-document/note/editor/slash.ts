import { Extension, type Editor } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';

/** An open `/` menu: what was typed after it, where it stands in the text and on the screen. */
export interface SlashState {
	readonly query: string;
	readonly from: number;
	readonly to: number;
	readonly left: number;
	readonly bottom: number;
}
export interface SlashOptions {
	changed(editor: Editor, state: SlashState | null): void;
	/** true when the menu took the key */
	key(event: KeyboardEvent): boolean;
}

const TYPED = /(?:^|[^\p{Script=Latin}\p{N}/])\/([\p{L}\p{N}]{0,12})$/u;

function stateOf(view: EditorView): SlashState | null {
	const { selection } = view.state;
	if (!selection.empty || !view.hasFocus()) return null;
	const { $head } = selection;
	const before = $head.parent.textBetween(0, $head.parentOffset, undefined, '￼');
	const match = TYPED.exec(before);
	if (match === null) return null;
	const query = match[1] ?? '';
	const from = $head.pos - query.length - 1;
	const { left, bottom } = view.coordsAtPos(from);
	return { query, from, to: $head.pos, left, bottom };
}

/** `/` offers values of the record: `/体温`, `/K`. */
export const Slash = Extension.create<SlashOptions>({
	name: 'slash',
	priority: 1500,
	addOptions: () => ({ changed: () => undefined, key: () => false }),
	addProseMirrorPlugins() {
		const { options, editor } = this;
		return [
			new Plugin({
				props: { handleKeyDown: (_view, event) => options.key(event) },
				view: () => ({
					update: (view) => options.changed(editor, stateOf(view)),
					destroy: () => options.changed(editor, null)
				})
			})
		];
	}
});
