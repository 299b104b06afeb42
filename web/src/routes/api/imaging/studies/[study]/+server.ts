import { json } from '@sveltejs/kit';
import { Denied } from '@tongping/domain/kernel/server';
import { openStudy } from '@tongping/domain/imaging/server';
import { problem } from '#kernel/answers.ts';
import type { RequestHandler } from './$types';

/** Everything the reading page shows at first, in one answer. */
export const GET: RequestHandler = async ({ params, locals }) => {
	if (locals.actor === null) return problem(locals.locale, 401, locals.session === 'locked' ? 'locked' : 'signed-out');
	try {
		return json(await openStudy(locals.actor, params.study), { headers: { 'cache-control': 'no-store' } });
	} catch (error) {
		if (error instanceof Denied) return problem(locals.locale, 404, 'not-found');
		throw error;
	}
};
