// A stay from admission to the patient's physical leaving.
// Used by the nurses and doctors of the ward.
// Must never run twice for one patient at once.
import { face } from '../../kernel/index.ts';

export const inpatientStayFace = face({ id: 'inpatient.stay' });
