import { exhaustive, ok, refuse, type Facts, type Refusal, type Result, type Role } from '../../kernel/index.ts';
import { canonical, contentHash, sha256Hex, type NoteContent } from './content.ts';
import {
	TEMPLATES,
	type AddendumProposed,
	type AddendumId,
	type AddendumSigned,
	type ConsultantInvited,
	type InviteConsultant,
	type Note,
	type NoteId,
	type NoteOpened,
	type NoteSigned,
	type OpenNote,
	type ProposeAddendum,
	type SignAddendum,
	type SignNote
} from './note.ts';
import { meaningOf, signatureHash } from './signature.ts';
import { isEmpty, traceComplete } from './trace.ts';
import { localDate } from '../../kernel/clock.ts';

/** A stay as the ward knows it, and what was already opened for it today. */
export interface OpenState {
	readonly stay: { readonly patient: Note['patient']; readonly ward: Note['ward']; readonly endedAt: number | null } | null;
	readonly existing: NoteId | null;
}

export function decideOpen(state: OpenState, input: OpenNote, facts: Facts): Result<readonly NoteOpened[], Refusal> {
	if (state.stay === null) return refuse('stay-unknown');
	if (state.existing === null && state.stay.endedAt !== null) return refuse('note-after-stay', { at: state.stay.endedAt });
	const created = state.existing === null;
	return ok([
		{
			type: 'clinical-document.note.opened',
			patient: state.stay.patient,
			ward: state.stay.ward,
			note: state.existing ?? (facts.newId() as NoteId),
			stay: input.stay,
			documentType: input.type,
			date: localDate(facts.now),
			created
		}
	]);
}

/** What is written now, read from the durable log inside the transaction that signs it. */
export type Written = { readonly kind: 'content'; readonly content: NoteContent } | { readonly kind: 'not-allowed'; readonly section: string };

export interface Signed {
	readonly by: string;
	readonly at: number;
}
export interface PreviousVersion {
	readonly content: NoteContent;
	readonly signature: string;
}
export interface SignState {
	readonly note: Note | null;
	readonly written: Written | null;
	readonly previous: PreviousVersion | null;
	/** who signed last, for the sentence */
	readonly last: Signed | null;
	/** a chip whose value is not what the record says, if there is one */
	readonly strayChip: { readonly label: string; readonly value: string; readonly section: string } | null;
}

const turnOf = (note: Note): Role | undefined => TEMPLATES[note.type].signatures[note.version];

export function decideSign(state: SignState, input: SignNote, facts: Facts): Result<readonly NoteSigned[], Refusal> {
	const { note, written, previous } = state;
	if (note === null || written === null) return refuse('note-unknown');
	const by = state.last?.by ?? null;
	if (note.sealed) return refuse('note-sealed', { by, at: state.last?.at ?? null });
	const turn = turnOf(note);
	if (turn === undefined) return refuse('note-sealed', { by, at: state.last?.at ?? null });
	if (TEMPLATES[note.type].signatures.indexOf(facts.actor.role) < note.version && TEMPLATES[note.type].signatures.includes(facts.actor.role))
		return refuse('already-signed', { by, at: state.last?.at ?? null, role: facts.actor.role });
	if (turn !== facts.actor.role) return refuse('other-turn', { role: turn });
	if (written.kind === 'not-allowed') return refuse('content-not-allowed', { section: written.section });
	// The signer signs what stood on the screen, not what arrived while the password was typed.
	if (contentHash(written.content) !== input.hash) return refuse('text-changed');
	const missing = TEMPLATES[note.type].sections.filter((s) => s.required && isEmpty(written.content.sections[s.root] ?? []));
	if (missing[0] !== undefined) return refuse('section-empty', { section: missing[0].root, count: missing.length });
	if (state.strayChip !== null) return refuse('chip-not-in-record', state.strayChip);
	return ok([signedEvent(note, written.content, previous, facts)]);
}

