import { json } from '@sveltejs/kit';
import { z } from 'zod';
import { worklist, type WorklistFilter } from '@tongping/domain/imaging/server';
import { problem, readJson } from '#kernel/answers.ts';
import type { RequestHandler } from './$types';

const filter = z.strictObject({
	matching: z.enum(['matched', 'unmatched']).optional(),
	report: z.enum(['draft', 'preliminary', 'reviewed']).optional(),
	patient: z.string().max(40).optional(),
	text: z.string().max(60).optional(),
	limit: z.int().min(1).max(200).optional(),
	offset: z.int().min(0).optional()
});

/** The worklist. A POST, because what is searched for may be a name and must not stand in an address. */
export const POST: RequestHandler = async ({ request, locals }) => {
	if (locals.actor === null) return problem(locals.locale, 401, locals.session === 'locked' ? 'locked' : 'signed-out');
	const body = await readJson(request, locals.locale);
	if (!body.ok) return body.response;
	const parsed = filter.safeParse(body.value);
	if (!parsed.success)
		return problem(locals.locale, 400, 'invalid', { issues: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) });
	return json(await worklist(locals.actor, Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined)) as WorklistFilter), {
		headers: { 'cache-control': 'no-store' }
	});
};
