import type { Cookies } from '@sveltejs/kit';
import { isId, newId } from '@tongping/domain/kernel';
import { COOKIE, PLACE_COOKIE, placeOf, type Place } from '@tongping/domain/identity-access';

export const setSessionCookie = (cookies: Cookies, token: string, expiresAt: number): void => {
	cookies.set(COOKIE, token, { path: '/', httpOnly: true, secure: true, sameSite: 'lax', expires: new Date(expiresAt) });
};
export const clearSessionCookie = (cookies: Cookies): void => {
	cookies.delete(COOKIE, { path: '/', httpOnly: true, secure: true, sameSite: 'lax' });
};

const DEVICE = '__Host-device';
const DEVICE_SECONDS = 400 * 86_400;
/** Which browser this is, whoever sits before it: every stored keystroke names it. It says nothing about a person and opens nothing. */
export function deviceOf(cookies: Cookies): string {
	const known = cookies.get(DEVICE) ?? '';
	const device = isId(known) ? known : newId();
	cookies.set(DEVICE, device, { path: '/', httpOnly: true, secure: true, sameSite: 'lax', maxAge: DEVICE_SECONDS });
	return device;
}

/** Where this workstation stands, as somebody once said here; a shared PC until then. */
export const placeHere = (cookies: Cookies): Place => placeOf(cookies.get(PLACE_COOKIE)) ?? 'ward';
export const rememberPlace = (cookies: Cookies, place: Place): void => {
	cookies.set(PLACE_COOKIE, place, { path: '/', httpOnly: true, secure: true, sameSite: 'lax', maxAge: DEVICE_SECONDS });
};
