import { Editor, type AnyExtension } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import { CollaborationCaret } from '@tiptap/extension-collaboration-caret';
import type { Awareness } from 'y-protocols/awareness';
import type { Doc } from 'yjs';
import { CaretInTime } from '#kernel/live/caret-in-time.ts';
import { colourClass } from '#ui/faces.ts';
import { Chip, type ChipOptions, type ChipView } from './chip.ts';
import { Deletion, Insertion, NoteDocument, NoteParagraph, NoteText } from './schema.ts';
import { Slash, type SlashOptions } from './slash.ts';
import { TraceLabels, type TraceLabelOptions } from './trace-labels.ts';
import { Trace, type TraceOptions } from './trace.ts';

export interface SectionEditorOptions {
	readonly element: HTMLElement;
	readonly doc: Doc;
	readonly awareness: Awareness;
	readonly root: string;
	readonly label: string;
	readonly user: { readonly id: string; readonly name: string };
	readonly editable: boolean;
	readonly chip: ChipOptions;
	readonly slash: SlashOptions;
	readonly trace: TraceOptions;
	readonly labels: TraceLabelOptions;
}

/** The caret shows its owner's full name for two seconds after it moved, then a cap; on hover again (look 12.6). */
export function caret(user: Record<string, unknown>): HTMLElement {
	const element = document.createElement('span');
	element.className = `caret ${colourClass(slotOf(user))}`;
	const flag = document.createElement('i');
	flag.textContent = typeof user['name'] === 'string' ? user['name'] : '';
	element.append(flag);
	return element;
}
export const slotOf = (user: Record<string, unknown>): number => (typeof user['colour'] === 'number' ? user['colour'] : 0);

const extensions = (options: SectionEditorOptions): AnyExtension[] => [
	CaretInTime,
	NoteDocument,
	NoteParagraph,
	NoteText,
	Insertion,
	Deletion,
	Chip.configure(options.chip),
	Trace.configure(options.trace),
	TraceLabels.configure(options.labels),
	Slash.configure(options.slash),
	Collaboration.configure({ document: options.doc, field: options.root }),
	CollaborationCaret.configure({
		provider: { awareness: options.awareness },
		user: options.user,
		render: caret,
		selectionRender: (user) => ({ class: `hl ${colourClass(slotOf(user))}` })
	})
];

export const sectionEditor = (options: SectionEditorOptions): Editor =>
	new Editor({
		element: options.element,
		extensions: extensions(options),
		editable: options.editable,
		injectCSS: false,
		enableInputRules: false,
		enablePasteRules: false,
		editorProps: {
			attributes: {
				role: 'textbox',
				'aria-label': options.label,
				'aria-multiline': 'true',
				'data-root': options.root,
				spellcheck: 'false',
				autocapitalize: 'off',
				autocomplete: 'off'
			}
		}
	});

/** The chips that stand in this section now. */
export const chipViews = (editor: Editor): ReadonlySet<ChipView> =>
	(editor.storage as unknown as { readonly chip: { readonly views: ReadonlySet<ChipView> } }).chip.views;
