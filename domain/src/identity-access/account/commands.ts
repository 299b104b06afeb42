import { command, type Actor } from '../../kernel/index.ts';
import {
	changePasswordSchema,
	changeRoleSchema,
	personSchema,
	resetPasswordSchema,
	type AccountDisabled,
	type AccountEnabled,
	type ChangePassword,
	type ChangeRole,
	type PasswordChanged,
	type PasswordReset,
	type Person,
	type ResetPassword,
	type RoleChanged
} from './account.ts';
import { decideChangePassword, decideChangeRole, decideDisable, decideEnable, decideReset, type AccountState } from './decide.ts';
import { mayManageAccounts } from './policy.ts';

/** Accounts are nobody's health record. A fresh proof of the administrator: a screen left open must not hand out rights. */
const byAdministrators = { stepUp: true, patient: () => null, patientOf: () => null, policy: (actor: Actor) => mayManageAccounts(actor) } as const;

export const disableAccount = command<Person, AccountState, AccountDisabled>()({
	...byAdministrators,
	name: 'identity-access.account.disable',
	schema: personSchema,
	decide: decideDisable
});
export const enableAccount = command<Person, AccountState, AccountEnabled>()({
	...byAdministrators,
	name: 'identity-access.account.enable',
	schema: personSchema,
	decide: decideEnable
});
export const changeRole = command<ChangeRole, AccountState, RoleChanged>()({
	...byAdministrators,
	name: 'identity-access.account.change-role',
	schema: changeRoleSchema,
	decide: decideChangeRole
});
export const resetPassword = command<ResetPassword, AccountState, PasswordReset>()({
	...byAdministrators,
	name: 'identity-access.account.reset-password',
	schema: resetPasswordSchema,
	decide: decideReset
});
/** One's own; the former password has just been proved. */
export const changePassword = command<ChangePassword, AccountState, PasswordChanged>()({
	...byAdministrators,
	policy: () => true,
	name: 'identity-access.account.change-password',
	schema: changePasswordSchema,
	decide: decideChangePassword
});
