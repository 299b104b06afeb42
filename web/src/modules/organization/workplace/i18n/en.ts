import type { text as zh } from './zh-CN.ts';

export const text: typeof zh = {
	product: 'Tongping',
	skip: 'Skip to content',
	navigation: 'Main navigation',
	board: 'Beds',
	backToBoard: 'Back to the board',
	wards: 'Change ward',
	noWard: 'Your account has no ward yet. Ask an administrator to set one.',
	search: 'Search patients, beds, commands',
	paletteTitle: 'Search patients and commands',
	paletteHint: 'Name, initials, bed, or a page',
	paletteNone: 'Nothing found. Try initials or a bed number.',
	patients: 'Patients of the house',
	pages: 'Pages',
	commands: 'Commands',
	help: 'Keyboard',
	here: 'People here',
	online: (count: number) => `${count} online`,
	userMenu: 'My menu',
	switchUser: 'Switch user',
	changePassword: 'Change password',
	lock: 'Lock the screen',
	signOut: 'Sign out',
	theme: 'Theme',
	light: 'Light',
	dark: 'Dark',
	language: 'Language',
	notices: 'Notices',
	close: 'Close',
	connection: {
		live: 'Connected · as of',
		opening: 'Connecting',
		stale: (ms: string) => `No news for ${ms} · as of`,
		lost: (ms: string) => `No news for ${ms}.`,
		lostDetail: (clock: string) => `This is how it was at ${clock}: readable, but nothing can be changed now.`,
		deadDetail: (clock: string) => `This is how it was at ${clock}. Check at the bedside or by phone before you act.`,
		offline: 'The connection is lost.'
	},
	signOutUnreached: 'The server cannot be reached, so you are still signed in. Lock the screen and try again later.',
	unsent: {
		title: (count: number) => `${count} unsent ${count === 1 ? 'edit has' : 'edits have'} not reached the server`,
		detail: 'They are kept on this PC, encrypted; only you can open them, and they are sent when you sign in again. If you can, get the network back first.',
		unknownTitle: 'What is kept on this PC cannot be read: there may be unsent edits',
		unknownDetail: 'The browser does not let this page read its own storage now. See that every record says “saved” before you leave.',
		stay: 'Stay'
	},
	keys: {
		everywhere: 'Everywhere',
		list: [
			['Ctrl K', 'Search and commands'],
			['?', 'This list'],
			['Esc', 'Back one layer'],
			['G B', 'Bed board'],
			['G I', 'Images']
		]
	},
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
