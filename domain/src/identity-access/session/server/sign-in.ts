import { createHash } from 'node:crypto';
import { newId, type Actor, type OrganizationId, type Role, type UserId, type WardId } from '../../../kernel/index.ts';
import { db, hospital } from '../../../kernel/server/index.ts';
import { pauseAfter, PLACES, SESSION, type Place, type SessionEnd, type SignIn } from '../session.ts';
import { hashPassword, isWeak, verifyPassword } from './password.ts';
import type { IdentityTables, SessionTable, UserAccountTable } from './tables.ts';
import { hashToken, newToken } from './token.ts';

export type SignedIn =
	| { readonly ok: true; readonly token: string; readonly expiresAt: number; readonly actor: Actor; readonly mustChange: boolean }
	| { readonly ok: false; readonly code: 'sign-in-refused' }
	| { readonly ok: false; readonly code: 'sign-in-paused'; readonly seconds: number };

// A password is checked even where there is no such account, so that the time tells nothing.
let nobody: Promise<string> | undefined;

const attemptKey = (username: string, address: string): string => createHash('sha256').update(`${username.trim().toLowerCase()}\n${address}`).digest('hex');

async function pauseOf(key: string): Promise<{ readonly ok: false; readonly code: 'sign-in-paused'; readonly seconds: number } | null> {
	const failure = await db<IdentityTables>().selectFrom('sign_in_failure').selectAll().where('key', '=', key).executeTakeFirst();
	const wait = failure ? Number(failure.last_at) + pauseAfter(Number(failure.failures)) - hospital().writer.now() : 0;
	return wait > 0 ? { ok: false, code: 'sign-in-paused', seconds: Math.ceil(wait / 1000) } : null;
}

export const actorOf = (user: UserAccountTable, session: Pick<SessionTable, 'id' | 'device' | 'stepped_up_at'>): Actor => ({
	user: user.id as UserId,
	name: user.name,
	role: user.role as Role,
	organization: user.organization as OrganizationId,
	wards: user.wards === '*' ? '*' : (JSON.parse(user.wards) as WardId[]),
	session: session.id,
	...(session.device === '' ? {} : { device: session.device }),
	steppedUpAt: session.stepped_up_at
});

const lastTry = new Map<string, Promise<unknown>>();
/** Tries under one key wait for each other: many at once would all be judged before the first failure is counted. */
async function inTurn<T>(key: string, attempt: () => Promise<T>): Promise<T> {
	const mine = (lastTry.get(key) ?? Promise.resolve()).then(attempt, attempt);
	lastTry.set(key, mine);
	try {
		return await mine;
	} finally {
		if (lastTry.get(key) === mine) lastTry.delete(key);
	}
}

/** Same answer, same work, whether the name exists, the password is wrong or the account is closed. */
export function signIn(given: SignIn, address: string, device = ''): Promise<SignedIn> {
	const key = attemptKey(given.username, address);
	return inTurn(key, () => attemptSignIn(given, key, device));
}

async function attemptSignIn({ username, password, kind = 'cookie', place }: SignIn, key: string, device: string): Promise<SignedIn> {
	const now = hospital().writer.now();
	const paused = await pauseOf(key);
	if (paused !== null) return paused;
	const user = await db<IdentityTables>().selectFrom('user_account').selectAll().where('username', '=', username.trim().toLowerCase()).executeTakeFirst();
	nobody ??= hashPassword(newToken());
	const right = await verifyPassword(user?.password_hash ?? (await nobody), password);
	if (user === undefined || !right || user.active !== 1) {
		await hospital().writer.task('identity-access.sign-in-failed', { key, user: user?.id ?? 'unknown', organization: user?.organization ?? 'unknown' });
		return { ok: false, code: 'sign-in-refused' };
	}
	const token = newToken();
	const session: SessionTable = {
		id: newId(),
		user: user.id,
		device,
		token_hash: hashToken(token),
		previous_hash: null,
		rotated_at: now,
		kind,
		created_at: now,
		expires_at: now + SESSION.absoluteMs,
		seen_at: now,
		stepped_up_at: now,
		// Nobody said where: whoever works in wards is taken to sit at a shared PC. A program sits nowhere.
		place: place ?? (kind === 'token' || user.wards === '*' ? 'office' : 'ward')
	};
	await hospital().writer.task('identity-access.signed-in', {
		key,
		session,
		organization: user.organization,
		renewedHash: isWeak(user.password_hash) ? await hashPassword(password) : null
	});
	return { ok: true, token, expiresAt: session.expires_at, actor: actorOf(user, session), mustChange: user.must_change === 1 };
}

