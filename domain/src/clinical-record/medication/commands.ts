import { command } from '../../kernel/index.ts';
import { mayDiagnose } from '../../patient/index.ts';
import { decideRecord, decideStop, type MedicationState } from './decide.ts';
import {
	recordMedicationSchema,
	stopMedicationSchema,
	type MedicationRecorded,
	type MedicationStopped,
	type RecordMedication,
	type StopMedication
} from './medication.ts';

export const recordMedication = command<RecordMedication, MedicationState, MedicationRecorded>()({
	name: 'clinical-record.medication.record',
	schema: recordMedicationSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.patient?.id ?? null,
	policy: (actor, _, state) => mayDiagnose(actor, state.care),
	decide: decideRecord
});
export const stopMedication = command<StopMedication, MedicationState, MedicationStopped>()({
	name: 'clinical-record.medication.stop',
	schema: stopMedicationSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.patient?.id ?? null,
	policy: (actor, _, state) => mayDiagnose(actor, state.care),
	decide: decideStop
});
