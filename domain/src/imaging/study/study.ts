import { z } from 'zod';
import { command, ID, type Event, type Id, type PatientId } from '../../kernel/index.ts';
import { decideConfirmIdentity, decideMatch, decideReceive, decideUnmatch } from './decide.ts';
import { IDENTITY_FIELDS, type ChartIdentity, type HeaderIdentity, type IdentityField } from './identity.ts';
import { mayConfirmIdentity, mayImport, mayMatch } from './policy.ts';

/**
 * A study is what one visit to a machine produced. It arrives unmatched and belongs to nobody until identifiers agree or a person says so.
 * Used by radiologists, and by ward doctors and nurses for their own patients. It must never be attached to a chart by name alone.
 */
export type StudyId = Id<'imaging-study'>;
export type ReadingId = Id<'imaging-reading'>;
export type ReportId = Id<'imaging-report'>;

/** confirmed: fields differed and a reviewing radiologist has vouched for the person with a reason */
export type IdentityState = 'agrees' | 'incomplete' | 'differs' | 'confirmed';
export type Matching =
	| { readonly kind: 'unmatched' }
	| {
			readonly kind: 'matched';
			readonly patient: PatientId;
			readonly how: 'identifiers' | 'person';
			readonly identity: IdentityState;
			readonly by: string;
			readonly at: number;
	  };

/** What the commands know of a study. `candidate` is the one chart the header's own identifiers lead to, if there is exactly one. */
export interface StudyState {
	readonly study: StudyId;
	readonly reading: ReadingId;
	readonly report: ReportId;
	readonly reportStatus: 'draft' | 'preliminary' | 'reviewed';
	readonly header: HeaderIdentity;
	readonly matching: Matching;
	/** the chart named in the command, or the matched one */
	readonly chart: (ChartIdentity & { readonly patient: PatientId }) | null;
	readonly candidate: (ChartIdentity & { readonly patient: PatientId }) | null;
	readonly series: number;
	readonly instances: number;
}

interface OfStudy extends Event {
	readonly study: StudyId;
	readonly reading: ReadingId;
	readonly report: ReportId;
}
export interface StudyReceived extends OfStudy {
	readonly type: 'imaging.study.received';
	readonly series: number;
	readonly instances: number;
}
export interface StudyMatched extends OfStudy {
	readonly type: 'imaging.study.matched';
	readonly patient: PatientId;
	readonly how: 'identifiers' | 'person';
	readonly identity: IdentityState;
}
export interface StudyUnmatched extends OfStudy {
	readonly type: 'imaging.study.unmatched';
	readonly patient: PatientId;
	readonly reason: string;
}
export interface IdentityConfirmed extends OfStudy {
	readonly type: 'imaging.study.identity-confirmed';
	readonly patient: PatientId;
	readonly reason: string;
	readonly differences: readonly IdentityField[];
}
export type StudyEvent = StudyReceived | StudyMatched | StudyUnmatched | IdentityConfirmed;

const id = <B extends string>() =>
	z
		.string()
		.regex(ID)
		.transform((value) => value as Id<B>);
export const studyIdSchema = id<'imaging-study'>();
export const patientIdSchema = id<'patient'>();
const reason = z.string().trim().min(2).max(300);
const fields = z.array(z.enum(IDENTITY_FIELDS)).max(4);

export interface ReceiveStudy {
	readonly study: StudyId;
}
export interface MatchStudy {
	readonly study: StudyId;
	readonly patient: PatientId;
	readonly differences: readonly IdentityField[];
}
export interface UnmatchStudy {
	readonly study: StudyId;
	readonly patient: PatientId;
	readonly reason: string;
}
export interface ConfirmIdentity {
	readonly study: StudyId;
	readonly patient: PatientId;
	readonly differences: readonly IdentityField[];
	readonly reason: string;
}

/** Announces what an import has stored and matches it when the header's identifiers agree with exactly one chart. */
export const receiveStudy = command<ReceiveStudy, StudyState | null, StudyEvent>()({
	name: 'imaging.study.receive',
	schema: z.strictObject({ study: studyIdSchema }),
	patient: () => null,
	patientOf: () => null,
	policy: (actor) => mayImport(actor),
	decide: decideReceive
});

/** `differences`: the contradicting fields the person was shown and accepted; anything else that differs refuses the match. */
export const matchStudy = command<MatchStudy, StudyState | null, StudyEvent>()({
	name: 'imaging.study.match',
	schema: z.strictObject({ study: studyIdSchema, patient: patientIdSchema, differences: fields }),
	patient: (input) => input.patient,
	// An unmatched study has no owner to contradict; one that has an owner is refused by name in decide.
	patientOf: (_state, input) => input.patient,
	policy: (actor) => mayMatch(actor),
	decide: decideMatch
});

export const unmatchStudy = command<UnmatchStudy, StudyState | null, StudyEvent>()({
	name: 'imaging.study.unmatch',
	schema: z.strictObject({ study: studyIdSchema, patient: patientIdSchema, reason }),
	patient: (input) => input.patient,
	patientOf: (state, input) => (state?.matching.kind === 'matched' ? state.matching.patient : input.patient),
	policy: (actor) => mayMatch(actor),
	decide: decideUnmatch
});

/** A temporary emergency number, a birthday typed wrong at the scanner: a reviewing radiologist vouches, with a reason, for exactly the differences shown. */
export const confirmIdentity = command<ConfirmIdentity, StudyState | null, StudyEvent>()({
	name: 'imaging.study.confirm-identity',
	schema: z.strictObject({ study: studyIdSchema, patient: patientIdSchema, differences: fields, reason }),
	stepUp: true,
	patient: (input) => input.patient,
	patientOf: (state, input) => (state?.matching.kind === 'matched' ? state.matching.patient : input.patient),
	policy: (actor) => mayConfirmIdentity(actor),
	decide: decideConfirmIdentity
});

export const WORKLIST_TOPIC = 'imaging-worklist';
export const STUDY_TOPIC = 'imaging-study';
export const studyTopic = (study: string): string => `${STUDY_TOPIC}:${study}`;
