import type { Role } from '../../kernel/actor.ts';

/** Document types of the ward round. The nursing record is a legal document of its own and never part of the doctors' note. */
export const NOTE_TYPES = ['first-progress', 'daily-progress', 'attending-round', 'nursing-record'] as const;
export type NoteType = (typeof NOTE_TYPES)[number];

/** Who writes a section: doctors (resident, attending, chief), the pharmacist, an invited consultant, or nurses. */
export type SectionAuthor = 'doctors' | 'pharmacist' | 'consultant' | 'nurses';

export interface Section {
	/** the name of the Y.XmlFragment at the root of the live document */
	readonly root: string;
	/** the mark at the section's head, one letter or one character */
	readonly letter: string;
	readonly author: SectionAuthor;
	/** an empty required section keeps the note from being signed */
	readonly required: boolean;
}

export interface Template {
	readonly type: NoteType;
	readonly sections: readonly Section[];
	/** roles in the order in which they must sign; the last one seals */
	readonly signatures: readonly Role[];
	/** hours after admission by which the first note of this type is due (病历书写基本规范 art. 22); null: by the patient's condition */
	readonly dueHours: number | null;
}

const section = (root: string, letter: string, author: SectionAuthor, required = false): Section => ({ root, letter, author, required });
const pharmacy = section('pharmacy', '药', 'pharmacist');
const consult = section('consult', '会', 'consultant');
const soap = [
	section('subjective', 'S', 'doctors', true),
	section('objective', 'O', 'doctors', true),
	section('assessment', 'A', 'doctors', true),
	section('plan', 'P', 'doctors', true)
] as const;

export const TEMPLATES: Readonly<Record<NoteType, Template>> = {
	'first-progress': {
		type: 'first-progress',
		sections: [section('features', '特', 'doctors', true), section('reasoning', '诊', 'doctors', true), section('plan', 'P', 'doctors', true), pharmacy],
		signatures: ['resident', 'attending'],
		dueHours: 8
	},
	'daily-progress': { type: 'daily-progress', sections: [...soap, pharmacy, consult], signatures: ['resident', 'attending'], dueHours: null },
	'attending-round': { type: 'attending-round', sections: [...soap, pharmacy, consult], signatures: ['resident', 'attending', 'chief'], dueHours: 48 },
	'nursing-record': {
		type: 'nursing-record',
		sections: [section('observation', '护', 'nurses', true), section('measures', '措', 'nurses')],
		signatures: ['nurse', 'head-nurse'],
		dueHours: null
	}
};

export const sectionOf = (type: NoteType, root: string): Section | undefined => TEMPLATES[type].sections.find((s) => s.root === root);
