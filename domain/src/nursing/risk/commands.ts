import { command } from '../../kernel/index.ts';
import { mayDiagnose, mayRecordFor } from '../../patient/index.ts';
import { decideRecordRisk, decideReleaseRestraint, decideRestrain, decideSetDiet, decideSetIsolation, type SafetyState } from './decide.ts';
import { recordRiskSchema, releaseRestraintSchema, restrainSchema, setDietSchema, setIsolationSchema } from './risk.ts';
import type {
	DietSet,
	IsolationSet,
	RecordRisk,
	ReleaseRestraint,
	Restrain,
	RestraintBegun,
	RestraintReleased,
	RiskRecorded,
	SetDiet,
	SetIsolation
} from './risk.ts';

export const recordRisk = command<RecordRisk, SafetyState, RiskRecorded>()({
	name: 'nursing.risk.record',
	schema: recordRiskSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.patient?.id ?? null,
	policy: (actor, _, state) => mayRecordFor(actor, state.care),
	decide: decideRecordRisk
});
export const setIsolation = command<SetIsolation, SafetyState, IsolationSet>()({
	name: 'nursing.risk.set-isolation',
	schema: setIsolationSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.patient?.id ?? null,
	policy: (actor, _, state) => mayRecordFor(actor, state.care),
	decide: decideSetIsolation
});
/** 精神卫生法: protective restraint is ordered by a doctor, with its reason. */
export const restrain = command<Restrain, SafetyState, RestraintBegun>()({
	name: 'nursing.risk.restrain',
	schema: restrainSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.patient?.id ?? null,
	policy: (actor, _, state) => mayDiagnose(actor, state.care),
	decide: decideRestrain
});
export const releaseRestraint = command<ReleaseRestraint, SafetyState, RestraintReleased>()({
	name: 'nursing.risk.release-restraint',
	schema: releaseRestraintSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.patient?.id ?? null,
	policy: (actor, _, state) => mayRecordFor(actor, state.care),
	decide: decideReleaseRestraint
});
export const setDiet = command<SetDiet, SafetyState, DietSet>()({
	name: 'nursing.risk.set-diet',
	schema: setDietSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.patient?.id ?? null,
	policy: (actor, _, state) => mayRecordFor(actor, state.care),
	decide: decideSetDiet
});
