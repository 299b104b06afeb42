import { redirect } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => {
	if (locals.actor === null && locals.mustChange === null) redirect(303, '/sign-in');
	return { must: locals.mustChange !== null };
};
