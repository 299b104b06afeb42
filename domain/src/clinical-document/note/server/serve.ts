import { liveName, type PatientId } from '../../../kernel/index.ts';
import type { Event } from '../../../kernel/command.ts';
import type { LiveDocumentTable } from '../../../kernel/server/live-log.ts';
import { tables, type LiveKind, type Served } from '../../../kernel/server/module.ts';
import { mayReadPatient } from '../../../patient/server.ts';
import { NOTE_KIND, NOTE_LIVE_VERSION, noteShape } from '../live.ts';
import { mayRead, writableRoots } from '../policy.ts';
import type { NoteDoors } from './doors.ts';
import { handlers } from './handlers.ts';
import { noteOf } from './read.ts';
import { seedNotes } from './seed.ts';
import { migrations } from './tables.ts';

const idOf = (event: Event): string | null => (event.type.startsWith('clinical-document.note.') ? (event as Event & { note: string }).note : null);

/** Who may read and write which sections of a note now. */
export const noteLive: LiveKind = {
	kind: NOTE_KIND,
	mode: 'draft',
	version: NOTE_LIVE_VERSION,
	shape: noteShape,
	async admit(handle, actor, id) {
		const note = await noteOf(handle, actor.organization, id);
		if (note === null || !mayRead(actor, note)) return null;
		const room = await tables<{ live_document: LiveDocumentTable }>(handle)
			.selectFrom('live_document')
			.select(['generation', 'sealed'])
			.where('id', '=', liveName(NOTE_KIND, id))
			.executeTakeFirst();
		return {
			mode: 'draft',
			patient: note.patient,
			writes: writableRoots(actor, note),
			sealed: note.sealed || Number(room?.sealed ?? 0) === 1,
			generation: Number(room?.generation ?? 0)
		};
	},
	touchedBy: (event) => {
		const id = idOf(event);
		return id !== null && (event.type.endsWith('.signed') || event.type.endsWith('.consultant-invited')) ? [id] : [];
	}
};

export const serveNotes = (doors: NoteDoors): Served => ({
	id: 'clinical-document/note',
	watched: [
		{
			name: 'notes',
			may: (handle, actor, id, now) => mayReadPatient(handle, actor, id as PatientId, now),
			touchedBy: (event) => (event.patient === null ? [] : [event.patient])
		},
		// Each doctor's own list of those who asked for an opinion.
		{ name: 'asked', may: (_, actor, id) => Promise.resolve(actor.user === id) }
	],
	migrations,
	handlers: handlers(doors),
	seed: seedNotes(doors),
	live: [noteLive],
	topics: (event) => {
		// A new result reaches the open note: its chips offer the newer value.
		if (event.type === 'clinical-record.observation.recorded') return [`notes:${event.patient}`];
		const id = idOf(event);
		if (id === null) return [];
		// Who was asked sees it arrive in their own list.
		const asked = event.type === 'clinical-document.note.consultant-invited' ? [`asked:${(event as Event & { user: string }).user}`] : [];
		return [`note:${id}`, `notes:${event.patient}`, ...asked];
	}
});
