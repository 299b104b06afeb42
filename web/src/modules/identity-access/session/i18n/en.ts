import type { text as zh } from './zh-CN.ts';

export const text: typeof zh = {
	product: 'Tongping',
	title: 'Sign in · Tongping',
	greeting: { night: 'Night shift, thank you', morning: 'Good morning', afternoon: 'Good afternoon', evening: 'Good evening' },
	opens: 'Signing in opens the bed board of your ward.',
	username: 'Staff number',
	password: 'Password',
	showPassword: 'Show password',
	hidePassword: 'Hide password',
	place: { label: 'This computer', ward: 'Shared (locks after 5 min)', office: 'My own desk (15 min)' },
	capsLock: 'Caps Lock is on. The password is case-sensitive.',
	signIn: 'Sign in',
	signingIn: 'Signing in',
	demoTitle: 'Accounts of the demo hospital',
	demoHint: 'Choose one, then type the demo password printed on the console at start.',
	line1: 'Beds, notes, images:',
	line2: 'the whole team on one screen.',
	promise: 'Every word is stored within a second. Closing the page loses nothing.',
	language: 'Language',
	theme: 'Theme',
	light: 'Light',
	dark: 'Dark',
	roles: {
		nurse: 'nurse',
		'head-nurse': 'head nurse',
		resident: 'resident',
		attending: 'attending',
		chief: 'chief',
		pharmacist: 'pharmacist',
		radiologist: 'radiologist',
		'reviewing-radiologist': 'reviewing radiologist',
		administrator: 'administrator'
	}
};
