import { Denied, StorageFault } from '@tongping/domain/kernel/server';
import { COOKIE } from '@tongping/domain/identity-access';
import { validate } from '@tongping/domain/identity-access/server';
import { redirect } from '@sveltejs/kit';
import type { Handle, HandleServerError } from '@sveltejs/kit/hooks';
import { problem, sentence } from '#kernel/answers.ts';
import { doorstep } from '#kernel/open-routes.ts';
import { log } from '../server/log.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Browsers name the site a request comes from; one from elsewhere never acts on a signed-in person's behalf. */
function isCrossSite(request: Request, url: URL): boolean {
	const site = request.headers.get('sec-fetch-site');
	if (site !== null && site !== 'same-origin' && site !== 'none') return true;
	const origin = request.headers.get('origin');
	return origin !== null && origin !== url.origin;
}

/** Pages load again by themselves when something changes: only what a hand has begun keeps a session from locking. */
function isByPerson(request: Request, url: URL, bearer: boolean): boolean {
	if (bearer) return request.headers.get('x-background') === null;
	return url.pathname === '/api/session/touch' || url.pathname === '/api/commands' || request.headers.get('sec-fetch-mode') === 'navigate';
}

/** A stranger sends a user name and a password, nothing longer: without this, one could fill the memory of the server before signing in. */
const STRANGERS_BYTES = 16_384;
const isTooLong = (request: Request): boolean =>
	request.headers.has('transfer-encoding') || Number(request.headers.get('content-length') ?? 0) > STRANGERS_BYTES;

const HEADERS: Readonly<Record<string, string>> = {
	'x-content-type-options': 'nosniff',
	// Not no-referrer: under it browsers send `Origin: null` with a form, and the sign-in form would be refused as foreign.
	'referrer-policy': 'same-origin',
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-resource-policy': 'same-origin',
	'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
	'x-frame-options': 'DENY'
};

function hardened(response: Response, url: URL): Response {
	for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
	if (url.protocol === 'https:') response.headers.set('strict-transport-security', 'max-age=31536000');
	// Pages bring their own, with a nonce; data is never a document that loads or runs anything.
	if (!response.headers.has('content-security-policy'))
		response.headers.set('content-security-policy', "default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
	response.headers.set('reporting-endpoints', 'csp="/api/csp"');
	// No route has a say in this: whatever passes here may speak of a patient, and a shared PC must keep none of it (14.3.2).
	response.headers.set('cache-control', 'no-store');
	return response;
}

export const handle: Handle = async ({ event, resolve }) => {
	const { request, cookies, url, locals } = event;
	locals.locale = cookies.get('locale') === 'en' ? 'en' : 'zh-CN';
	if (cookies.get('locale') === undefined && /^\/(api|dicomweb)\//u.test(url.pathname) && /^en\b/u.test(request.headers.get('accept-language') ?? ''))
		locals.locale = 'en';
	locals.theme = cookies.get('theme') === 'dark' ? 'dark' : 'light';
	const bearer = /^Bearer ([a-z2-7]{32})$/u.exec(request.headers.get('authorization') ?? '')?.[1];
	const token = bearer ?? cookies.get(COOKIE) ?? null;
	// Nothing here has a name with a NUL in it, and the storage cannot look for one.
	if (/%00/u.test(url.pathname + url.search)) return hardened(problem(locals.locale, 400, 'invalid'), url);
	if (!SAFE.has(request.method) && bearer === undefined && isCrossSite(request, url)) return hardened(problem(locals.locale, 403, 'cross-site'), url);
	const validated = token === null ? ({ ok: false, why: 'absent' } as const) : await validate(token, { touch: isByPerson(request, url, bearer !== undefined) });
	locals.token = token;
	locals.actor = validated.ok ? validated.actor : null;
	locals.session = validated.ok ? 'in' : validated.why;
	locals.place = validated.ok ? validated.place : null;
	locals.mustChange = !validated.ok && validated.why === 'must-change' ? validated.actor : null;
	locals.lockedSession =
		locals.mustChange ??
		(!validated.ok && validated.why === 'locked' ? { session: validated.session, user: validated.user, organization: validated.organization } : null);
	// A tab that was left behind: with the cookie of who came after, its clicks would be theirs.
	const page = request.headers.get('x-page-of');
	if (page !== null && locals.actor !== null && page !== locals.actor.user) return hardened(problem(locals.locale, 401, 'page-of-another'), url);
	if (locals.actor === null) {
		const door = doorstep(event.route.id);
		if (door === 'api' && locals.mustChange !== null) return hardened(problem(locals.locale, 403, 'must-change'), url);
		if (door === 'api') return hardened(problem(locals.locale, 401, locals.session === 'locked' ? 'locked' : 'signed-out'), url);
		if (door === 'page') {
			const location = locals.mustChange !== null ? '/password' : url.pathname === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(url.pathname)}`;
			// The router's own requests understand only a thrown redirect.
			if (event.isDataRequest) redirect(303, location);
			return hardened(new Response(null, { status: 303, headers: { location } }), url);
		}
		if (!SAFE.has(request.method) && isTooLong(request)) return hardened(problem(locals.locale, 413, 'too-large'), url);
	}
	const response = await resolve(event, {
		transformPageChunk: ({ html }) => html.replace('%tongping.lang%', locals.locale).replace('%tongping.theme%', locals.theme)
	});
	return hardened(response, url);
};

export const handleError: HandleServerError = ({ kind, error, event }) => {
	const { locale } = event.locals;
	if (kind === 'app') return {};
	// What may not be seen looks like what does not exist.
	if (error instanceof Denied) return { status: 404, message: sentence(locale, 'not-found'), code: 'not-found' };
	if (error instanceof StorageFault) return { status: 503, message: sentence(locale, error.code), code: error.code };
	if (kind === 'framework') return { message: sentence(locale, error.status === 404 ? 'not-found' : error.status === 413 ? 'too-large' : 'invalid') };
	// The route, never the address: an address may hold a person's id.
	log.error({ route: event.route.id, error }, 'a page could not be answered');
	return { message: sentence(locale, 'fault'), code: 'fault' };
};
