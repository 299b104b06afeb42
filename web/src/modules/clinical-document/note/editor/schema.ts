import { Mark, Node } from '@tiptap/core';
import type { DOMOutputSpec } from '@tiptap/pm/model';
import { clock } from '../units.ts';

/** The words of a section: paragraphs of text and chips, nothing else. The domain's `contentOf` refuses what is not in here. */
export const NoteDocument = Node.create({ name: 'doc', topNode: true, content: 'paragraph+' });
export const NoteText = Node.create({ name: 'text', group: 'inline' });
export const NoteParagraph = Node.create({
	name: 'paragraph',
	priority: 1000,
	group: 'block',
	content: 'inline*',
	// Who put in or struck the break before this paragraph after a signature: JSON of the stamp, as on a chip.
	addAttributes: () => ({
		insertion: { default: null, keepOnSplit: false, rendered: false },
		deletion: { default: null, keepOnSplit: false, rendered: false }
	}),
	parseHTML: () => [{ tag: 'p' }],
	renderHTML: ({ node }): DOMOutputSpec => ['p', node.attrs['deletion'] === null ? {} : { class: 'runs-on' }, 0],
	addKeyboardShortcuts() {
		return {
			Enter: () => this.editor.commands.splitBlock(),
			'Shift-Enter': () => this.editor.commands.splitBlock()
		};
	}
});

const stampAttributes = () => ({ user: { default: '' }, name: { default: '' }, role: { default: '' }, at: { default: 0 } });
// No parse rules for marks and chips: pasted text never brings a trace or a value along, least of all another patient's.
const traceMark = (name: 'insertion' | 'deletion', tag: 'ins' | 'del') =>
	Mark.create({
		name,
		inclusive: name === 'insertion',
		addAttributes: stampAttributes,
		renderHTML: ({ mark }): DOMOutputSpec => {
			const { name: by, role, at } = mark.attrs as { name: string; role: string; at: number };
			return [tag, { class: `by-${role}`, title: `${by} ${clock(at)}` }, 0];
		}
	});
export const Insertion = traceMark('insertion', 'ins');
export const Deletion = traceMark('deletion', 'del');
