import { json } from '@sveltejs/kit';
import { mayManageAccounts } from '@tongping/domain/identity-access';
import { accountsOf } from '@tongping/domain/identity-access/server';
import { db, read } from '@tongping/domain/kernel/server';
import { problem } from '#kernel/answers.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals }) => {
	const { actor, locale } = locals;
	if (actor === null) return problem(locale, 401, 'signed-out');
	if (!mayManageAccounts(actor)) return problem(locale, 403, 'forbidden');
	await read(actor, { purpose: 'accounts', patient: null, allow: true });
	return json({ accounts: await accountsOf(db(), actor.organization) });
};
