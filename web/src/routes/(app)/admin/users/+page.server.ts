import { error } from '@sveltejs/kit';
import { mayManageAccounts } from '@tongping/domain/identity-access';
import { accountsOf } from '@tongping/domain/identity-access/server';
import { db, read } from '@tongping/domain/kernel/server';
import { wardsOfHouse } from '@tongping/domain/organization/server';
import { sentence } from '#kernel/answers.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, depends }) => {
	const { actor, locale } = locals;
	// The layout has sent everyone else to sign in; who may not see this page sees none.
	if (actor === null || !mayManageAccounts(actor)) error(404, sentence(locale, 'not-found'));
	depends('identity-access:accounts');
	await read(actor, { purpose: 'accounts', patient: null, allow: true });
	const wards = await wardsOfHouse(db(), actor.organization);
	return {
		now: Date.now(),
		accounts: await accountsOf(db(), actor.organization),
		houseWards: wards.map(({ id, name }) => ({ id, name }))
	};
};
