import { ok, refuse, type Facts, type Refusal, type Result } from '../../kernel/index.ts';
import type { PatientInCare } from '../../patient/index.ts';
import type { Condition, ConditionId, ConditionRecorded, ConditionResolved, RecordCondition, ResolveCondition } from './condition.ts';

export interface ConditionState extends PatientInCare {
	readonly active: readonly Pick<Condition, 'id' | 'code' | 'system' | 'display' | 'rank'>[];
}

export function decideRecord(state: ConditionState, input: RecordCondition, facts: Facts): Result<readonly ConditionRecorded[], Refusal> {
	const known = state.active.find((condition) => condition.code === input.code && condition.system === input.system);
	if (known !== undefined) return refuse('already-diagnosed', { display: known.display, code: known.code });
	const principal = state.active.find((condition) => condition.rank === 'principal');
	if (input.rank === 'principal' && principal !== undefined) return refuse('principal-diagnosis-exists', { display: principal.display, code: principal.code });
	const { code, system, display, rank, onset } = input;
	return ok([
		{
			type: 'clinical-record.condition.recorded',
			patient: input.patient,
			wards: state.care.wards,
			condition: facts.newId() as ConditionId,
			code,
			system,
			display,
			short: input.short === '' ? display.slice(0, 24) : input.short,
			rank,
			onset
		}
	]);
}

export function decideResolve(state: ConditionState, input: ResolveCondition): Result<readonly ConditionResolved[], Refusal> {
	if (!state.active.some((condition) => condition.id === input.condition)) return refuse('not-an-active-diagnosis', {});
	return ok([
		{
			type: 'clinical-record.condition.resolved',
			patient: input.patient,
			wards: state.care.wards,
			condition: input.condition,
			as: input.as,
			reason: input.reason
		}
	]);
}
