import { json } from '@sveltejs/kit';
import { mayManageAccounts, resetPassword } from '@tongping/domain/identity-access';
import { hasAccount, offerPassword, oneTimePassword } from '@tongping/domain/identity-access/server';
import { newId } from '@tongping/domain/kernel';
import { db, hospital } from '@tongping/domain/kernel/server';
import { outcomeResponse, problem } from '#kernel/answers.ts';
import type { RequestHandler } from './$types';

/** A password for one sign-in, made by the server, told once, here, to the administrator who asked. */
export const POST: RequestHandler = async ({ params, locals }) => {
	const { actor, locale } = locals;
	if (actor === null) return problem(locale, 401, 'signed-out');
	if (!mayManageAccounts(actor)) return problem(locale, 403, 'forbidden');
	const password = oneTimePassword();
	const offer = (await hasAccount(db(), actor.organization, params.user)) ? await offerPassword(params.user, actor.user, password) : 'none-for-nobody';
	const outcome = await hospital().writer.execute({ actor, commandId: newId(), command: resetPassword.name, input: { user: params.user, offer } });
	return outcome.kind === 'done' ? json({ password }) : outcomeResponse(locale, outcome);
};
