import { json } from '@sveltejs/kit';
import { liveAuthors } from '@tongping/domain/kernel/server';
import { namesOf } from '#kernel/names.server.ts';
import { problem } from '#kernel/answers.ts';
import { momentOf } from '#kernel/moment.ts';
import type { RequestHandler } from './$types';

/** Who wrote what stands in a live document, now or at a moment. */
export const GET: RequestHandler = async ({ locals, params, url }) => {
	const { actor, locale } = locals;
	if (actor === null) return problem(locale, 401, 'signed-out');
	const moment = momentOf(url.searchParams);
	if (moment === undefined) return problem(locale, 400, 'invalid');
	const { roots, moments, ...document } = await liveAuthors(actor, params.kind, params.id, moment);
	const name = await namesOf(
		actor,
		[...moments, ...roots.flatMap(({ ranges, values }) => [...ranges, ...values])].map(({ user }) => user)
	);
	return json({
		...document,
		moments: moments.map((moment) => ({ ...moment, name: name(moment.user) })),
		roots: roots.map(({ root, text, ranges, values }) => ({
			root,
			text,
			ranges: ranges.map((range) => ({ ...range, name: name(range.user) })),
			values: values.map((value) => ({ ...value, name: name(value.user) }))
		}))
	});
};
