import { json } from '@sveltejs/kit';
import { liveAt } from '@tongping/domain/kernel/server';
import { problem } from '#kernel/answers.ts';
import { momentOf } from '#kernel/moment.ts';
import type { RequestHandler } from './$types';

/** A live document as it stood at a moment: `?time=` or `?position=`. */
export const GET: RequestHandler = async ({ locals, params, url }) => {
	const { actor, locale } = locals;
	if (actor === null) return problem(locale, 401, 'signed-out');
	const moment = momentOf(url.searchParams);
	if (moment === undefined || moment === null) return problem(locale, 400, 'invalid');
	return json(await liveAt(actor, params.kind, params.id, moment));
};
