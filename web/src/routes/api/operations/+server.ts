import { json } from '@sveltejs/kit';
import { mayOperate } from '@tongping/domain/operations';
import { operationsNow } from '@tongping/domain/operations/server';
import { quarantineWithNames } from '#modules/operations/quarantine/waiting.server.ts';
import { problem } from '#kernel/answers.ts';
import type { RequestHandler } from './$types';

/** How the server is doing, for the page of those who keep it running: numbers, kinds and opaque ids. */
export const GET: RequestHandler = async ({ locals }) => {
	if (locals.actor === null) return problem(locals.locale, 401, locals.session === 'locked' ? 'locked' : 'signed-out');
	if (!mayOperate(locals.actor)) return problem(locals.locale, 404, 'not-found');
	return json({ now: operationsNow(), ...(await quarantineWithNames(locals.actor.organization)) }, { headers: { 'cache-control': 'no-store' } });
};
