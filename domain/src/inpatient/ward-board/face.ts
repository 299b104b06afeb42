// The board of a ward as a live projection of the tables.
// Read by everybody who works in the ward.
// Must never be written by a client: it is derived.
import { face } from '../../kernel/index.ts';

export const inpatientWardBoardFace = face({
	id: 'inpatient.ward-board',
	navigation: [
		{
			route: '/',
			icon: 'bed-single',
			label: { zh: '床位', en: 'Beds' },
			order: 10,
			roles: ['nurse', 'head-nurse', 'resident', 'attending', 'chief', 'pharmacist']
		}
	]
});
