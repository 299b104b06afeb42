// Who the patients are, who cares for them now, and which records are one person.
// Used by everybody who opens a chart; the right to read hangs on the care relations kept here.
// Must never rewrite an id: two records are joined by a link that can be taken back.
import { face } from '../../kernel/index.ts';

export const patientRegistryFace = face({ id: 'patient.registry' });
