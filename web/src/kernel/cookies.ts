import type { Cookies } from '@sveltejs/kit';
import { COOKIE } from '@tongping/domain/identity-access';

export const setSessionCookie = (cookies: Cookies, token: string, expiresAt: number): void => {
	cookies.set(COOKIE, token, { path: '/', httpOnly: true, secure: true, sameSite: 'lax', expires: new Date(expiresAt) });
};
export const clearSessionCookie = (cookies: Cookies): void => {
	cookies.delete(COOKIE, { path: '/', httpOnly: true, secure: true, sameSite: 'lax' });
};
