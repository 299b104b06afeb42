import { redirect } from '@sveltejs/kit';
import { shellOf } from '../shell.server.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals, url, cookies }) => {
	if (locals.actor === null) redirect(303, `/sign-in?next=${encodeURIComponent(url.pathname)}`);
	return shellOf(locals.actor, locals.place, cookies);
};
