import { json } from '@sveltejs/kit';
import { chunkSchema, mayImportCodes } from '@tongping/domain/terminology';
import { importChunk } from '@tongping/domain/terminology/server';
import { problem, readJson } from '#kernel/answers.ts';
import type { RequestHandler } from './$types';

/** One chunk of a code table; `npm run import -- terminology` sends them. The table answers searches after its last chunk, whole or not at all. */
export const POST: RequestHandler = async ({ request, locals }) => {
	const { actor, locale } = locals;
	if (actor === null) return problem(locale, 401, locals.session === 'locked' ? 'locked' : 'signed-out');
	if (!mayImportCodes(actor)) return problem(locale, 403, 'forbidden');
	const body = await readJson(request, locale);
	if (!body.ok) return body.response;
	const parsed = chunkSchema.safeParse(body.value);
	if (!parsed.success)
		return problem(locale, 400, 'invalid', { issues: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) });
	return json(await importChunk(actor, parsed.data), { headers: { 'cache-control': 'no-store' } });
};
