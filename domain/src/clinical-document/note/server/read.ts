import * as Y from 'yjs';
import { loadLive } from '../../../kernel/server/live-log.ts';
import { keepForeignFormatting, liveName, type PatientId, type StayId, type WardId } from '../../../kernel/index.ts';
import type { StayTables } from '../../../inpatient/server.ts';
import { tables, type Handle } from '../../../kernel/server/module.ts';
import { contentOf, ContentNotAllowed } from '../content.ts';
import type { Addendum, Written } from '../decide.ts';
import { NOTE_KIND } from '../live.ts';
import type { AddendumId, Note, NoteId, NoteType } from '../note.ts';
import { noteTables, type NoteAddendumTable, type NoteTable } from './tables.ts';

const noteFrom = (row: NoteTable, consultants: readonly string[], wardNow: string): Note => ({
	id: row.id as NoteId,
	patient: row.patient as PatientId,
	stay: row.stay as StayId,
	ward: row.ward as WardId,
	...(wardNow === row.ward ? {} : { movedTo: wardNow as WardId }),
	type: row.type as NoteType,
	date: row.date,
	version: Number(row.version),
	sealed: Number(row.sealed) === 1,
	consultants
});

/** A note of this hospital, or null: another hospital's looks like none. */
export async function noteOf(handle: Handle, organization: string, id: string): Promise<Note | null> {
	const db = noteTables(handle);
	const row = await db.selectFrom('note').selectAll().where('id', '=', id).where('organization', '=', organization).executeTakeFirst();
	if (row === undefined) return null;
	const consultants = await db.selectFrom('note_consultant').select('user').where('note', '=', id).orderBy('user').execute();
	const stay = await tables<StayTables>(handle).selectFrom('inpatient_stay').select('ward').where('id', '=', row.stay).executeTakeFirst();
	return noteFrom(
		row,
		consultants.map((c) => c.user),
		stay?.ward ?? row.ward
	);
}

/** What is written now, rebuilt from the durable log alone. */
export async function writtenOf(handle: Handle, note: Note): Promise<Written> {
	const live = await loadLive(handle, liveName(NOTE_KIND, note.id));
	const doc = new Y.Doc();
	keepForeignFormatting(doc);
	try {
		if (live.snapshot !== null) Y.applyUpdate(doc, live.snapshot);
		for (const update of live.updates) Y.applyUpdate(doc, update);
		return { kind: 'content', content: contentOf(doc, note.type) };
	} catch (error) {
		if (error instanceof ContentNotAllowed) return { kind: 'not-allowed', section: error.section };
		throw error;
	} finally {
		doc.destroy();
	}
}

export const addendumFrom = (row: NoteAddendumTable): Addendum => ({
	id: row.id as AddendumId,
	root: row.root,
	text: row.text,
	author: row.author,
	authorName: row.author_name,
	proposedAt: Number(row.proposed_at),
	state: row.state === 'signed' ? 'signed' : 'proposed',
	signedAt: row.signed_at === null ? null : Number(row.signed_at)
});

export async function lastSignature(handle: Handle, note: string) {
	return noteTables(handle)
		.selectFrom('note_signature')
		.selectAll()
		.where('note', '=', note)
		.where('addendum', 'is', null)
		.orderBy('version', 'desc')
		.limit(1)
		.executeTakeFirst();
}
/** The head of the note's chain, addenda included. */
export async function chainHead(handle: Handle, note: string): Promise<string | null> {
	const row = await noteTables(handle)
		.selectFrom('note_signature')
		.select(['hash', 'at'])
		.where('note', '=', note)
		.orderBy('at', 'desc')
		.orderBy('version', 'desc')
		.limit(1)
		.executeTakeFirst();
	return row?.hash ?? null;
}
