// The hospitals of one house, each with its own wards, staff and patients.
// Used by every module: each row and each room name carries its organization.
// Must never let a row of one organization be read by people of another.
import { face } from '../../kernel/index.ts';

export const organizationOrganizationFace = face({ id: 'organization.organization' });
