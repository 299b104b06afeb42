import { json } from '@sveltejs/kit';
import { mayLookUpCodes, searchSchema } from '@tongping/domain/terminology';
import { searchConcepts } from '@tongping/domain/terminology/server';
import { problem, readJson } from '#kernel/answers.ts';
import type { RequestHandler } from './$types';

/** A POST, so that what a doctor suspects never stands in an address or an access log. */
export const POST: RequestHandler = async ({ request, locals }) => {
	const { actor, locale } = locals;
	if (actor === null) return problem(locale, 401, locals.session === 'locked' ? 'locked' : 'signed-out');
	if (!mayLookUpCodes(actor)) return problem(locale, 403, 'forbidden');
	const body = await readJson(request, locale);
	if (!body.ok) return body.response;
	const parsed = searchSchema.safeParse(body.value);
	if (!parsed.success)
		return problem(locale, 400, 'invalid', { issues: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) });
	return json({ concepts: await searchConcepts(actor.organization, parsed.data) }, { headers: { 'cache-control': 'no-store' } });
};
