// Extra beds (加床): more beds than a ward is made for, while it needs them.
// Used by head nurses and administrators of the ward; the rules of the room hold for whoever lies in one.
// Must never take a bed away from under somebody, nor forget who lay in it.
import { face } from '../../kernel/index.ts';

export const inpatientExtraBedFace = face({ id: 'inpatient.extra-bed' });
