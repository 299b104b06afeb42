import { z } from 'zod';
import { isId, type BedId, type PatientId, type Role, type StayId, type UserId, type WardId } from '../../kernel/index.ts';
import type { Isolation } from '../../nursing/index.ts';
import { wardIdSchema, type BedStatus, type WardSexRule } from '../../organization/index.ts';
import { birthDateSchema, patientIdSchema, type PatientInCare } from '../../patient/index.ts';

/** 病危 / 病重, by a doctor's notice. */
export const SEVERITIES = ['critical', 'serious'] as const;
export type Severity = (typeof SEVERITIES)[number];
export interface StaffName {
	readonly user: UserId;
	readonly name: string;
}

/** A stay lives from admission to the patient's physical leaving; a notice of discharge frees no bed. */
export type StayPhase =
	| { readonly phase: 'present' }
	| { readonly phase: 'leaving'; readonly noticeAt: number; readonly noticeBy: string }
	| { readonly phase: 'ended'; readonly at: number; readonly by: string };

export interface Stay {
	readonly id: StayId;
	readonly patient: PatientId;
	readonly ward: WardId;
	readonly admittedAt: number;
	readonly phase: StayPhase;
	readonly severity: Severity | null;
	readonly expectedDischarge: string | null;
	readonly payer: string;
	readonly bed: { readonly bed: BedId; readonly number: string } | null;
}

export const stayIdSchema = z.custom<StayId>(isId, 'stay id');
const about = { patient: patientIdSchema, stay: stayIdSchema };
export const admitSchema = z.strictObject({ patient: patientIdSchema, ward: wardIdSchema, payer: z.string().trim().min(1).max(20).default('自费') });
export interface Admit extends z.output<typeof admitSchema> {}
export const noticeSchema = z.strictObject({ ...about, expectedDischarge: birthDateSchema.nullable().default(null) });
export interface Notice extends z.output<typeof noticeSchema> {}
export const withdrawNoticeSchema = z.strictObject({ ...about, reason: z.string().trim().min(2).max(200) });
export interface WithdrawNotice extends z.output<typeof withdrawNoticeSchema> {}
export const leaveSchema = z.strictObject(about);
export interface Leave extends z.output<typeof leaveSchema> {}
export const setSeveritySchema = z.strictObject({ ...about, severity: z.enum(SEVERITIES).nullable() });
export interface SetSeverity extends z.output<typeof setSeveritySchema> {}
export const expectDischargeSchema = z.strictObject({ ...about, date: birthDateSchema.nullable() });
export interface ExpectDischarge extends z.output<typeof expectDischargeSchema> {}

/** Who answers for the patient in the ward they are in, and whose post that may be. */
export const POSTS = ['nurse', 'resident', 'attending'] as const;
export type Post = (typeof POSTS)[number];
export const FITTING: Readonly<Record<Post, readonly Role[]>> = { nurse: ['nurse', 'head-nurse'], resident: ['resident'], attending: ['attending', 'chief'] };
export const setResponsibleSchema = z.strictObject({ ...about, post: z.enum(POSTS), user: z.custom<UserId>(isId, 'user id').nullable() });
export interface SetResponsible extends z.output<typeof setResponsibleSchema> {}

interface AboutStay {
	readonly patient: PatientId;
	readonly stay: StayId;
	readonly ward: WardId;
}
export interface Admitted extends AboutStay {
	readonly type: 'inpatient.stay.admitted';
	readonly payer: string;
	readonly patientName: string;
}
export interface DischargeNoticed extends AboutStay {
	readonly type: 'inpatient.stay.discharge-noticed';
	readonly expectedDischarge: string | null;
}
export interface NoticeWithdrawn extends AboutStay {
	readonly type: 'inpatient.stay.notice-withdrawn';
	readonly reason: string;
}
export interface Left extends AboutStay {
	readonly type: 'inpatient.stay.left';
	readonly bed: BedId | null;
	readonly bedNumber: string | null;
	/** what the bed does next */
	readonly status: BedStatus;
}
export interface SeveritySet extends AboutStay {
	readonly type: 'inpatient.stay.severity-set';
	readonly severity: Severity | null;
}
export interface DischargeExpected extends AboutStay {
	readonly type: 'inpatient.stay.discharge-expected';
	readonly date: string | null;
}
export interface ResponsibleSet extends AboutStay {
	readonly type: 'inpatient.stay.responsible-set';
	readonly post: Post;
	/** null: nobody for now */
	readonly person: StaffName | null;
}

export interface StayState {
	readonly stay: Stay | null;
	/** another ward has been asked to take the patient and has not answered */
	readonly transfer: { readonly ward: string; readonly by: string; readonly at: number } | null;
	readonly patientName: string | null;
	readonly isolation: Isolation | null;
}
export interface ResponsibleState extends StayState {
	/** who is named, if they work in the ward of this stay */
	readonly person: (StaffName & { readonly role: Role }) | null;
}
export interface AdmitState extends PatientInCare {
	readonly ward: { readonly id: WardId; readonly name: string; readonly sexRule: WardSexRule } | null;
	/** the stay that still runs, with where and since when */
	readonly running: { readonly ward: string; readonly bed: string | null; readonly at: number } | null;
}
