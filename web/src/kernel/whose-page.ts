/** Whose page this is: a tab outlives its session, and another tab may have signed somebody else in with the same cookie. */
let person: string | null = null;

/** Sent along with whatever changes something, so that a page left behind never acts in the name of who came after. */
export const ofThisPage = (): Record<string, string> => (person === null ? {} : { 'x-page-of': person });

/** `unknown`: the server could not be asked */
export type Standing = 'mine' | 'over' | 'locked' | 'unknown';

interface Answer {
	readonly actor?: { readonly user: string };
	readonly error?: { readonly code?: string };
}

/** Nobody waits longer for an answer: on a line that has died it would never come. */
const PATIENCE_MS = 10_000;

/** Asks without counting as somebody at work. */
export async function standing(user: string): Promise<Standing> {
	try {
		const response = await fetch('/api/session', { headers: { 'x-background': '1' }, signal: AbortSignal.timeout(PATIENCE_MS) });
		const { actor, error } = (await response.json()) as Answer;
		if (response.ok) return actor?.user === user ? 'mine' : 'over';
		// Somebody who has yet to choose a password of their own: not whose page this is, that one would be on `/password`.
		if (response.status === 403 && error?.code === 'must-change') return 'over';
		if (response.status !== 401) return 'unknown';
		return error?.code === 'locked' ? 'locked' : 'over';
	} catch {
		return 'unknown';
	}
}

const CHANNEL = 'tongping:session';

let locking: Promise<number | null> = Promise.resolve(null);

/** Covers this page at once, however long the server takes and also without one. Answers the server's status; null if it cannot be reached. */
export function lockSession(): Promise<number | null> {
	dispatchEvent(new Event('tongping:lock'));
	locking = fetch('/api/session/lock', { method: 'POST', headers: ofThisPage(), signal: AbortSignal.timeout(PATIENCE_MS) }).then(
		({ status }) => status,
		() => null
	);
	return locking;
}
/** A lock still on its way would close what is opened before it arrives. */
export const lockSettled = (): Promise<unknown> => locking;

/** The other tabs of this browser ask at once whether they still belong to somebody. */
export function tellOtherTabs(): void {
	const channel = new BroadcastChannel(CHANNEL);
	channel.postMessage('changed');
	channel.close();
}

/** Something was refused for want of a session, or a line was cut: whoever covers the page should look. */
export function doubtSession(): void {
	dispatchEvent(new Event('tongping:doubt'));
}

/**
 * `look` is called whenever the session may have ended: in another tab, behind a line that was cut, or while the tab was not seen.
 * Returns the way to stop.
 */
export function watchSession(user: string, look: () => void): () => void {
	person = user;
	const channel = new BroadcastChannel(CHANNEL);
	channel.onmessage = look;
	const seen = (): void => {
		if (!document.hidden) look();
	};
	addEventListener('tongping:doubt', look);
	document.addEventListener('visibilitychange', seen);
	return () => {
		person = null;
		channel.close();
		removeEventListener('tongping:doubt', look);
		document.removeEventListener('visibilitychange', seen);
	};
}
