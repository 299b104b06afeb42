import { z } from 'zod';
import { hospital, StorageFault } from '@tongping/domain/kernel/server';
import { outcomeResponse, problem, readJson } from '#kernel/answers.ts';
import type { RequestHandler } from './$types';

const envelope = z.strictObject({ commandId: z.string().regex(/^[\w-]{8,64}$/u), command: z.string().min(3).max(120), input: z.unknown() });

/** The one write door over HTTP. */
export const POST: RequestHandler = async ({ request, locals }) => {
	const { actor, locale } = locals;
	if (actor === null) return problem(locale, 401, locals.session === 'locked' ? 'locked' : 'signed-out');
	const body = await readJson(request, locale);
	if (!body.ok) return body.response;
	const parsed = envelope.safeParse(body.value);
	if (!parsed.success)
		return problem(locale, 400, 'invalid', { issues: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) });
	try {
		return outcomeResponse(locale, await hospital().writer.execute({ actor, ...parsed.data }));
	} catch (error) {
		if (error instanceof StorageFault) return problem(locale, 503, error.code);
		throw error;
	}
};
