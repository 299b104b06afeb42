// Scored risks, isolation, restraint and diet.
// Recorded by nurses; restraint is ordered by doctors.
// Must never lose who restrained a patient, why, from when and until when.
import { face } from '../../kernel/index.ts';

export const nursingRiskFace = face({ id: 'nursing.risk' });
