export {
	actorOfSession,
	endSession,
	hasAccounts,
	idleLimit,
	lockIdle,
	lockSession,
	onSessionEnded,
	sessionsOf,
	shortenIdleForTests,
	signIn,
	stepUp,
	validate,
	vaultKey,
	type SignedIn,
	type Validated
} from './session/server/sign-in.ts';
export { holdDemoPassword, hospitalHeld } from './session/server/demo.ts';
export { hashPassword } from './session/server/password.ts';
export { roleOf } from './session/server/role-of.ts';
export { doctorsOf, peopleOf, teamOf, type Colleague } from './session/server/people.ts';
export { accountsOf, hasAccount, offerPassword, oneTimePassword } from './account/server/accounts.ts';
