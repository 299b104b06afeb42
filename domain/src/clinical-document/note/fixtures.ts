import * as Y from 'yjs';
import type { Actor, OrganizationId, PatientId, Role, StayId, UserId, WardId } from '../../kernel/index.ts';
import type { ChipAttributes, TraceStamp } from './content.ts';
import type { Note, NoteId } from './note.ts';

const padded = (name: string): string => name.padEnd(26, '0');
export const organization = padded('0rg') as OrganizationId;
export const ward = padded('ward') as WardId;
export const patient = padded('patnt') as PatientId;
export const stay = padded('stay') as StayId;

export const person = (role: Role, name: string, wards: Actor['wards'] = [ward]): Actor => ({
	user: padded(role.replace(/[^a-z]/g, '').replace(/[ilou]/g, 'x')) as UserId,
	name,
	role,
	organization,
	wards,
	session: 's',
	steppedUpAt: Number.MAX_SAFE_INTEGER / 2
});
export const resident = person('resident', '李晨');
export const attending = person('attending', '陈书遥');
export const chief = person('chief', '罗景行');
export const nurse = person('nurse', '王思齐');
export const headNurse = person('head-nurse', '李秀兰');
export const pharmacist = person('pharmacist', '顾临川');
export const radiologist = person('radiologist', '姚行之', '*');

export const openNoteState: Note = {
	id: padded('n0te') as NoteId,
	patient,
	stay,
	ward,
	type: 'daily-progress',
	date: '2026-11-21',
	version: 0,
	sealed: false,
	consultants: []
};

export const potassium: ChipAttributes = {
	source: 'observation',
	code: '2823-3',
	label: 'K',
	value: '3.9',
	unit: 'mmol/L',
	at: '1763685000000',
	observation: padded('0bs'),
	flag: '',
	trace: ''
};

interface Run {
	readonly text: string;
	readonly insertion?: TraceStamp;
	readonly deletion?: TraceStamp;
}
/** Writes one paragraph into a section the way the editor does. */
export function writeParagraph(
	doc: Y.Doc,
	root: string,
	runs: readonly (Run | ChipAttributes)[],
	breaks: { readonly insertion?: TraceStamp; readonly deletion?: TraceStamp } = {}
): void {
	const paragraph = new Y.XmlElement('paragraph');
	for (const [kind, stamp] of Object.entries(breaks)) paragraph.setAttribute(kind, JSON.stringify(stamp));
	doc.getXmlFragment(root).push([paragraph]);
	for (const run of runs) {
		if ('text' in run) {
			const text = new Y.XmlText();
			paragraph.push([text]);
			const { text: words, ...marks } = run;
			text.insert(0, words, marks);
		} else {
			const chip = new Y.XmlElement('chip');
			for (const [key, value] of Object.entries(run)) chip.setAttribute(key, value as string);
			paragraph.push([chip]);
		}
	}
}

/** A daily progress note with every required section written. */
export function writtenDoc(): Y.Doc {
	const doc = new Y.Doc();
	writeParagraph(doc, 'subjective', [{ text: '昨夜睡眠约 6 小时，否认自伤想法。' }]);
	writeParagraph(doc, 'objective', [{ text: '血钾 ' }, potassium, { text: ' 意识清。' }]);
	writeParagraph(doc, 'assessment', [{ text: '躁狂症状较前缓解，考虑继续原量观察。' }]);
	writeParagraph(doc, 'plan', [{ text: '继续防冲动、防外走。' }]);
	return doc;
}
