import { fail, redirect } from '@sveltejs/kit';
import { placeOf, signInSchema } from '@tongping/domain/identity-access';
import { endSession, hasAccounts, signIn } from '@tongping/domain/identity-access/server';
import { demoOrganization, staff } from '@tongping/domain/organization';
import { sentence } from '#kernel/answers.ts';
import { deviceOf, placeHere, rememberPlace, setSessionCookie } from '#kernel/cookies.ts';
import type { Actions, PageServerLoad } from './$types';

/** Only an opaque path of this site; anything else would be an open redirect. */
const safeNext = (next: string | null): string => (next !== null && /^\/[\w/-]*$/u.test(next) && !next.startsWith('//') ? next : '/');

export const load: PageServerLoad = async ({ locals, url, cookies }) => {
	const next = safeNext(url.searchParams.get('next'));
	if (locals.actor !== null && url.searchParams.get('switch') === null) redirect(303, next);
	if (!(await hasAccounts())) redirect(303, '/setup');
	const demo = process.env['TONGPING_DEMO']?.toLowerCase() !== 'off';
	return {
		why:
			locals.session === 'absent' || locals.session === 'in' || locals.session === 'must-change'
				? null
				: sentence(locals.locale, locals.session === 'locked' ? 'locked' : 'signed-out'),
		next: next === '/' ? null : next,
		place: placeHere(cookies),
		hospital: demo ? (locals.locale === 'en' ? demoOrganization.englishName : demoOrganization.name) : '',
		demo: demo ? staff.map(({ username, name, role }) => ({ username, name, role })) : []
	};
};

export const actions: Actions = {
	default: async ({ request, locals, cookies, getClientAddress }) => {
		const data = await request.formData();
		const next = safeNext(typeof data.get('next') === 'string' ? String(data.get('next')) : null);
		const parsed = signInSchema.safeParse({ username: data.get('username'), password: data.get('password') });
		const username = parsed.success ? parsed.data.username : '';
		if (!parsed.success) return fail(400, { username, error: sentence(locals.locale, 'sign-in-refused') });
		const place = placeOf(data.get('place')) ?? placeHere(cookies);
		const result = await signIn({ ...parsed.data, place }, getClientAddress(), deviceOf(cookies));
		if (!result.ok) {
			if (result.code === 'sign-in-refused') return fail(401, { username, error: sentence(locals.locale, result.code) });
			return fail(429, {
				username,
				error: locals.locale === 'en' ? `Too many tries. Wait ${result.seconds} s and try again.` : `尝试次数过多，请等待 ${result.seconds} 秒后再试。`
			});
		}
		// Another person at this PC: the former session ends, its sockets close.
		const former = locals.actor ?? locals.lockedSession;
		if (former !== null) await endSession(former.session, former);
		setSessionCookie(cookies, result.token, result.expiresAt);
		rememberPlace(cookies, place);
		redirect(303, next);
	}
};
