import { command } from '../../kernel/index.ts';
import { mayRecordFor, type PatientInCare } from '../../patient/index.ts';
import { decideRecord } from './decide.ts';
import { recordObservationsSchema, type ObservationsRecorded, type RecordObservations } from './observation.ts';

export const recordObservations = command<RecordObservations, PatientInCare, ObservationsRecorded>()({
	name: 'clinical-record.observation.record',
	schema: recordObservationsSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.patient?.id ?? null,
	policy: (actor, _, state) => mayRecordFor(actor, state.care),
	decide: decideRecord
});
