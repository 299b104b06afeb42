import { json } from '@sveltejs/kit';
import { vaultKey } from '@tongping/domain/identity-access/server';
import { problem } from '#kernel/answers.ts';
import type { RequestHandler } from './$types';

/** The key of this person's unsent edits on this device; kept in memory by the page, never stored there. */
export const GET: RequestHandler = async ({ locals }) => {
	if (locals.actor === null) return problem(locals.locale, 401, locals.session === 'locked' ? 'locked' : 'signed-out');
	return json({ key: await vaultKey(locals.actor.user), user: locals.actor.user }, { headers: { 'cache-control': 'no-store' } });
};
