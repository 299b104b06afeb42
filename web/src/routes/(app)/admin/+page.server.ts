import { error } from '@sveltejs/kit';
import { peopleOf } from '@tongping/domain/identity-access/server';
import { db } from '@tongping/domain/kernel/server';
import { mayOperate } from '@tongping/domain/operations';
import { operationsNow, quarantineItems } from '@tongping/domain/operations/server';
import { sentence } from '#kernel/answers.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, depends }) => {
	const { actor, locale } = locals;
	// The layout has sent everyone else to sign in; who may not see this page sees none.
	if (actor === null || !mayOperate(actor)) error(404, sentence(locale, 'not-found'));
	depends('operations:quarantine');
	const items = await quarantineItems(db(), actor.organization);
	const users = items.flatMap(({ by, decidedBy, alsoBy, runs }) => [
		by,
		...alsoBy,
		...(decidedBy === null ? [] : [decidedBy]),
		...runs.flatMap(({ owner }) => owner ?? [])
	]);
	const people = await peopleOf(db(), actor.organization, [...new Set(users)]);
	return { now: operationsNow(), items, names: Object.fromEntries([...people].map(([user, { name }]) => [user, name])) };
};
