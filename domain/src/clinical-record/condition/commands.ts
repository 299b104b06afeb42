import { command } from '../../kernel/index.ts';
import { mayDiagnose } from '../../patient/index.ts';
import {
	recordConditionSchema,
	resolveConditionSchema,
	type ConditionRecorded,
	type ConditionResolved,
	type RecordCondition,
	type ResolveCondition
} from './condition.ts';
import { decideRecord, decideResolve, type ConditionState } from './decide.ts';

export const recordCondition = command<RecordCondition, ConditionState, ConditionRecorded>()({
	name: 'clinical-record.condition.record',
	schema: recordConditionSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.patient?.id ?? null,
	policy: (actor, _, state) => mayDiagnose(actor, state.care),
	decide: decideRecord
});
export const resolveCondition = command<ResolveCondition, ConditionState, ConditionResolved>()({
	name: 'clinical-record.condition.resolve',
	schema: resolveConditionSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.patient?.id ?? null,
	policy: (actor, _, state) => mayDiagnose(actor, state.care),
	decide: decideResolve
});
