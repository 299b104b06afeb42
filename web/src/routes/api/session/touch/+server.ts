import { problem } from '#kernel/answers.ts';
import type { RequestHandler } from './$types';

/** A person is at the keyboard: keeps the session from locking while they only type into a live document. */
export const POST: RequestHandler = ({ locals }) =>
	locals.actor === null ? problem(locals.locale, 401, locals.session === 'locked' ? 'locked' : 'signed-out') : new Response(null, { status: 204 });
