// What a patient must not be given: unknown, none known and listed are three statements.
// Recorded by nurses and doctors, taken away by doctors only.
// Must never let an empty list pass for "none known".
import { face } from '../../kernel/index.ts';

export const clinicalRecordAllergyFace = face({ id: 'clinical-record.allergy' });
