import { error } from '@sveltejs/kit';
import { mayOperate } from '@tongping/domain/operations';
import { operationsNow } from '@tongping/domain/operations/server';
import { quarantineWithNames } from '#modules/operations/quarantine/waiting.server.ts';
import { sentence } from '#kernel/answers.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { actor, locale } = locals;
	// The layout has sent everyone else to sign in; who may not see this page sees none.
	if (actor === null || !mayOperate(actor)) error(404, sentence(locale, 'not-found'));
	return { now: operationsNow(), ...(await quarantineWithNames(actor.organization)) };
};
