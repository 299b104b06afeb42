// Measured and observed facts with unit, time and source, and the early warning score made of them.
// Recorded at the bedside and by the laboratory, read on cards, charts and in notes.
// Must never store half a set of vital signs or a value without its unit.
import { face } from '../../kernel/index.ts';

export const clinicalRecordObservationFace = face({ id: 'clinical-record.observation' });
