import { json } from '@sveltejs/kit';
import { changePassword, ownPasswordSchema } from '@tongping/domain/identity-access';
import { offerPassword, stepUp } from '@tongping/domain/identity-access/server';
import { newId } from '@tongping/domain/kernel';
import { hospital } from '@tongping/domain/kernel/server';
import { outcomeResponse, problem, readJson } from '#kernel/answers.ts';
import { clearSessionCookie } from '#kernel/cookies.ts';
import type { RequestHandler } from './$types';

/** One's own password: the present one is proved first. Afterwards every session of this person is over, this one too. */
export const POST: RequestHandler = async ({ request, locals, cookies }) => {
	const { token, locale } = locals;
	const actor = locals.actor ?? locals.mustChange;
	if (token === null || actor === null) return problem(locale, 401, locals.session === 'locked' ? 'locked' : 'signed-out');
	const body = await readJson(request, locale);
	if (!body.ok) return body.response;
	const parsed = ownPasswordSchema.safeParse(body.value);
	if (!parsed.success) return problem(locale, 400, parsed.error.issues.some(({ path }) => path[0] === 'next') ? 'password-short' : 'invalid');
	const { password, next } = parsed.data;
	if (password.normalize('NFC') === next.normalize('NFC')) return problem(locale, 400, 'password-short');
	const proof = await stepUp(token, password);
	if (!proof.ok) return problem(locale, proof.code === 'sign-in-paused' ? 429 : 401, proof.code);
	const offer = await offerPassword(actor.user, actor.user, next);
	const outcome = await hospital().writer.execute({
		actor: { ...actor, steppedUpAt: hospital().writer.now() },
		commandId: newId(),
		command: changePassword.name,
		input: { offer }
	});
	if (outcome.kind !== 'done') return outcomeResponse(locale, outcome);
	clearSessionCookie(cookies);
	return json({ changed: true });
};
