import { error } from '@sveltejs/kit';
import { mayOperate } from '@tongping/domain/operations';
import { operationsNow } from '@tongping/domain/operations/server';
import { sentence } from '#kernel/answers.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => {
	const { actor, locale } = locals;
	// The layout has sent everyone else to sign in; who may not see this page sees none.
	if (actor === null || !mayOperate(actor)) error(404, sentence(locale, 'not-found'));
	return { now: operationsNow() };
};
