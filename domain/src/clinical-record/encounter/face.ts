// Visits that happened elsewhere or earlier, as they came with an import.
// Read on the timeline of the patient page.
// Must never stand for a stay of this hospital: those are kept by the inpatient context.
import { face } from '../../kernel/index.ts';

export const clinicalRecordEncounterFace = face({ id: 'clinical-record.encounter' });
