// Who lies in which bed: moves, swaps, waiting.
// Used by the nurses and doctors of the ward, by drag and by keyboard.
// Must never show or store two people in one bed.
import { face } from '../../kernel/index.ts';

export const inpatientBedAssignmentFace = face({ id: 'inpatient.bed-assignment' });
