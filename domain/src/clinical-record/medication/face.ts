// What a patient takes, as a statement.
// Recorded by doctors and imports, read on the chart.
// Must never be executed: orders have their own module with their own checks.
import { face } from '../../kernel/index.ts';

export const clinicalRecordMedicationFace = face({ id: 'clinical-record.medication' });
