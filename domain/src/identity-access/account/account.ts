import { z } from 'zod';
import { ROLES, type Role, type UserId, type WardId } from '../../kernel/index.ts';

const user = z.string().min(1).max(64);
export const personSchema = z.strictObject({ user });
export const changeRoleSchema = z.strictObject({
	user,
	role: z.enum(ROLES),
	wards: z.union([z.literal('*'), z.array(z.string().min(1).max(64)).max(200)])
});
/** `offer` names a password the server has made ready; the password itself stands in no command. */
export const resetPasswordSchema = z.strictObject({ user, offer: z.string().min(8).max(64) });
export const changePasswordSchema = z.strictObject({ offer: z.string().min(8).max(64) });
/** Length is what counts (NIST SP 800-63B §3.1.1.2); no rule about kinds of characters. */
export const newPassword = z.string().min(10).max(256);
export const ownPasswordSchema = z.strictObject({ password: z.string().min(1).max(256), next: newPassword });

export interface Person extends z.output<typeof personSchema> {}
export interface ChangeRole extends z.output<typeof changeRoleSchema> {}
export interface ResetPassword extends z.output<typeof resetPasswordSchema> {}
export interface ChangePassword extends z.output<typeof changePasswordSchema> {}

/** An account as those who manage it see it: never its hash. */
export interface Account {
	readonly user: string;
	readonly username: string;
	readonly name: string;
	readonly role: Role;
	readonly wards: readonly WardId[] | '*';
	readonly active: boolean;
	readonly mustChange: boolean;
	readonly signedInAt: number | null;
}

interface AccountEvent {
	readonly patient: null;
	readonly user: UserId;
}
export interface AccountDisabled extends AccountEvent {
	readonly type: 'identity-access.account.disabled';
}
export interface AccountEnabled extends AccountEvent {
	readonly type: 'identity-access.account.enabled';
}
export interface RoleChanged extends AccountEvent {
	readonly type: 'identity-access.account.role-changed';
	readonly role: Role;
	readonly wards: readonly WardId[] | '*';
}
export interface PasswordReset extends AccountEvent {
	readonly type: 'identity-access.account.password-reset';
}
export interface PasswordChanged extends AccountEvent {
	readonly type: 'identity-access.account.password-changed';
}

/** After these no token of that person opens anything, on any channel. */
const ENDS: ReadonlySet<string> = new Set(
	['disabled', 'enabled', 'role-changed', 'password-reset', 'password-changed'].map((what) => `identity-access.account.${what}`)
);
export const endsSessionsOf = (event: { readonly type: string }): string | null =>
	ENDS.has(event.type) && 'user' in event && typeof event.user === 'string' ? event.user : null;
