// How closely a patient is watched: special, first, second, third.
// Set by doctors and nurses of the ward.
// Must never have two levels at once.
import { face } from '../../kernel/index.ts';

export const nursingLevelFace = face({ id: 'nursing.level' });