let idleMs: Readonly<Record<Place, number>> = SESSION.idleMs;
/** How long a session at this place may be left alone. */
export const idleLimit = (place: Place): number => idleMs[place];
/** For journeys, which cannot wait five minutes: the settings refuse it outside a demo hospital. */
export function shortenIdleForTests(limits: Readonly<Record<Place, number>>): void {
	idleMs = limits;
}

const GRACE_MS = 10_000;
/** When a person last touched each session; written through once a minute, so a page view costs no commit. */
const seen = new Map<string, number>();

export type Validated =
	| { readonly ok: true; readonly actor: Actor; readonly expiresAt: number; readonly kind: string; readonly place: Place }
	| { readonly ok: false; readonly why: 'locked'; readonly session: string; readonly user: UserId; readonly organization: OrganizationId }
	/** the actor may change their password and nothing else */
	| { readonly ok: false; readonly why: 'must-change'; readonly actor: Actor }
	| { readonly ok: false; readonly why: Exclude<SessionEnd, 'locked' | 'must-change'> };

const stateOf = (row: UserAccountTable & SessionTable & { session_id: string }, now: number): Validated => {
	if (row.active !== 1 || Number(row.expires_at) <= now) return { ok: false, why: 'expired' };
	if (now - Math.max(Number(row.seen_at), seen.get(row.session_id) ?? 0) > idleMs[row.place])
		return { ok: false, why: 'locked', session: row.session_id, user: row.user as UserId, organization: row.organization as OrganizationId };
	const actor = actorOf({ ...row, id: row.user }, { id: row.session_id, device: row.device, stepped_up_at: Number(row.stepped_up_at) });
	if (row.must_change === 1) return { ok: false, why: 'must-change', actor };
	return { ok: true, actor, expiresAt: Number(row.expires_at), kind: row.kind, place: row.place };
};
const joined = () =>
	db<IdentityTables>().selectFrom('session').innerJoin('user_account', 'user_account.id', 'session.user').selectAll().select('session.id as session_id');

/** The one validator for pages, /api, /sync, /io and /dicomweb. `touch` marks that a person, not a timer, is there. */
export async function validate(token: string, { touch }: { readonly touch: boolean }): Promise<Validated> {
	const now = hospital().writer.now();
	const hash = hashToken(token);
	const row = (await joined()
		.where((e) => e.or([e('token_hash', '=', hash), e.and([e('previous_hash', '=', hash), e('rotated_at', '>', now - GRACE_MS)])]))
		.executeTakeFirst()) as (UserAccountTable & SessionTable & { session_id: string }) | undefined;
	if (row === undefined) return { ok: false, why: 'absent' };
	const state = stateOf(row, now);
	if ((state.ok || state.why === 'must-change') && touch) await touched(row.session_id, now);
	return state;
}

/** Asked by open sockets: null as soon as the session is over. Never counts as a touch. */
export async function actorOfSession(session: string): Promise<Actor | null> {
	const row = (await joined().where('session.id', '=', session).executeTakeFirst()) as (UserAccountTable & SessionTable & { session_id: string }) | undefined;
	const state = row && stateOf(row, hospital().writer.now());
	return state?.ok ? state.actor : null;
}

async function touched(session: string, now: number): Promise<void> {
	const before = seen.get(session) ?? 0;
	seen.set(session, now);
	if (now - before > 60_000) await hospital().writer.task('identity-access.seen', { session, at: now });
}

const endListeners = new Set<(session: string) => void>();
/** Sockets close within a second of the end of their session. */
export function onSessionEnded(listener: (session: string) => void): () => void {
	endListeners.add(listener);
	return () => {
		endListeners.delete(listener);
	};
}

