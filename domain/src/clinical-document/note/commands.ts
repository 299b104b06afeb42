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

const meant = (input: { readonly patient: Note['patient'] }) => input.patient;
const recorded = (state: { readonly note: Note | null }) => state.note?.patient ?? null;

export const openNote = command<OpenNote, OpenState, NoteOpened>()({
	name: 'clinical-document.note.open',
	schema: openSchema,
	patient: meant,
	patientOf: (state: OpenState) => state.stay?.patient ?? null,
	policy: (actor, input: OpenNote, state: OpenState) => state.stay !== null && mayOpen(actor, state.stay.ward, input.type),
	decide: decideOpen
});

export const signNote = command<SignNote, SignState, NoteSigned>()({
	name: 'clinical-document.note.sign',
	schema: signSchema,
	stepUp: true,
	patient: meant,
	patientOf: recorded,
	policy: (actor, _input: SignNote, state: SignState) => state.note !== null && maySign(actor, state.note),
	decide: decideSign
});

export const inviteConsultant = command<InviteConsultant, InviteState, ConsultantInvited>()({
	name: 'clinical-document.note.invite-consultant',
	schema: inviteSchema,
	patient: meant,
	patientOf: recorded,
	policy: (actor, _input: InviteConsultant, state: InviteState) => state.note !== null && mayInvite(actor, state.note),
	decide: decideInvite
});

export const proposeAddendum = command<ProposeAddendum, { readonly note: Note | null }, AddendumProposed>()({
	name: 'clinical-document.note.propose-addendum',
	schema: proposeAddendumSchema,
	patient: meant,
	patientOf: recorded,
	policy: (actor, _input: ProposeAddendum, state: { readonly note: Note | null }) => state.note !== null && mayAmend(actor, state.note),
	decide: decideProposeAddendum
});

export const signAddendum = command<SignAddendum, SignAddendumState, AddendumSigned>()({
	name: 'clinical-document.note.sign-addendum',
	schema: signAddendumSchema,
	stepUp: true,
	patient: meant,
	patientOf: recorded,
	policy: (actor, _input: SignAddendum, state: SignAddendumState) => state.note !== null && mayAmend(actor, state.note),
	decide: decideSignAddendum
});
