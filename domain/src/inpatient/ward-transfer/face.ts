// Moves between wards: asked for by one ward, received by the other.
// Used by the nurses and doctors of both wards.
// Must never leave a patient in two wards, or in none.
import { face } from '../../kernel/index.ts';

export const inpatientWardTransferFace = face({ id: 'inpatient.ward-transfer' });
