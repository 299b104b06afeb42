import { Mark, Node, mergeAttributes } from '@tiptap/core';
import type { DOMOutputSpec } from '@tiptap/pm/model';

/** The words of a section: paragraphs of text and chips, nothing else. The domain's `contentOf` refuses what is not in here. */
export const NoteDocument = Node.create({ name: 'doc', topNode: true, content: 'paragraph+' });
export const NoteText = Node.create({ name: 'text', group: 'inline' });
export const NoteParagraph = Node.create({
	name: 'paragraph',
	priority: 1000,
	group: 'block',
	content: 'inline*',
	parseHTML: () => [{ tag: 'p' }],
	renderHTML: (): DOMOutputSpec => ['p', 0],
	addKeyboardShortcuts() {
		return {
			Enter: () => this.editor.commands.splitBlock(),
			'Shift-Enter': () => this.editor.commands.splitBlock()
		};
	}
});

const stampAttributes = () => ({ user: { default: '' }, name: { default: '' }, role: { default: '' }, at: { default: 0 } });
const pad = (n: number): string => String(n).padStart(2, '0');
const clock = (at: number): string => {
	const time = new Date(at);
	return `${pad(time.getHours())}:${pad(time.getMinutes())}`;
};

// No parse rules for marks and chips: pasted text never brings a trace or a value along, least of all another patient's.
const traceMark = (name: 'insertion' | 'deletion', tag: 'ins' | 'del') =>
	Mark.create({
		name,
		inclusive: name === 'insertion',
		addAttributes: stampAttributes,
		renderHTML: ({ mark, HTMLAttributes: _ignored }): DOMOutputSpec => {
			const { name: by, role, at } = mark.attrs as { name: string; role: string; at: number };
			return [tag, mergeAttributes({ class: `by-${role}`, title: `${by} ${clock(at)}`, 'data-by': `${by} ${clock(at)}` }), 0];
		}
	});
export const Insertion = traceMark('insertion', 'ins');
export const Deletion = traceMark('deletion', 'del');
