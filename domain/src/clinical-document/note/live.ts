import { TEMPLATES, type NoteType } from './templates.ts';

/** A note while it is written: one Y.Doc per note, one Y.XmlFragment at the root for each section. */
export const NOTE_KIND = 'note';
/** History of the schema. 1: paragraphs, text, marks insertion and deletion, inline node chip. */
export const NOTE_LIVE_VERSION = 1;
export const noteRoots = (type: NoteType): readonly string[] => TEMPLATES[type].sections.map((s) => s.root);
