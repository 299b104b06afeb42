import { localDate, ok, refuse, type Facts, type Refusal, type Result, type StayId } from '../../kernel/index.ts';
import { statusLeft } from '../bed-assignment/verdict.ts';
import { FITTING } from './stay.ts';
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
	Stay,
	StayState,
	WithdrawNotice
} from './stay.ts';

type Decided<E> = Result<readonly E[], Refusal>;

export function decideAdmit(state: AdmitState, input: Admit, facts: Facts): Decided<Admitted> {
	const { patient, ward, running } = state;
	if (patient === null || ward === null) return refuse('ward-unknown', {});
	if (running !== null) return refuse('already-admitted', { patientName: patient.name, ward: running.ward, bed: running.bed, at: running.at });
	if (patient.sex !== 'unknown' && ward.sexRule !== 'mixed' && ward.sexRule !== patient.sex)
		return refuse('ward-sex', { ward: ward.name, rule: ward.sexRule, patientName: patient.name, sex: patient.sex });
	return ok([
		{ type: 'inpatient.stay.admitted', patient: patient.id, stay: facts.newId() as StayId, ward: ward.id, payer: input.payer, patientName: patient.name }
	]);
}

/** The stay if it still runs. */
function running(state: StayState): Result<Stay, Refusal> {
	if (state.stay === null) return refuse('not-in-this-ward', { patientName: null, ward: null });
	const { phase } = state.stay;
	return phase.phase === 'ended' ? refuse('stay-ended', { patientName: state.patientName, by: phase.by, at: phase.at }) : ok(state.stay);
}
/** While another ward has been asked, nobody goes home from this one: first the request is taken back. */
const asked = ({ transfer, patientName }: StayState): Result<never, Refusal> | null =>
	transfer === null ? null : refuse('transfer-open', { patientName, ward: transfer.ward, by: transfer.by, at: transfer.at });
const about = ({ patient, id, ward }: Stay) => ({ patient, stay: id, ward });

export function decideNotice(state: StayState, input: Notice, facts: Facts): Decided<DischargeNoticed> {
	const stay = running(state);
	if (!stay.ok) return stay;
	const { phase } = stay.value;
	if (phase.phase === 'leaving') return refuse('notice-already-given', { patientName: state.patientName, by: phase.noticeBy, at: phase.noticeAt });
	if (input.expectedDischarge !== null && input.expectedDischarge < localDate(facts.now)) return refuse('date-in-past', { date: input.expectedDischarge });
	const open = asked(state);
	if (open !== null) return open;
	return ok([{ type: 'inpatient.stay.discharge-noticed', ...about(stay.value), expectedDischarge: input.expectedDischarge ?? stay.value.expectedDischarge }]);
}

export function decideWithdrawNotice(state: StayState, input: WithdrawNotice): Decided<NoticeWithdrawn> {
	const stay = running(state);
	if (!stay.ok) return stay;
	if (stay.value.phase.phase !== 'leaving') return refuse('no-discharge-notice', { patientName: state.patientName });
	return ok([{ type: 'inpatient.stay.notice-withdrawn', ...about(stay.value), reason: input.reason }]);
}

// The bed is freed when the patient has gone, not when somebody wrote that they may go.
export function decideLeave(state: StayState, _: Leave): Decided<Left> {
	const stay = running(state);
	if (!stay.ok) return stay;
	if (stay.value.phase.phase !== 'leaving') return refuse('no-discharge-notice', { patientName: state.patientName });
	const open = asked(state);
	if (open !== null) return open;
	const { bed } = stay.value;
	return ok([{ type: 'inpatient.stay.left', ...about(stay.value), bed: bed?.bed ?? null, bedNumber: bed?.number ?? null, status: statusLeft(state) }]);
}

export function decideSetSeverity(state: StayState, input: SetSeverity): Decided<SeveritySet> {
	const stay = running(state);
	if (!stay.ok) return stay;
	if (stay.value.severity === input.severity) return refuse('severity-unchanged', { patientName: state.patientName, severity: input.severity });
	return ok([{ type: 'inpatient.stay.severity-set', ...about(stay.value), severity: input.severity }]);
}

export function decideExpectDischarge(state: StayState, input: ExpectDischarge, facts: Facts): Decided<DischargeExpected> {
	const stay = running(state);
	if (!stay.ok) return stay;
	if (input.date !== null && input.date < localDate(facts.now)) return refuse('date-in-past', { date: input.date });
	return ok([{ type: 'inpatient.stay.discharge-expected', ...about(stay.value), date: input.date }]);
}

export function decideSetResponsible(state: ResponsibleState, input: SetResponsible): Decided<ResponsibleSet> {
	const stay = running(state);
	if (!stay.ok) return stay;
	const { person } = state;
	if (input.user !== null && (person === null || !FITTING[input.post].includes(person.role)))
		return refuse('not-of-this-post', { post: input.post, name: person?.name ?? null, patientName: state.patientName });
	return ok([
		{
			type: 'inpatient.stay.responsible-set',
			...about(stay.value),
			post: input.post,
			person: input.user === null || person === null ? null : { user: person.user, name: person.name }
		}
	]);
}
