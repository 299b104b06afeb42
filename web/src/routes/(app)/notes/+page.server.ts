import { error } from '@sveltejs/kit';
import { loadToSign } from '#modules/clinical-document/note/round.server.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	if (locals.actor === null) error(404);
	return { waiting: await loadToSign(locals.actor) };
};
