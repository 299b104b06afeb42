import { ok, refuse, type Facts, type Refusal, type Result } from '../../kernel/index.ts';
import type { PatientInCare } from '../../patient/index.ts';
import type { AllergySummary } from '../allergy/allergy.ts';
import type { Medication, MedicationId, MedicationRecorded, MedicationStopped, RecordMedication, StopMedication } from './medication.ts';

export interface MedicationState extends PatientInCare {
	readonly active: readonly Pick<Medication, 'id' | 'drug' | 'recordedBy' | 'startedAt'>[];
	readonly allergies: AllergySummary;
}

export function decideRecord(state: MedicationState, input: RecordMedication, facts: Facts): Result<readonly MedicationRecorded[], Refusal> {
	const { patient, drug, code, dose, route, frequency } = input;
	const allergy = state.allergies.items.find((item) => drug.includes(item.substance) || item.substance.includes(drug));
	if (allergy !== undefined)
		return refuse('allergic-to-drug', { drug, substance: allergy.substance, reaction: allergy.reaction, by: allergy.recordedBy, at: allergy.recordedAt });
	const running = state.active.find((medication) => medication.drug === drug);
	if (running !== undefined) return refuse('drug-already-taken', { drug, by: running.recordedBy, at: running.startedAt });
	if (input.startedAt !== null && input.startedAt > facts.now + 60_000) return refuse('time-in-future', { at: input.startedAt });
	return ok([
		{
			type: 'clinical-record.medication.recorded',
			patient,
			wards: state.care.wards,
			medication: facts.newId() as MedicationId,
			drug,
			code,
			dose,
			route,
			frequency,
			startedAt: input.startedAt ?? facts.now
		}
	]);
}

export function decideStop(state: MedicationState, { patient, medication, reason }: StopMedication): Result<readonly MedicationStopped[], Refusal> {
	if (!state.active.some((entry) => entry.id === medication)) return refuse('drug-not-taken', {});
	return ok([{ type: 'clinical-record.medication.stopped', patient, wards: state.care.wards, medication, reason }]);
}
