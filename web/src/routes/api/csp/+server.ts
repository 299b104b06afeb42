import { readJson } from '#kernel/answers.ts';
import { Bounded, violationsOf } from '#kernel/violations.ts';
import { log } from '../../../../server/log.ts';
import type { RequestHandler } from './$types';

const bounded = new Bounded(20);

/** Browsers tell here what a page tried and was not allowed to. Open to strangers: the sign-in page reports too. */
export const POST: RequestHandler = async ({ request, locals }) => {
	const body = await readJson(request, locals.locale);
	if (!body.ok) return body.response;
	for (const violation of violationsOf(body.value)) {
		const admitted = bounded.admit(Date.now());
		if (admitted !== null) log.warn({ violation, unwritten: admitted.left }, 'the browser blocked something');
	}
	return new Response(null, { status: 204 });
};
