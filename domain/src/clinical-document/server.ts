export {
	consultationsOf,
	duesOfStays,
	noteView,
	notesOfDay,
	notesOfPatient,
	notesToSign,
	versionContent,
	writtenNow,
	dayOfWard,
	type Consultation,
	type NoteView,
	type SignatureLine
} from './note/server/queries.ts';
export type { NoteTables } from './note/server/tables.ts';
