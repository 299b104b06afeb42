import { json } from '@sveltejs/kit';
import { stepUpSchema } from '@tongping/domain/identity-access';
import { stepUp } from '@tongping/domain/identity-access/server';
import { problem, readJson } from '#kernel/answers.ts';
import { setSessionCookie } from '#kernel/cookies.ts';
import type { RequestHandler } from './$types';

/** Proves the person again: before a signature, and to open a locked screen. */
export const POST: RequestHandler = async ({ request, locals, cookies }) => {
	const { token, locale } = locals;
	if (token === null) return problem(locale, 401, 'signed-out');
	const body = await readJson(request, locale);
	if (!body.ok) return body.response;
	const parsed = stepUpSchema.safeParse(body.value);
	if (!parsed.success) return problem(locale, 400, 'invalid');
	const result = await stepUp(token, parsed.data.password);
	if (!result.ok) {
		if (result.code !== 'sign-in-paused') return problem(locale, 401, result.code);
		const message = locale === 'en' ? `Too many tries. Wait ${result.seconds} s and try again.` : `尝试次数过多，请等待 ${result.seconds} 秒后再试。`;
		return json({ error: { code: result.code, message, seconds: result.seconds } }, { status: 429 });
	}
	if (result.token !== token) setSessionCookie(cookies, result.token, result.expiresAt);
	return json({ steppedUp: true });
};
