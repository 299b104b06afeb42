import { liveName, newId, type PatientId } from '../../../kernel/index.ts';
import { changeLiveRights, sealLive } from '../../../kernel/server/live-log.ts';
import type { Handle, WriteContext } from '../../../kernel/server/module.ts';
import { canonical, parseContent } from '../content.ts';
import type { SignState } from '../decide.ts';
import { NOTE_KIND, NOTE_LIVE_VERSION } from '../live.ts';
import type { NoteSigned } from '../note.ts';
import { meaningOf } from '../signature.ts';
import { strayChipOf, type NoteDoors } from './doors.ts';
import { lastSignature, noteOf, writtenOf } from './read.ts';
import { noteTables } from './tables.ts';

/** What a signature is decided on, read in the transaction that writes it. */
export async function loadSign(doors: NoteDoors, trx: Handle, id: string, organization: string): Promise<SignState> {
	const note = await noteOf(trx, organization, id);
	if (note === null) return { note, written: null, previous: null, last: null, strayChip: null };
	const written = await writtenOf(trx, note);
	const last = await lastSignature(trx, id);
	const version =
		last && (await noteTables(trx).selectFrom('note_version').select('content').where('note', '=', id).where('version', '=', last.version).executeTakeFirst());
	return {
		note,
		written,
		previous: last && version ? { content: parseContent(version.content), signature: last.hash } : null,
		last: last ? { by: last.author_name, at: Number(last.at) } : null,
		strayChip: written.kind === 'content' ? await strayChipOf(doors, trx, note, written.content) : null
	};
}

export async function saveSigned(doors: NoteDoors, trx: Handle, event: NoteSigned, { actor, now }: WriteContext, state: SignState): Promise<void> {
	if (state.written?.kind !== 'content') throw new Error('a signature without content');
	const db = noteTables(trx);
	const common = { organization: actor.organization, note: event.note, patient: event.patient, version: event.version };
	await db
		.insertInto('note_version')
		.values({
			...common,
			schema_version: NOTE_LIVE_VERSION,
			content: canonical(state.written.content),
			content_hash: event.contentHash,
			previous: event.previous,
			trace_complete: event.traceComplete ? 1 : 0,
			at: now
		})
		.execute();
	await db
		.insertInto('note_signature')
		.values({
			...common,
			id: newId(),
			addendum: null,
			author: actor.user,
			author_name: actor.name,
			role: actor.role,
			meaning: meaningOf(actor.role),
			at: now,
			content_hash: event.contentHash,
			previous: event.previous,
			hash: event.signature
		})
		.execute();
	await db
		.updateTable('note')
		.set({ version: event.version, sealed: event.sealed ? 1 : 0 })
		.where('id', '=', event.note)
		.execute();
	// The seal and the version are one commit: a power cut leaves the note open or sealed, nothing between.
	const room = liveName(NOTE_KIND, event.note);
	if (event.sealed) await sealLive(trx, room, now);
	else await changeLiveRights(trx, room, now);
	if (event.sealed && (state.note?.consultants.length ?? 0) > 0) await endOpinions(doors, trx, event.note, event.patient, now);
}

/** Whoever was asked in this note and in no other open one of the patient has answered. */
async function endOpinions(doors: NoteDoors, trx: Handle, note: string, patient: PatientId, now: number): Promise<void> {
	const asking = (sealed: 0 | 1) =>
		noteTables(trx)
			.selectFrom('note_consultant')
			.innerJoin('note', 'note.id', 'note_consultant.note')
			.select('note_consultant.user')
			.where('note.patient', '=', patient)
			.where('note.sealed', '=', sealed);
	const still = new Set((await asking(0).execute()).map(({ user }) => user));
	const here = await asking(1).where('note.id', '=', note).execute();
	for (const { user } of here) if (!still.has(user)) await doors.endOpinion(trx, patient, user, now);
}
