import { json } from '@sveltejs/kit';
import { isId } from '@tongping/domain/kernel';
import { problem } from '#kernel/answers.ts';
import { askable } from '#modules/clinical-document/note/round.server.ts';
import type { RequestHandler } from './$types';

/** Who can be asked to write the consultant's part of this note. */
export const GET: RequestHandler = async ({ params, locals }) => {
	if (locals.actor === null) return problem(locals.locale, 401, locals.session === 'locked' ? 'locked' : 'signed-out');
	const doctors = isId(params.note) ? await askable(locals.actor, params.note) : null;
	if (doctors === null) return problem(locals.locale, 404, 'not-found');
	return json({ doctors }, { headers: { 'cache-control': 'no-store' } });
};
