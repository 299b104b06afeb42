import { ok, refuse, type Refusal, type Result } from '../../kernel/index.ts';
import type { PatientInCare } from '../../patient/index.ts';
import { bradenGrade, morseGrade } from './risk.ts';
import type {
	DietSet,
	IsolationSet,
	RecordRisk,
	ReleaseRestraint,
	Restrain,
	RestraintBegun,
	RestraintReleased,
	RiskRecorded,
	Safety,
	SetDiet,
	SetIsolation
} from './risk.ts';

export interface SafetyState extends PatientInCare {
	readonly safety: Safety;
}
type Decided<E> = Result<readonly E[], Refusal>;

export function decideRecordRisk(state: SafetyState, { patient, assessment }: RecordRisk): Decided<RiskRecorded> {
	const common = { type: 'nursing.risk.recorded', patient, wards: state.care.wards, scale: assessment.scale, score: assessment.score } as const;
	switch (assessment.scale) {
		case 'Morse':
			return ok([{ ...common, kind: 'fall', grade: morseGrade(assessment.score) }]);
		case 'Braden':
			return ok([{ ...common, kind: 'pressure', grade: bradenGrade(assessment.score) }]);
		case 'ward':
			return ok([{ ...common, kind: assessment.kind, grade: assessment.grade }]);
	}
}

// Isolation is a fact about the patient: it is written down even where the room is wrong now, and the board shows the conflict.
export function decideSetIsolation(state: SafetyState, { patient, isolation }: SetIsolation): Decided<IsolationSet> {
	const now = state.safety.isolation;
	if (now?.kind === isolation?.kind && now?.organism === isolation?.organism)
		return refuse('isolation-unchanged', { kind: isolation?.kind ?? null, organism: isolation?.organism ?? null });
	return ok([{ type: 'nursing.risk.isolation-set', patient, wards: state.care.wards, isolation }]);
}

export function decideRestrain(state: SafetyState, { patient, reason }: Restrain): Decided<RestraintBegun> {
	const running = state.safety.restraint;
	if (running !== null) return refuse('already-restrained', { at: running.since, by: running.by });
	return ok([{ type: 'nursing.risk.restraint-begun', patient, wards: state.care.wards, reason }]);
}

export function decideReleaseRestraint(state: SafetyState, { patient, note }: ReleaseRestraint): Decided<RestraintReleased> {
	if (state.safety.restraint === null) return refuse('not-restrained', { patientName: state.patient?.name ?? null });
	return ok([{ type: 'nursing.risk.restraint-released', patient, wards: state.care.wards, note }]);
}

export function decideSetDiet(state: SafetyState, { patient, diet }: SetDiet): Decided<DietSet> {
	if (state.safety.diet?.diet === diet) return refuse('diet-unchanged', { diet, at: state.safety.diet.since });
	return ok([{ type: 'nursing.risk.diet-set', patient, wards: state.care.wards, diet }]);
}
