// Wards, rooms and beds: whom they take, and what an empty bed is doing.
// Used by nurses who keep beds, and by every rule about places.
// Must never say that a bed is occupied: only an assignment says so.
import { face } from '../../kernel/index.ts';

export const organizationWardFace = face({ id: 'organization.ward' });
