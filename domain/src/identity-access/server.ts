export {
	actorOfSession,
	endSession,
	hasAccounts,
	lockSession,
	onSessionEnded,
	sessionsOf,
	signIn,
	stepUp,
	validate,
	vaultKey,
	type SignedIn,
	type Validated
} from './session/server/sign-in.ts';
export { hashPassword } from './session/server/password.ts';
export { roleOf } from './session/server/role-of.ts';
export { doctorsOf, peopleOf, teamOf, type Colleague } from './session/server/people.ts';
