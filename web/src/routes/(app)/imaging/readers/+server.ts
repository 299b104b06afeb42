import { json } from '@sveltejs/kit';
import { READING_KIND } from '@tongping/domain/imaging';
import { presentIn } from '@tongping/sync-server';
import { problem } from '#kernel/answers.ts';
import type { RequestHandler } from './$types';

/** Who is in which shared reading now: colleagues' names by opaque ids, nothing of any patient. */
export const GET: RequestHandler = ({ locals }) => {
	if (locals.actor === null) return problem(locals.locale, 401, 'signed-out');
	return json({ readers: Object.fromEntries(presentIn(READING_KIND)) }, { headers: { 'cache-control': 'no-store' } });
};
