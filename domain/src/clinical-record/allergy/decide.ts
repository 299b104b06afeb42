import { ok, refuse, type Facts, type Refusal, type Result } from '../../kernel/index.ts';
import type { PatientInCare } from '../../patient/index.ts';
import type { AllergyId, AllergyRecorded, AllergyRefuted, AllergySummary, NoAllergiesStated, RecordAllergy, RefuteAllergy } from './allergy.ts';

export interface AllergyState extends PatientInCare {
	readonly summary: AllergySummary;
}

const same = (a: string, b: string): boolean => a.normalize('NFKC').toLowerCase() === b.normalize('NFKC').toLowerCase();

export function decideRecord(
	state: AllergyState,
	{ patient, statement }: RecordAllergy,
	facts: Facts
): Result<readonly (AllergyRecorded | NoAllergiesStated)[], Refusal> {
	const wards = state.care.wards;
	if (statement.status === 'none-known') {
		// "None" must not wipe out an entry somebody once had a reason for: each is refuted by name.
		if (state.summary.items.length > 0)
			return refuse('allergies-on-list', { substances: state.summary.items.map((item) => item.substance).join('、'), count: state.summary.items.length });
		return ok([{ type: 'clinical-record.allergy.none-stated', patient, wards }]);
	}
	const known = state.summary.items.find((item) => same(item.substance, statement.substance));
	if (known !== undefined) return refuse('allergy-on-list', { substance: known.substance, at: known.recordedAt, by: known.recordedBy });
	const { substance, reaction, severity } = statement;
	return ok([{ type: 'clinical-record.allergy.recorded', patient, wards, allergy: facts.newId() as AllergyId, substance, reaction, severity }]);
}

export function decideRefute(state: AllergyState, { patient, allergy, reason }: RefuteAllergy): Result<readonly AllergyRefuted[], Refusal> {
	if (!state.summary.items.some((item) => item.id === allergy)) return refuse('allergy-not-on-list', {});
	return ok([{ type: 'clinical-record.allergy.refuted', patient, wards: state.care.wards, allergy, reason }]);
}
