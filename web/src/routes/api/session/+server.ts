import { json } from '@sveltejs/kit';
import { signInSchema } from '@tongping/domain/identity-access';
import { endSession, signIn } from '@tongping/domain/identity-access/server';
import { problem, readJson, sentence } from '#kernel/answers.ts';
import { clearSessionCookie, deviceOf, placeHere, rememberPlace, setSessionCookie } from '#kernel/cookies.ts';
import type { RequestHandler } from './$types';

const me = (actor: NonNullable<App.Locals['actor']>) => ({ user: actor.user, name: actor.name, role: actor.role, wards: actor.wards });

export const GET: RequestHandler = ({ locals }) =>
	locals.mustChange !== null
		? problem(locals.locale, 403, 'must-change')
		: locals.actor === null
			? problem(locals.locale, 401, locals.session === 'locked' ? 'locked' : 'signed-out')
			: json({ actor: me(locals.actor) });

export const POST: RequestHandler = async ({ request, locals, cookies, getClientAddress }) => {
	const body = await readJson(request, locals.locale);
	if (!body.ok) return body.response;
	const parsed = signInSchema.safeParse(body.value);
	if (!parsed.success) return problem(locals.locale, 400, 'invalid');
	const program = parsed.data.kind === 'token';
	const asked = program ? parsed.data : { ...parsed.data, place: parsed.data.place ?? placeHere(cookies) };
	const result = await signIn(asked, getClientAddress(), program ? '' : deviceOf(cookies));
	if (!result.ok) {
		if (result.code === 'sign-in-refused') return problem(locals.locale, 401, result.code);
		const message = locals.locale === 'en' ? `Too many tries. Wait ${result.seconds} s and try again.` : `尝试次数过多，请等待 ${result.seconds} 秒后再试。`;
		return json({ error: { code: result.code, message, seconds: result.seconds } }, { status: 429, headers: { 'retry-after': String(result.seconds) } });
	}
	const answer = { expiresAt: result.expiresAt, actor: me(result.actor), mustChange: result.mustChange };
	if (program) return json({ token: result.token, ...answer });
	// Another person signs in at this PC: the former session ends, its sockets close.
	const former = locals.actor ?? locals.lockedSession;
	if (former !== null) await endSession(former.session, former);
	setSessionCookie(cookies, result.token, result.expiresAt);
	if (parsed.data.place !== undefined) rememberPlace(cookies, parsed.data.place);
	return json(answer);
};

export const DELETE: RequestHandler = async ({ locals, cookies }) => {
	const former = locals.actor ?? locals.lockedSession;
	if (former === null) {
		clearSessionCookie(cookies);
		return json({ ended: false, message: sentence(locals.locale, 'signed-out') });
	}
	await endSession(former.session, former);
	clearSessionCookie(cookies);
	// Not `"storage"`: that would burn the encrypted words the person has not sent yet.
	return json({ ended: true }, { headers: { 'clear-site-data': '"cache"' } });
};
