import { ok, refuse, type Actor, type Facts, type Refusal, type Result, type Role, type UserId, type WardId } from '../../kernel/index.ts';
import type {
	AccountDisabled,
	AccountEnabled,
	ChangePassword,
	ChangeRole,
	PasswordChanged,
	PasswordReset,
	Person,
	ResetPassword,
	RoleChanged
} from './account.ts';

export interface AccountState {
	readonly person: { readonly user: UserId; readonly name: string; readonly role: Role; readonly active: boolean } | null;
	/** administrators in force besides this person */
	readonly otherAdministrators: number;
	/** wards of the house, where they matter */
	readonly wards: ReadonlySet<string>;
	/** the offer was made for this person, by the actor, within the last minute */
	readonly offered: boolean;
}
type Decided<E> = Result<readonly E[], Refusal>;
type Known = NonNullable<AccountState['person']>;

const unknown = (): Result<never, Refusal> => refuse('account-unknown');
/** Whoever removes their own right could not put it back; and a house without an administrator can never be mended from inside. */
function losesAdministrator({ otherAdministrators }: AccountState, person: Known, actor: Actor): Result<never, Refusal> | null {
	if (person.role === 'administrator' && person.active && otherAdministrators === 0) return refuse('last-administrator', { name: person.name });
	return person.user === actor.user ? refuse('own-account') : null;
}

export function decideDisable(state: AccountState, _input: Person, { actor }: Facts): Decided<AccountDisabled> {
	const { person } = state;
	if (person === null) return unknown();
	if (!person.active) return refuse('account-disabled-already', { name: person.name });
	return losesAdministrator(state, person, actor) ?? ok([{ type: 'identity-access.account.disabled', patient: null, user: person.user }]);
}

export function decideEnable({ person }: AccountState): Decided<AccountEnabled> {
	if (person === null) return unknown();
	if (person.active) return refuse('account-in-force', { name: person.name });
	return ok([{ type: 'identity-access.account.enabled', patient: null, user: person.user }]);
}

export function decideChangeRole(state: AccountState, { role, wards }: ChangeRole, { actor }: Facts): Decided<RoleChanged> {
	const { person } = state;
	if (person === null) return unknown();
	if (wards !== '*' && wards.some((ward) => !state.wards.has(ward))) return refuse('ward-unknown');
	const loses = role === 'administrator' && person.user !== actor.user ? null : losesAdministrator(state, person, actor);
	return (
		loses ??
		ok([
			{ type: 'identity-access.account.role-changed', patient: null, user: person.user, role, wards: wards === '*' ? '*' : ([...new Set(wards)] as WardId[]) }
		])
	);
}

export function decideReset({ person, offered }: AccountState, _input: ResetPassword, { actor }: Facts): Decided<PasswordReset> {
	if (person === null) return unknown();
	if (person.user === actor.user) return refuse('own-password');
	if (!offered) return refuse('password-offer-gone');
	return ok([{ type: 'identity-access.account.password-reset', patient: null, user: person.user }]);
}

export function decideChangePassword({ person, offered }: AccountState, _input: ChangePassword): Decided<PasswordChanged> {
	if (person === null || !person.active) return unknown();
	if (!offered) return refuse('password-offer-gone');
	return ok([{ type: 'identity-access.account.password-changed', patient: null, user: person.user }]);
}
