// Diagnoses of a patient, one of them principal.
// Recorded and resolved by doctors; shown on card, banner and chart.
// Must never delete a diagnosis: it is resolved or marked as entered in error.
import { face } from '../../kernel/index.ts';

export const clinicalRecordConditionFace = face({ id: 'clinical-record.condition' });
