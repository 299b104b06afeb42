import { lockSession } from '@tongping/domain/identity-access/server';
import { problem } from '#kernel/answers.ts';
import type { RequestHandler } from './$types';

/** Leaves the PC without signing out: nothing is shown or accepted until the password is given again. */
export const POST: RequestHandler = async ({ locals }) => {
	if (locals.actor === null) return problem(locals.locale, 401, locals.session === 'locked' ? 'locked' : 'signed-out');
	await lockSession(locals.actor.session);
	return new Response(null, { status: 204 });
};
