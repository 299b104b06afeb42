import { ok, refuse, type Refusal, type Result } from '../../kernel/index.ts';
import type { PatientInCare } from '../../patient/index.ts';
import type { LevelNow, LevelSet, SetLevel } from './level.ts';

export interface LevelState extends PatientInCare {
	readonly now: LevelNow | null;
}

export function decideSetLevel(state: LevelState, { patient, level }: SetLevel): Result<readonly LevelSet[], Refusal> {
	if (state.now?.level === level) return refuse('level-already-set', { level, by: state.now.by, at: state.now.since });
	return ok([{ type: 'nursing.level.set', patient, wards: state.care.wards, level, previous: state.now?.level ?? null }]);
}
