import type { LiveShape, LiveXml } from '../../kernel/index.ts';
import { TEMPLATES, type NoteType } from './templates.ts';

/** A note while it is written: one Y.Doc per note, one Y.XmlFragment at the root for each section. */
export const NOTE_KIND = 'note';
/** The schema: paragraphs with the attributes insertion and deletion, text, marks insertion and deletion, inline node chip. A change an older editor would drop raises it. */
export const NOTE_LIVE_VERSION = 1;
export const noteRoots = (type: NoteType): readonly string[] => TEMPLATES[type].sections.map((s) => s.root);

const section: LiveXml = {
	type: 'xml',
	children: ['paragraph'],
	elements: {
		paragraph: { attributes: ['insertion', 'deletion'], children: ['#text', 'chip'] },
		chip: { attributes: ['source', 'code', 'label', 'value', 'unit', 'at', 'observation', 'flag', 'trace'], children: [] }
	},
	marks: ['insertion', 'deletion'],
	bytes: 4096
};
/** Every section of every document type; which of them a note has and who writes it is a matter of rights. */
export const noteShape: LiveShape = Object.fromEntries(Object.values(TEMPLATES).flatMap(({ sections }) => sections.map(({ root }) => [root, section])));
