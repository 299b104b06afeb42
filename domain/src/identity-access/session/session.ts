import { z } from 'zod';

/** Where the workstation stands: a shared PC of a ward is left alone sooner than a desk behind a door. */
export const PLACES = ['ward', 'office'] as const;
export type Place = (typeof PLACES)[number];

/** Limits of a session. Source: ASVS 5.0 §7.3 and 等保三级 (time-out, lock-out). */
export const SESSION = {
	/** absolute life: one shift */
	absoluteMs: 12 * 3_600_000,
	/** without a touch by a person the session locks and asks for the password */
	idleMs: { ward: 5 * 60_000, office: 15 * 60_000 },
	/** failures before the first pause, and how the pause grows */
	freeFailures: 5,
	firstPauseMs: 30_000,
	longestPauseMs: 15 * 60_000
} as const;

export const COOKIE = '__Host-tongping';
/** The workstation remembers where it stands; nothing else is in this cookie. */
export const PLACE_COOKIE = '__Host-tongping-place';
/** What somebody says or a workstation remembers; anything else is nothing said. */
export const placeOf = (said: unknown): Place | undefined => PLACES.find((place) => place === said);

export const signInSchema = z.strictObject({
	username: z
		.string()
		.min(1)
		.max(64)
		.refine((name) => !name.includes('\0')),
	password: z.string().min(1).max(256),
	kind: z.enum(['cookie', 'token']).optional(),
	place: z.enum(PLACES).optional()
});
export const stepUpSchema = z.strictObject({ password: z.string().min(1).max(256) });
export interface SignIn extends z.output<typeof signInSchema> {}

/** Why a session does not let its holder in. `locked` keeps it and asks for the password again; `must-change` opens nothing but the change of a password somebody else knows. */
export type SessionEnd = 'absent' | 'expired' | 'locked' | 'must-change';

/** The pause after `failures` wrong passwords in a row, in milliseconds. */
export function pauseAfter(failures: number): number {
	if (failures < SESSION.freeFailures) return 0;
	return Math.min(SESSION.longestPauseMs, SESSION.firstPauseMs * 2 ** (failures - SESSION.freeFailures));
}
