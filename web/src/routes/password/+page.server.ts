import { redirect } from '@sveltejs/kit';
import { shellOf } from '../shell.server.ts';
import type { PageServerLoad } from './$types';

/** Inside the shell for whoever is signed in; alone for whoever must choose a password before anything else opens. */
export const load: PageServerLoad = async ({ locals, cookies }) => {
	if (locals.actor === null && locals.mustChange === null) redirect(303, '/sign-in');
	return { shell: locals.actor === null ? null : await shellOf(locals.actor, locals.place, cookies) };
};
