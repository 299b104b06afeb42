import { command } from '../../kernel/index.ts';
import { mayDiagnose, mayRecordFor } from '../../patient/index.ts';
import {
	recordAllergySchema,
	refuteAllergySchema,
	type AllergyRecorded,
	type AllergyRefuted,
	type NoAllergiesStated,
	type RecordAllergy,
	type RefuteAllergy
} from './allergy.ts';
import { decideRecord, decideRefute, type AllergyState } from './decide.ts';

export const recordAllergy = command<RecordAllergy, AllergyState, AllergyRecorded | NoAllergiesStated>()({
	name: 'clinical-record.allergy.record',
	schema: recordAllergySchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.patient?.id ?? null,
	policy: (actor, _, state) => mayRecordFor(actor, state.care),
	decide: decideRecord
});
/** Only a doctor takes an allergy off the list. */
export const refuteAllergy = command<RefuteAllergy, AllergyState, AllergyRefuted>()({
	name: 'clinical-record.allergy.refute',
	schema: refuteAllergySchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.patient?.id ?? null,
	policy: (actor, _, state) => mayDiagnose(actor, state.care),
	decide: decideRefute
});
