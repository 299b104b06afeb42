import { error } from '@sveltejs/kit';
import { loadAsked, loadToSign } from '#modules/clinical-document/note/round.server.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, depends }) => {
	if (locals.actor === null) error(404);
	depends(`topic:asked:${locals.actor.user}`);
	return { now: Date.now(), waiting: await loadToSign(locals.actor), asked: await loadAsked(locals.actor) };
};
