import type { Handle } from '../../../kernel/server/module.ts';
import { hasRole, isDoctor, isNurse, worksIn, type Actor, type WardId } from '../../../kernel/index.ts';
import { parseContent, type NoteContent } from '../content.ts';
import { TEMPLATES, type Note, type NoteType } from '../note.ts';
import { mayAmend, mayRead, maySign, writableRoots } from '../policy.ts';
import { verifySignature } from '../signature.ts';
import type { NoteView, SignatureLine } from '../view.ts';

export type { NoteView, SignatureLine } from '../view.ts';
import { addendumFrom, noteOf, writtenOf } from './read.ts';
import { noteTables } from './tables.ts';

/** Null when there is no such note or this person may not read it: the two look the same. */
export async function noteView(handle: Handle, actor: Actor, id: string): Promise<NoteView | null> {
	const note = await noteOf(handle, actor.organization, id);
	if (note === null || !mayRead(actor, note)) return null;
	const addenda = await noteTables(handle).selectFrom('note_addendum').selectAll().where('note', '=', id).orderBy('proposed_at').execute();
	return {
		note,
		signatures: await signaturesOf(handle, id),
		addenda: addenda.map(addendumFrom),
		writes: writableRoots(actor, note),
		maySign: maySign(actor, note),
		mayAmend: mayAmend(actor, note)
	};
}

async function signaturesOf(handle: Handle, id: string): Promise<SignatureLine[]> {
	const rows = await noteTables(handle)
		.selectFrom('note_signature')
		.innerJoin('note_version', (join) =>
			join.onRef('note_version.note', '=', 'note_signature.note').onRef('note_version.version', '=', 'note_signature.version')
		)
		.selectAll('note_signature')
		.select(['note_version.content', 'note_version.trace_complete'])
		.where('note_signature.note', '=', id)
		.where('note_signature.addendum', 'is', null)
		.orderBy('note_signature.version')
		.execute();
	return rows.map((row) => ({
		version: Number(row.version),
		by: row.author_name,
		role: row.role,
		meaning: row.meaning,
		at: Number(row.at),
		hash: row.hash,
		contentHash: row.content_hash,
		traceComplete: Number(row.trace_complete) === 1,
		holds: verifySignature(
			row.content,
			{
				note: row.note,
				patient: row.patient,
				version: Number(row.version),
				contentHash: row.content_hash,
				author: row.author,
				authorName: row.author_name,
				role: row.role,
				meaning: row.meaning,
				at: Number(row.at),
				previous: row.previous
			},
			row.hash
		)
	}));
}

/** The frozen text of a version; the latest when none is named. */
export async function versionContent(
	handle: Handle,
	note: string,
	version?: number
): Promise<{ readonly version: number; readonly content: NoteContent } | null> {
	const query = noteTables(handle).selectFrom('note_version').select(['version', 'content']).where('note', '=', note);
	const row = await (version === undefined ? query.orderBy('version', 'desc').limit(1) : query.where('version', '=', version)).executeTakeFirst();
	return row === undefined ? null : { version: Number(row.version), content: parseContent(row.content) };
}

/** The notes of one stay on one day, for the round page. */
export async function notesOfDay(handle: Handle, actor: Actor, stay: string, date: string): Promise<Partial<Record<NoteType, string>>> {
	const rows = await noteTables(handle)
		.selectFrom('note')
		.select(['id', 'type'])
		.where('stay', '=', stay)
		.where('date', '=', date)
		.where('organization', '=', actor.organization)
		.execute();
	return Object.fromEntries(rows.map((row) => [row.type, row.id]));
}

/** All notes of a patient, newest first, for the chart. */
export async function notesOfPatient(
	handle: Handle,
	actor: Actor,
	patient: string
): Promise<readonly Pick<Note, 'id' | 'type' | 'date' | 'version' | 'sealed'>[]> {
	const rows = await noteTables(handle)
		.selectFrom('note')
		.select(['id', 'type', 'date', 'version', 'sealed'])
		.where('patient', '=', patient)
		.where('organization', '=', actor.organization)
		.orderBy('date', 'desc')
		.orderBy('opened_at', 'desc')
		.execute();
	return rows.map((row) => ({
		id: row.id as Note['id'],
		type: row.type as NoteType,
		date: row.date,
		version: Number(row.version),
		sealed: Number(row.sealed) === 1
	}));
}

/** The draft as it stands on disk; null while something in it breaks the schema. */
export async function writtenNow(handle: Handle, note: Note): Promise<NoteContent | null> {
	const written = await writtenOf(handle, note);
	return written.kind === 'content' ? written.content : null;
}

/** For the list of the round: how far the doctors' note of each stay has come on this day. */
export async function dayOfWard(handle: Handle, actor: Actor, ward: WardId, date: string): Promise<ReadonlyMap<string, 'open' | 'signed'>> {
	const rows = await noteTables(handle)
		.selectFrom('note')
		.select(['stay', 'version'])
		.where('ward', '=', ward)
		.where('date', '=', date)
		.where('type', '!=', 'nursing-record')
		.where('organization', '=', actor.organization)
		.execute();
	const states = new Map<string, 'open' | 'signed'>();
	for (const row of rows) if (states.get(row.stay) !== 'signed') states.set(row.stay, Number(row.version) > 0 ? 'signed' : 'open');
	return states;
}

export interface NoteToSign {
	readonly id: string;
	readonly patient: string;
	readonly type: NoteType;
	readonly date: string;
}
/** Open notes of this person's wards whose next signature is theirs to give, oldest first. */
export async function notesToSign(handle: Handle, actor: Actor): Promise<readonly NoteToSign[]> {
	if (!isDoctor(actor) && !isNurse(actor)) return [];
	const rows = await noteTables(handle)
		.selectFrom('note')
		.selectAll()
		.where('organization', '=', actor.organization)
		.where('sealed', '=', 0)
		.orderBy('date')
		.orderBy('opened_at')
		.limit(500)
		.execute();
	return rows
		.filter((row) => worksIn(actor, row.ward as WardId))
		.flatMap((row) => {
			const turn = TEMPLATES[row.type as NoteType].signatures[Number(row.version)];
			return turn !== undefined && hasRole(actor, turn) ? [{ id: row.id, patient: row.patient, type: row.type as NoteType, date: row.date }] : [];
		});
}
