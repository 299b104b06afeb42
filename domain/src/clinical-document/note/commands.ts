import { command } from '../../kernel/command.ts';
import {
	decideInvite,
	decideOpen,
	decideProposeAddendum,
	decideSign,
	decideSignAddendum,
	type InviteState,
	type OpenState,
	type SignAddendumState,
	type SignState
} from './decide.ts';
import {
	inviteSchema,
	openSchema,
	proposeAddendumSchema,
	signAddendumSchema,
	signSchema,
	type AddendumProposed,
	type AddendumSigned,
	type ConsultantInvited,
	type InviteConsultant,
	type Note,
	type NoteOpened,
	type NoteSigned,
	type OpenNote,
	type ProposeAddendum,
	type SignAddendum,
	type SignNote
} from './note.ts';
import { mayAmend, mayInvite, mayOpen, maySign } from './policy.ts';

export const openNote = command<OpenNote, OpenState, NoteOpened>()({
	name: 'clinical-document.note.open',
	schema: openSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.stay?.patient ?? null,
	policy: (actor, input, state) => state.stay !== null && mayOpen(actor, state.stay.ward, input.type),
	decide: decideOpen
});

export const signNote = command<SignNote, SignState, NoteSigned>()({
	name: 'clinical-document.note.sign',
	schema: signSchema,
	stepUp: true,
	patient: (input) => input.patient,
	patientOf: (state) => state.note?.patient ?? null,
	policy: (actor, _input, state) => state.note !== null && maySign(actor, state.note),
	decide: decideSign
});

export const inviteConsultant = command<InviteConsultant, InviteState, ConsultantInvited>()({
	name: 'clinical-document.note.invite-consultant',
	schema: inviteSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.note?.patient ?? null,
	policy: (actor, _input, state) => state.note !== null && mayInvite(actor, state.note),
	decide: decideInvite
});

export const proposeAddendum = command<ProposeAddendum, { readonly note: Note | null }, AddendumProposed>()({
	name: 'clinical-document.note.propose-addendum',
	schema: proposeAddendumSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.note?.patient ?? null,
	policy: (actor, _input, state) => state.note !== null && mayAmend(actor, state.note),
	decide: decideProposeAddendum
});

export const signAddendum = command<SignAddendum, SignAddendumState, AddendumSigned>()({
	name: 'clinical-document.note.sign-addendum',
	schema: signAddendumSchema,
	stepUp: true,
	patient: (input) => input.patient,
	patientOf: (state) => state.note?.patient ?? null,
	policy: (actor, _input, state) => state.note !== null && mayAmend(actor, state.note),
	decide: decideSignAddendum
});