function signedEvent(note: Note, written: NoteContent, previous: PreviousVersion | null, facts: Facts): NoteSigned {
	const content = canonical(written);
	const version = note.version + 1;
	const signed = {
		note: note.id,
		patient: note.patient,
		version,
		contentHash: sha256Hex(content),
		author: facts.actor.user,
		authorName: facts.actor.name,
		role: facts.actor.role,
		meaning: meaningOf(facts.actor.role),
		at: facts.now,
		previous: previous?.signature ?? null
	};
	return {
		type: 'clinical-document.note.signed',
		patient: note.patient,
		ward: note.ward,
		note: note.id,
		version,
		role: facts.actor.role,
		by: facts.actor.user,
		at: facts.now,
		contentHash: signed.contentHash,
		previous: signed.previous,
		signature: signatureHash(signed),
		sealed: version === TEMPLATES[note.type].signatures.length,
		traceComplete: previous === null || traceComplete(previous.content, written)
	};
}

export interface InviteState {
	readonly note: Note | null;
	readonly doctor: boolean;
}
export function decideInvite(state: InviteState, input: InviteConsultant, facts: Facts): Result<readonly ConsultantInvited[], Refusal> {
	if (state.note === null) return refuse('note-unknown');
	if (!TEMPLATES[state.note.type].sections.some((s) => s.author === 'consultant')) return refuse('no-consultation-here');
	if (state.note.sealed) return refuse('note-sealed', { by: null, at: null });
	if (!state.doctor) return refuse('not-a-doctor');
	if (input.user === facts.actor.user) return refuse('invites-oneself');
	if (state.note.consultants.includes(input.user)) return ok([]);
	return ok([
		{
			type: 'clinical-document.note.consultant-invited',
			patient: state.note.patient,
			ward: state.note.ward,
			note: state.note.id,
			user: input.user,
			reason: input.reason,
			urgent: input.urgent
		}
	]);
}

export function decideProposeAddendum(
	state: { readonly note: Note | null },
	input: ProposeAddendum,
	facts: Facts
): Result<readonly AddendumProposed[], Refusal> {
	const { note } = state;
	if (note === null) return refuse('note-unknown');
	if (!TEMPLATES[note.type].sections.some((s) => s.root === input.root)) return refuse('section-unknown');
	if (note.version === 0) return refuse('note-still-open');
	const event: AddendumProposed = {
		type: 'clinical-document.note.addendum-proposed',
		patient: note.patient,
		ward: note.ward,
		note: note.id,
		addendum: facts.newId() as AddendumId,
		root: input.root,
		text: input.text,
		origin: input.origin,
		at: facts.now
	};
	return ok([event]);
}

export interface Addendum {
	readonly id: AddendumId;
	readonly root: string;
	readonly text: string;
	readonly author: string;
	readonly authorName: string;
	readonly proposedAt: number;
	readonly state: 'proposed' | 'signed';
	readonly signedAt: number | null;
}
export interface SignAddendumState {
	readonly note: Note | null;
	readonly addendum: Addendum | null;
	readonly previous: string | null;
}
/** What the author of an addendum signs. */
export const addendumHash = (a: Pick<Addendum, 'id' | 'root' | 'text'>): string => sha256Hex(canonical({ addendum: a.id, root: a.root, text: a.text }));

export function decideSignAddendum(state: SignAddendumState, input: SignAddendum, facts: Facts): Result<readonly AddendumSigned[], Refusal> {
	const { note, addendum } = state;
	if (note === null || addendum === null) return refuse('note-unknown');
	switch (addendum.state) {
		case 'signed':
			return refuse('addendum-signed', { by: addendum.authorName, at: addendum.signedAt });
		case 'proposed': {
			if (addendum.author !== facts.actor.user) return refuse('addendum-of-another', { by: addendum.authorName });
			const hash = addendumHash(addendum);
			if (hash !== input.hash) return refuse('text-changed');
			const signature = signatureHash({
				note: note.id,
				patient: note.patient,
				version: note.version,
				contentHash: hash,
				author: facts.actor.user,
				authorName: facts.actor.name,
				role: facts.actor.role,
				meaning: 'addendum',
				at: facts.now,
				previous: state.previous
			});
			return ok([
				{
					type: 'clinical-document.note.addendum-signed',
					patient: note.patient,
					ward: note.ward,
					note: note.id,
					addendum: addendum.id,
					at: facts.now,
					signature
				}
			]);
		}
		default:
			return exhaustive(addendum.state);
	}
}
