import type { refusals as zhRefusals, text as zh } from './zh-CN.ts';

export const refusals: typeof zhRefusals = {
	'account-unknown': () => 'This account was not found. Nothing was changed; load the list again.',
	'account-disabled-already': (f) => `The account of ${f['name'] ?? 'this person'} is disabled already.`,
	'account-in-force': (f) => `The account of ${f['name'] ?? 'this person'} is in use; there is nothing to enable.`,
	'last-administrator': (f) =>
		`${f['name'] ?? 'This person'} is the only administrator; without them nobody could manage accounts. Appoint another administrator first.`,
	'own-account': () => 'You cannot disable yourself or give up your own post as administrator. Ask another administrator to do it.',
	'own-password': () => 'Change your own password from the menu at the top right.',
	'password-offer-gone': () => 'The password made ready has run out. Nothing was changed; try once more.'
};

export const text: typeof zh = {
	title: 'Users · Tongping',
	heading: 'Users',
	hint: 'Whoever is disabled, gets another post or a new password is signed out everywhere at once.',
	search: 'Find by name, staff number or post',
	found: (n) => (n === 1 ? '1 person' : `${n} people`),
	none: 'Nobody fits.',
	columns: { name: 'Name', username: 'Staff number', role: 'Post', wards: 'Wards', state: 'State', last: 'Last sign-in', acts: 'Actions' },
	inForce: 'In use',
	disabled: 'Disabled',
	mustChange: 'Must change password',
	never: 'Never',
	allWards: 'Whole house',
	noWards: 'None',
	disable: 'Disable',
	enable: 'Enable',
	change: 'Post and wards',
	reset: 'Reset password',
	titles: {
		disable: (name) => `Disable the account of ${name}`,
		enable: (name) => `Enable the account of ${name}`,
		change: (name) => `Post and wards of ${name}`,
		reset: (name) => `Reset the password of ${name}`
	},
	consequence: {
		disable: 'They are signed out everywhere at once and cannot sign in. What they wrote keeps their name.',
		enable: 'They can sign in with their former password.',
		change: 'They have to sign in again; the new post and wards hold from then on.',
		reset: 'The former password ends at once. The new one is shown once and must be changed at the next sign-in.'
	},
	role: 'Post',
	everyWard: 'Every ward of the house',
	yourPassword: 'Your password',
	confirm: 'Confirm',
	cancel: 'Cancel',
	close: 'Passed on, close',
	oneTime: (name) => `One-time password of ${name}`,
	oneTimeHint: 'Tell them in person or by telephone. It is not shown again.',
	wrong: 'The password is not right. Nothing was changed.',
	unreachable: 'The server cannot be reached. Nothing was changed.',
	password: {
		title: 'Change password · Tongping',
		heading: 'Change password',
		mustHint: 'Somebody else set your present password. Choose one that only you know.',
		hint: 'Afterwards you are signed out everywhere; sign in again with the new password.',
		present: 'Present password',
		next: 'New password (10 characters or more)',
		again: 'New password once more',
		differ: 'The two new passwords differ.',
		go: 'Change password',
		done: 'The password is changed. Sign in with the new one.',
		back: 'Back',
		signIn: 'Sign in'
	}
};
