import { command } from '../../kernel/index.ts';
import { decideAdmit, decideExpectDischarge, decideLeave, decideNotice, decideSetResponsible, decideSetSeverity, decideWithdrawNotice } from './decide.ts';
import { mayAdmit, mayDecideOnStay, mayHandleStay } from './policy.ts';
import { admitSchema, expectDischargeSchema, leaveSchema, noticeSchema, setResponsibleSchema, setSeveritySchema, withdrawNoticeSchema } from './stay.ts';
import type {
	Admit,
	Admitted,
	AdmitState,
	DischargeExpected,
	DischargeNoticed,
	ExpectDischarge,
	Leave,
	Left,
	Notice,
	NoticeWithdrawn,
	ResponsibleSet,
	ResponsibleState,
	SetResponsible,
	SetSeverity,
	SeveritySet,
	StayState,
	WithdrawNotice
} from './stay.ts';

export const admit = command<Admit, AdmitState, Admitted>()({
	name: 'inpatient.stay.admit',
	schema: admitSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.patient?.id ?? null,
	policy: (actor, _, state) => mayAdmit(actor, state),
	decide: decideAdmit
});
export const noticeDischarge = command<Notice, StayState, DischargeNoticed>()({
	name: 'inpatient.stay.discharge-notice',
	schema: noticeSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.stay?.patient ?? null,
	policy: (actor, _, state) => mayDecideOnStay(actor, state),
	decide: decideNotice
});
export const withdrawNotice = command<WithdrawNotice, StayState, NoticeWithdrawn>()({
	name: 'inpatient.stay.withdraw-notice',
	schema: withdrawNoticeSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.stay?.patient ?? null,
	policy: (actor, _, state) => mayDecideOnStay(actor, state),
	decide: decideWithdrawNotice
});
export const leave = command<Leave, StayState, Left>()({
	name: 'inpatient.stay.leave',
	schema: leaveSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.stay?.patient ?? null,
	policy: (actor, _, state) => mayHandleStay(actor, state),
	decide: decideLeave
});
export const setSeverity = command<SetSeverity, StayState, SeveritySet>()({
	name: 'inpatient.stay.set-severity',
	schema: setSeveritySchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.stay?.patient ?? null,
	policy: (actor, _, state) => mayDecideOnStay(actor, state),
	decide: decideSetSeverity
});
export const expectDischarge = command<ExpectDischarge, StayState, DischargeExpected>()({
	name: 'inpatient.stay.expect-discharge',
	schema: expectDischargeSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.stay?.patient ?? null,
	policy: (actor, _, state) => mayHandleStay(actor, state),
	decide: decideExpectDischarge
});
/** Doctors and nurses of the ward the patient is in say who answers for them there. */
export const setResponsible = command<SetResponsible, ResponsibleState, ResponsibleSet>()({
	name: 'inpatient.stay.set-responsible',
	schema: setResponsibleSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.stay?.patient ?? null,
	policy: (actor, _, state) => mayHandleStay(actor, state),
	decide: decideSetResponsible
});
