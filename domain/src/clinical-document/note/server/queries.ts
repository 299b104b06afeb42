import type { StayTables } from '../../../inpatient/server.ts';
import { tables, type Handle } from '../../../kernel/server/module.ts';
import { hasRole, isDoctor, isNurse, worksIn, type Actor, type WardId } from '../../../kernel/index.ts';
import { peopleOf } from '../../../identity-access/server.ts';
import { wardRules } from '../../../organization/server.ts';
import { parseContent, type NoteContent } from '../content.ts';
import { duesOf, type Due, type DueFacts } from '../due.ts';
import { TEMPLATES, type Note, type NoteType } from '../note.ts';
import { mayAmend, mayInvite, mayRead, maySign, writableRoots } from '../policy.ts';
import { isEmpty } from '../trace.ts';
import { verifySignature } from '../signature.ts';
import type { Invitation, NoteView, SignatureLine } from '../view.ts';

export type { NoteView, SignatureLine } from '../view.ts';
import { addendumFrom, noteOf, writtenOf } from './read.ts';
import { noteTables, type NoteTables } from './tables.ts';

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
		mayAmend: mayAmend(actor, note),
		mayInvite: !note.sealed && mayInvite(actor, note) && TEMPLATES[note.type].sections.some((section) => section.author === 'consultant'),
		invitations: await invitationsOf(handle, actor.organization, id)
	};
}

async function invitationsOf(handle: Handle, organization: string, note: string): Promise<readonly Invitation[]> {
	const rows = await noteTables(handle).selectFrom('note_consultant').selectAll().where('note', '=', note).orderBy('invited_at').execute();
	const people = await peopleOf(
		handle,
		organization,
		rows.flatMap((row) => [row.user, row.invited_by])
	);
	return Promise.all(
		rows.map(async (row) => {
			const person = people.get(row.user);
			const wards = person === undefined || person.wards === '*' ? [] : person.wards;
			return {
				user: row.user,
				name: person?.name ?? '',
				wards: (await Promise.all(wards.map((ward) => wardRules(handle, ward)))).flatMap((ward) => (ward === null ? [] : [ward.name])),
				reason: row.reason,
				urgent: Number(row.urgent) === 1,
				invitedBy: people.get(row.invited_by)?.name ?? '',
				at: Number(row.invited_at)
			};
		})
	);
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

/** Notes with the ward their patient is in now: who was moved takes the open ones along. */
const notesWithPlace = (handle: Handle) =>
	tables<NoteTables & StayTables>(handle).selectFrom('note').leftJoin('inpatient_stay', 'inpatient_stay.id', 'note.stay');

/** For the list of the round: how far the doctors' note of each stay has come on this day. */
export async function dayOfWard(handle: Handle, actor: Actor, ward: WardId, date: string): Promise<ReadonlyMap<string, 'open' | 'signed'>> {
	const rows = await notesWithPlace(handle)
		.select(['note.stay', 'note.version'])
		.where((e) => e.or([e('note.ward', '=', ward), e('inpatient_stay.ward', '=', ward)]))
		.where('note.date', '=', date)
		.where('note.type', '!=', 'nursing-record')
		.where('note.organization', '=', actor.organization)
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
/** Open notes of this person's wards, and of patients those wards received since, whose next signature is theirs to give, oldest first. */
export async function notesToSign(handle: Handle, actor: Actor): Promise<readonly NoteToSign[]> {
	if (!isDoctor(actor) && !isNurse(actor)) return [];
	const rows = await notesWithPlace(handle)
		.selectAll('note')
		.select('inpatient_stay.ward as ward_now')
		.where('note.organization', '=', actor.organization)
		.where('note.sealed', '=', 0)
		.orderBy('note.date')
		.orderBy('note.opened_at')
		.limit(500)
		.execute();
	return rows
		.filter((row) => worksIn(actor, row.ward as WardId) || (row.ward_now !== null && worksIn(actor, row.ward_now as WardId)))
		.flatMap((row) => {
			const turn = TEMPLATES[row.type as NoteType].signatures[Number(row.version)];
			return turn !== undefined && hasRole(actor, turn) ? [{ id: row.id, patient: row.patient, type: row.type as NoteType, date: row.date }] : [];
		});
}

/** What each of these stays owes next. */
export async function duesOfStays(
	handle: Handle,
	organization: string,
	stays: readonly (Omit<DueFacts, 'signed'> & { readonly stay: string })[]
): Promise<ReadonlyMap<string, readonly Due[]>> {
	if (stays.length === 0) return new Map();
	const rows = await noteTables(handle)
		.selectFrom('note')
		.select(['stay', 'type', 'date'])
		.where('organization', '=', organization)
		.where('version', '>', 0)
		.where(
			'stay',
			'in',
			stays.map((one) => one.stay)
		)
		.execute();
	const signed = Map.groupBy(rows, (row) => row.stay);
	return new Map(
		stays.map(({ stay, ...facts }) => [
			stay,
			duesOf({ ...facts, signed: (signed.get(stay) ?? []).map(({ type, date }) => ({ type: type as NoteType, date })) })
		])
	);
}

export interface Consultation extends NoteToSign {
	readonly reason: string;
	readonly urgent: boolean;
	readonly invitedBy: string;
	readonly invitedAt: number;
	/** the consultant's part has words */
	readonly written: boolean;
}
/** Open notes this person was asked into, oldest request first. */
export async function consultationsOf(handle: Handle, actor: Actor): Promise<readonly Consultation[]> {
	const rows = await noteTables(handle)
		.selectFrom('note_consultant')
		.innerJoin('note', 'note.id', 'note_consultant.note')
		.select(['note.id', 'note.patient', 'note.type', 'note.date', 'reason', 'urgent', 'invited_by', 'invited_at'])
		.where('note_consultant.user', '=', actor.user)
		.where('note.organization', '=', actor.organization)
		.where('note.sealed', '=', 0)
		.orderBy('invited_at')
		.limit(100)
		.execute();
	const people = await peopleOf(
		handle,
		actor.organization,
		rows.map((row) => row.invited_by)
	);
	return Promise.all(
		rows.map(async (row) => {
			const note = await noteOf(handle, actor.organization, row.id);
			const content = note === null ? null : await writtenNow(handle, note);
			return {
				id: row.id,
				patient: row.patient,
				type: row.type as NoteType,
				date: row.date,
				reason: row.reason,
				urgent: Number(row.urgent) === 1,
				invitedBy: people.get(row.invited_by)?.name ?? '',
				invitedAt: Number(row.invited_at),
				written: content !== null && !isEmpty(content.sections['consult'] ?? [])
			};
		})
	);
}
