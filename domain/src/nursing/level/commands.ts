import { command } from '../../kernel/index.ts';
import { mayRecordFor } from '../../patient/index.ts';
import { decideSetLevel, type LevelState } from './decide.ts';
import { setLevelSchema, type LevelSet, type SetLevel } from './level.ts';

export const setLevel = command<SetLevel, LevelState, LevelSet>()({
	name: 'nursing.level.set',
	schema: setLevelSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.patient?.id ?? null,
	policy: (actor, _, state) => mayRecordFor(actor, state.care),
	decide: decideSetLevel
});
