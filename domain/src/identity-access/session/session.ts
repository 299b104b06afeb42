import { z } from 'zod';

/** Limits of a session. Source: ASVS 5.0 §7.3 and 等保三级 (time-out, lock-out); a shared ward PC may be set shorter by the operator. */
export const SESSION = {
	/** absolute life: one shift */
	absoluteMs: 12 * 3_600_000,
	/** without a touch by a person the session locks and asks for the password */
	idleMs: 15 * 60_000,
	/** failures before the first pause, and how the pause grows */
	freeFailures: 5,
	firstPauseMs: 30_000,
	longestPauseMs: 15 * 60_000
} as const;

export const COOKIE = '__Host-tongping';

export const signInSchema = z.strictObject({
	username: z.string().min(1).max(64),
	password: z.string().min(1).max(256),
	kind: z.enum(['cookie', 'token']).optional()
});
export const stepUpSchema = z.strictObject({ password: z.string().min(1).max(256) });
export interface SignIn extends z.output<typeof signInSchema> {}

/** Why a session does not let its holder in. `locked` keeps the session and asks for the password again. */
export type SessionEnd = 'absent' | 'expired' | 'locked';

/** The pause after `failures` wrong passwords in a row, in milliseconds. */
export function pauseAfter(failures: number): number {
	if (failures < SESSION.freeFailures) return 0;
	return Math.min(SESSION.longestPauseMs, SESSION.firstPauseMs * 2 ** (failures - SESSION.freeFailures));
}
