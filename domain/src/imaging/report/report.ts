import { z } from 'zod';
import { command, ID, type Event, type PatientId } from '../../kernel/index.ts';
import { patientIdSchema, studyIdSchema, type IdentityState, type ReadingId, type ReportId, type StudyId } from '../study/study.ts';
import { mayReport, mayReview } from '../study/policy.ts';
import type { ReportContent } from './content.ts';
import { decideAddendum, decideReturn, decideReview, decideSubmit } from './decide.ts';

/**
 * The report on a study. 书写 by one radiologist makes it 初步; 审核 by another, who must be a reviewing radiologist, makes it 已审核 and seals it.
 * It must never be signed by one person alone, nor on a study whose person is in doubt.
 */
export type ReportStatus =
	| { readonly kind: 'draft'; readonly returned: { readonly by: string; readonly reason: string; readonly at: number } | null }
	| { readonly kind: 'preliminary'; readonly author: string; readonly version: number; readonly at: number }
	| { readonly kind: 'reviewed'; readonly author: string; readonly reviewer: string; readonly version: number; readonly at: number };

export interface ReportState {
	readonly study: StudyId;
	readonly reading: ReadingId;
	readonly report: ReportId;
	readonly patient: PatientId | null;
	readonly identity: IdentityState | null;
	readonly status: ReportStatus;
	/** read from the live document inside the same transaction */
	readonly content: ReportContent;
	readonly hash: string;
	readonly missing: readonly string[];
	readonly empty: boolean;
	readonly lastVersion: number;
	readonly lastHash: string | null;
}

interface OfReport extends Event {
	readonly patient: PatientId;
	readonly study: StudyId;
	readonly reading: ReadingId;
	readonly report: ReportId;
}
export interface ReportSubmitted extends OfReport {
	readonly type: 'imaging.report.submitted';
	readonly version: number;
	readonly hash: string;
	readonly previous: string | null;
}
export interface ReportReviewed extends OfReport {
	readonly type: 'imaging.report.reviewed';
	readonly version: number;
	readonly hash: string;
	readonly previous: string | null;
	readonly changed: boolean;
}
export interface ReportReturned extends OfReport {
	readonly type: 'imaging.report.returned';
	readonly reason: string;
}
export interface AddendumSigned extends OfReport {
	readonly type: 'imaging.report.addendum-signed';
	readonly version: number;
	readonly hash: string;
	readonly previous: string | null;
	readonly text: string;
}
export type ReportEvent = ReportSubmitted | ReportReviewed | ReportReturned | AddendumSigned;

export interface SubmitReport {
	readonly study: StudyId;
	readonly patient: PatientId;
	readonly report: ReportId;
	readonly hash: string;
}
export type ReviewReport = SubmitReport;
export interface ReturnReport {
	readonly study: StudyId;
	readonly patient: PatientId;
	readonly report: ReportId;
	readonly reason: string;
}
export interface AddAddendum {
	readonly study: StudyId;
	readonly patient: PatientId;
	readonly report: ReportId;
	readonly text: string;
}

const reportId = z
	.string()
	.regex(ID)
	.transform((value) => value as ReportId);
const of = { study: studyIdSchema, patient: patientIdSchema, report: reportId };
const signed = z.strictObject({ ...of, hash: z.string().regex(/^[0-9a-f]{64}$/) });
const patientOf = (state: ReportState | null, input: { readonly patient: PatientId }): PatientId | null => state?.patient ?? input.patient;

/** `hash`: of the canonical content on the signer's screen (`hashOf(readReport(...).content)`). */
export const submitReport = command<SubmitReport, ReportState | null, ReportEvent>()({
	name: 'imaging.report.submit',
	schema: signed,
	stepUp: true,
	patient: (input) => input.patient,
	patientOf: (state, input) => patientOf(state, input),
	policy: (actor) => mayReport(actor),
	decide: decideSubmit
});
export const reviewReport = command<ReviewReport, ReportState | null, ReportEvent>()({
	name: 'imaging.report.review',
	schema: signed,
	stepUp: true,
	patient: (input) => input.patient,
	patientOf: (state, input) => patientOf(state, input),
	policy: (actor) => mayReview(actor),
	decide: decideReview
});
/** Back to its author: the preliminary version stays in the history, typing goes on. */
export const returnReport = command<ReturnReport, ReportState | null, ReportEvent>()({
	name: 'imaging.report.return',
	schema: z.strictObject({ ...of, reason: z.string().trim().min(2).max(300) }),
	patient: (input) => input.patient,
	patientOf: (state, input) => patientOf(state, input),
	policy: (actor) => mayReview(actor),
	decide: decideReturn
});
export const addAddendum = command<AddAddendum, ReportState | null, ReportEvent>()({
	name: 'imaging.report.add-addendum',
	schema: z.strictObject({ ...of, text: z.string().trim().min(1).max(10_000) }),
	stepUp: true,
	patient: (input) => input.patient,
	patientOf: (state, input) => patientOf(state, input),
	policy: (actor) => mayReview(actor),
	decide: decideAddendum
});

export interface ReportVersion {
	readonly version: number;
	readonly kind: 'preliminary' | 'reviewed' | 'addendum';
	readonly hash: string;
	readonly previous: string | null;
	readonly by: string;
	readonly byName: string;
	readonly at: number;
	/** null for an addendum, which has `text` instead */
	readonly content: ReportContent | null;
	readonly text: string | null;
}

export interface ReportView {
	readonly report: ReportId;
	readonly status: ReportStatus;
	readonly authorName: string | null;
	readonly reviewerName: string | null;
	/** oldest first */
	readonly versions: readonly ReportVersion[];
	/** why nobody can sign now, as a refusal code */
	readonly blocked: 'study-unmatched' | 'identity-mismatch' | null;
}
