import { Editor, Node } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import { CollaborationCaret } from '@tiptap/extension-collaboration-caret';
import { StarterKit } from '@tiptap/starter-kit';
import { MEASUREMENT_NODE, type ReportRoot } from '@tongping/domain/imaging';
import type { Awareness } from 'y-protocols/awareness';
import type { Doc } from 'yjs';
import { CaretInTime } from '#kernel/live/caret-in-time.ts';
import { colourClass } from '#ui/faces.ts';

/** What the chips of a report ask their page for; answers change while the report is open, so `redraw` tells them to ask again. */
export interface Quotes {
	words(measurement: string): { readonly text: string; readonly valid: boolean };
	open(measurement: string): void;
	readonly redraw: Set<() => void>;
}

/** A measurement in the words of a report: an atom that names it. The number is looked up, never typed, and frozen by the signature. */
export const quote = (quotes: Quotes): Node =>
	Node.create({
		name: MEASUREMENT_NODE,
		group: 'inline',
		inline: true,
		atom: true,
		selectable: true,
		addAttributes: () => ({ measurement: { default: null, parseHTML: (element) => element.getAttribute('measurement') } }),
		// Pasted text cannot bring a measurement along: a reference is made by the server's word only.
		parseHTML: () => [],
		renderHTML: ({ node }) => [MEASUREMENT_NODE, { measurement: String(node.attrs.measurement) }],
		renderText: ({ node }) => quotes.words(String(node.attrs.measurement)).text,
		addNodeView: () => (context) => {
			const id = String(context.node.attrs.measurement);
			const dom = document.createElement('button');
			dom.type = 'button';
			dom.contentEditable = 'false';
			dom.dataset.testid = 'quote';
			const draw = (): void => {
				const { text, valid } = quotes.words(id);
				dom.textContent = text;
				dom.className = valid ? 'lc' : 'lc gone';
			};
			draw();
			dom.addEventListener('click', () => quotes.open(id));
			quotes.redraw.add(draw);
			return { dom, ignoreMutation: () => true, destroy: () => quotes.redraw.delete(draw) };
		}
	});

function caret(user: Record<string, unknown>): HTMLElement {
	const element = document.createElement('span');
	element.className = `caret ${colourClass(typeof user.colour === 'number' ? user.colour : 0)}`;
	const flag = document.createElement('i');
	flag.textContent = typeof user.name === 'string' ? user.name : '';
	element.append(flag);
	return element;
}

export interface SectionOptions {
	readonly element: HTMLElement;
	readonly doc: Doc;
	readonly awareness: Awareness;
	readonly root: ReportRoot;
	readonly label: string;
	readonly editable: boolean;
	readonly quotes: Quotes;
	readonly me: { readonly id: string; readonly name: string };
	focused(): void;
}

/** Paragraphs, text and line breaks: what a report may hold besides quotes. The gate's shape is tested against this very list. */
export const plainText = StarterKit.configure({
	undoRedo: false,
	heading: false,
	codeBlock: false,
	code: false,
	blockquote: false,
	horizontalRule: false,
	link: false,
	bulletList: false,
	orderedList: false,
	listItem: false,
	listKeymap: false,
	strike: false,
	underline: false,
	italic: false,
	bold: false,
	dropcursor: false,
	trailingNode: false
});

export const sectionEditor = (options: SectionOptions): Editor =>
	new Editor({
		element: options.element,
		editable: options.editable,
		injectCSS: false,
		extensions: [
			CaretInTime,
			plainText,
			quote(options.quotes),
			Collaboration.configure({ document: options.doc, field: options.root }),
			CollaborationCaret.configure({
				provider: { awareness: options.awareness },
				user: options.me,
				render: caret,
				selectionRender: (user) => ({ class: `hl ${colourClass(typeof user.colour === 'number' ? user.colour : 0)}` })
			})
		],
		onFocus: options.focused,
		editorProps: {
			attributes: {
				role: 'textbox',
				'aria-label': options.label,
				'aria-multiline': 'true',
				'aria-readonly': String(!options.editable),
				'data-root': options.root,
				spellcheck: 'false',
				...(options.editable ? {} : { tabindex: '0' })
			}
		}
	});