export async function endSession(session: string, by: Pick<Actor, 'user' | 'organization'>): Promise<void> {
	await hospital().writer.task('identity-access.ended', { session, by: by.user, organization: by.organization });
	seen.delete(session);
	for (const listener of endListeners) listener(session);
}

/** The screen is left: the session stays, but asks for the password; its sockets close like those of an ended one. */
export async function lockSession(session: string, cause: 'asked' | 'idle' = 'asked'): Promise<void> {
	await hospital().writer.task('identity-access.locked', { session, cause });
	seen.delete(session);
	for (const listener of endListeners) listener(session);
}

/** Locks what has been left alone too long, whatever its page does: asked every few seconds by the server itself. */
export async function lockIdle(): Promise<number> {
	const now = hospital().writer.now();
	const idle = await db<IdentityTables>()
		.selectFrom('session')
		.select(['id', 'place', 'seen_at'])
		.where('seen_at', '>', 0)
		.where('seen_at', '<', now - Math.min(...PLACES.map(idleLimit)))
		.where('expires_at', '>', now)
		.execute();
	const left = idle.filter(({ id, place, seen_at }) => now - Math.max(Number(seen_at), seen.get(id) ?? 0) > idleMs[place]);
	for (const { id } of left) await lockSession(id, 'idle');
	return left.length;
}

export async function sessionsOf(
	user: string
): Promise<readonly { readonly id: string; readonly kind: string; readonly createdAt: number; readonly seenAt: number }[]> {
	const rows = await db<IdentityTables>()
		.selectFrom('session')
		.select(['id', 'kind', 'created_at', 'seen_at'])
		.where('user', '=', user)
		.where('expires_at', '>', hospital().writer.now())
		.orderBy('created_at', 'desc')
		.execute();
	return rows.map((row) => ({ id: row.id, kind: row.kind, createdAt: Number(row.created_at), seenAt: Math.max(Number(row.seen_at), seen.get(row.id) ?? 0) }));
}

/** Proves the person again before a signature, or opens a locked screen. The token is new afterwards; the old one dies in seconds. */
export function stepUp(token: string, password: string): Promise<SteppedUp> {
	return inTurn(hashToken(token), () => attemptStepUp(token, password));
}
export type SteppedUp =
	| { readonly ok: true; readonly token: string; readonly expiresAt: number }
	| { readonly ok: false; readonly code: 'sign-in-refused' | 'signed-out' }
	| { readonly ok: false; readonly code: 'sign-in-paused'; readonly seconds: number };

async function attemptStepUp(token: string, password: string): Promise<SteppedUp> {
	const now = hospital().writer.now();
	const row = (await joined().where('token_hash', '=', hashToken(token)).executeTakeFirst()) as
		(UserAccountTable & SessionTable & { session_id: string }) | undefined;
	if (row === undefined || row.active !== 1 || Number(row.expires_at) <= now) return { ok: false, code: 'signed-out' };
	const key = attemptKey(row.username, row.session_id);
	const paused = await pauseOf(key);
	if (paused !== null) return paused;
	if (!(await verifyPassword(row.password_hash, password))) {
		await hospital().writer.task('identity-access.sign-in-failed', { key, user: row.user, organization: row.organization });
		return { ok: false, code: 'sign-in-refused' };
	}
	const next = row.kind === 'cookie' ? newToken() : token;
	await hospital().writer.task('identity-access.stepped-up', {
		session: row.session_id,
		key,
		user: row.user,
		organization: row.organization,
		tokenHash: hashToken(next),
		at: now
	});
	seen.set(row.session_id, now);
	return { ok: true, token: next, expiresAt: Number(row.expires_at) };
}

/** 32 random bytes, base64: encrypts this person's unsent edits on a shared PC. Handed only to their own live session. */
export async function vaultKey(user: string): Promise<string> {
	return (await db<IdentityTables>().selectFrom('user_account').select('vault_key').where('id', '=', user).executeTakeFirstOrThrow()).vault_key;
}

export async function hasAccounts(): Promise<boolean> {
	return (await db<IdentityTables>().selectFrom('user_account').select('id').limit(1).executeTakeFirst()) !== undefined;
}
