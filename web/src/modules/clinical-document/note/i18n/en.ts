import type { RefusalFacts } from '@tongping/domain/kernel';
import type { text as zh } from './zh-CN.ts';

const clock = (at: string | number | null | undefined): string =>
	typeof at === 'number' ? new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Asia/Shanghai' }) : '';

const roles: Readonly<Record<string, string>> = {
	resident: 'Resident',
	attending: 'Attending',
	chief: 'Chief physician',
	nurse: 'Nurse in charge',
	'head-nurse': 'Head nurse',
	pharmacist: 'Clinical pharmacist',
	radiologist: 'Radiologist',
	'reviewing-radiologist': 'Reviewing radiologist',
	administrator: 'Administrator'
};
const sections: Readonly<Record<string, string>> = {
	subjective: 'Complaints',
	objective: 'Findings',
	assessment: 'Assessment',
	plan: 'Plan',
	features: 'Case features',
	reasoning: 'Reasoning',
	pharmacy: 'Medication advice',
	consult: 'Consultation',
	observation: 'Nursing observation',
	measures: 'Nursing measures'
};
const types: Readonly<Record<string, string>> = {
	'first-progress': 'First progress note',
	'daily-progress': 'Daily progress note',
	'attending-round': "Attending's round",
	'nursing-record': 'Nursing record'
};
const section = (root: string | number | null | undefined): string => sections[String(root)] ?? String(root);

export const text: typeof zh = {
	types,
	sections,
	roles,
	round: 'Round',
	today: "Today's round",
	rounded: (done, all) => `${done} of ${all} written`,
	progressLabel: 'Notes written today',
	due: (minutes) => {
		const n = Math.abs(minutes);
		const words = n < 60 ? `${n} min` : n < 2880 ? `${Math.floor(n / 60)} h ${n % 60} min` : `${Math.floor(n / 1440)} days`;
		return minutes < 0 ? `${words} over` : `${words} left`;
	},
	dueShort: (minutes) => {
		const n = Math.abs(minutes);
		const words = n < 60 ? `${n}m` : n < 2880 ? `${Math.floor(n / 60)}h` : `${Math.floor(n / 1440)}d`;
		return minutes < 0 ? `−${words}` : words;
	},
	owed: 'Owed',
	dueRules: {
		'first-progress': 'within 8 h of admission',
		'first-round': 'within 48 h of admission',
		'rounds-weekly': 'three a week',
		'course-critical': 'critical: at least daily',
		'course-serious': 'serious: at least every 2 days',
		'course-stable': 'stable: at least every 3 days',
		'nursing-grave': 'gravely ill: at least daily',
		'nursing-special': 'special care: at least daily',
		'nursing-first': 'level 1: at least daily',
		'nursing-second': 'level 2: at least every 3 days',
		'nursing-third': 'level 3: at least weekly'
	},
	toToday: "Show today's",
	consult: {
		invite: 'Ask a consultant',
		heading: 'Consultation',
		urgent: 'Urgent (within 10 minutes)',
		urgentMark: 'urgent',
		line: (by, clock) => `asked by ${by} ${clock}`,
		title: 'Ask a consultant',
		hint: 'Who is asked may read this note and write only its consultation, until the note is sealed.',
		find: 'Find by name or department',
		doctors: 'Doctors who can be asked',
		house: 'whole house',
		none: 'No doctor of another department found. Try another name or department.',
		already: 'asked',
		reason: 'Reason and question',
		reasonHint: 'e.g. potassium 2.9 mmol/L, how to replace it?',
		send: 'Ask',
		cancel: 'Not now',
		pick: 'Choose a doctor first',
		sent: (name) => `${name} was asked; it stands in their “My notes” now`,
		unreachable: 'The list of doctors did not arrive. Check the network and open this again.',
		asked: 'My opinion is asked',
		guest: (by, reason) => `${by} asks for your opinion: ${reason}`,
		guestHow: 'You can write the consultation; you read the rest.',
		reasonColumn: 'Reason',
		by: 'Asked by',
		due: 'Due',
		written: 'written',
		writtenNot: 'not written'
	},
	inThisNote: (n) => `${n} people in this note`,
	nobodyElse: 'You are alone in this note',
	you: 'you',
	asYou: (name) => `${name} (you)`,
	youAs: (role) => `${role}, you`,
	typing: (name) => `${name} is writing`,
	hereLabel: 'People in this section',
	writers: {
		doctors: 'Resident, attending',
		doctorsSigned: 'Seniors revise, traced',
		pharmacist: 'Clinical pharmacist',
		consultant: 'Consultant',
		nurses: 'Nurse in charge',
		nursesSigned: 'Head nurse revises, traced'
	},
	readOnlyHere: 'You may read',
	editorLabel: (name, can) => (can ? `${name}, you may write` : `${name}, read only`),
	beside: 'A legal document of its own, signed by nurses',
	save: {
		pressed: (at) => `Saved ${at}. Every word is saved as you type; there is nothing to press`
	},
	late: {
		sealed: (n) => `${n} characters you wrote offline were not added: this note has all its signatures.`,
		signed: (n, at) => `${n} characters you wrote offline were not added: this note was signed at ${at}.`,
		propose: 'Offer as addendum',
		proposed: 'Offered as an addendum; it waits for your signature.'
	},
	evidence: {
		vitals: 'Vital signs, 24 h',
		labs: 'Results',
		click: 'Click a value to insert',
		days: '7 days',
		none: 'No results in 7 days',
		insert: (label, value) => `Insert ${label} ${value} into the section`,
		noPlace: 'Put the caret into a section you may write',
		open: 'Vitals and results',
		close: 'Close',
		high: 'high',
		low: 'low',
		critical: 'critical'
	},
	chip: { update: (value) => `New ${value}, update`, struck: 'struck' },
	slash: { label: 'Insert a value', none: (query) => `No recent result for “${query}”`, hint: '↑ ↓ choose, Enter inserts, Esc cancels' },
	flags: { high: '↑', low: '↓', critical: '!!' },
	start: {
		heading: 'No progress note today yet',
		lead: 'Once started, your team sees it at once and can write with you.',
		button: (type) => `Start ${type.toLowerCase()}`,
		nursing: 'No nursing record today yet',
		waitNursing: 'It appears here once the nurse starts it.',
		waitDoctors: 'It appears here once a doctor starts it.'
	},
	view: { label: 'View', edit: 'Edit', clean: 'Clean', trace: 'Trace' },
	history: {
		button: 'Who wrote',
		title: 'Who wrote this, history',
		people: 'Who wrote in this note',
		hint: 'Read-only. Point at words, or Tab to an initial, to see who wrote them and when.',
		wrote: (name, time) => `${name}, ${time}`,
		at: (time) => `wrote this at ${time}`,
		stood: (time, name) => `${time}, as ${name} left it`,
		slider: 'The note as it stood at',
		earlier: 'Earlier',
		later: 'Later',
		now: 'Latest',
		past: 'As of',
		version: (n) => `Signed v${n}`,
		empty: 'Nothing written at that moment',
		system: 'System',
		failed: 'The history did not arrive. Check the connection and try again.',
		again: 'Try again',
		close: 'Back to writing'
	},
	sign: {
		bar: 'Signatures',
		waits: 'to sign',
		done: (at) => `signed ${at}`,
		sealed: 'All signed; addenda only',
		mine: { author: 'Sign', review: 'Review and sign' },
		notTurn: (role) => `Waiting for the ${role.toLowerCase()}`,
		pending: 'Some changes have not reached the server; you can sign when they have',
		missing: (n, first) => `${n} before signing: ${first} is empty`,
		next: 'Go there',
		title: (type) => `Sign: ${type}`,
		what: 'You sign what is on your screen now',
		hash: 'Digest',
		author: 'I wrote this note and answer for it.',
		review: 'I have read and revised this note and answer for it.',
		password: 'Password',
		confirm: { author: 'Sign', review: 'Sign the review' },
		cancel: 'Not yet',
		changed: 'Changes were made since you read it. Please read them, then sign.',
		readAgain: 'Read again',
		wrong: 'That password is not right; nothing was signed. Please try again.',
		afterSeal: 'Your signature seals this note; later words are addenda.',
		afterStep: 'After signing you cannot change it; a senior may, with a trace.',
		signedToast: (version) => `Signed, version ${version}`,
		chainBroken: 'The content and the signature of this version do not match. Tell the records office.',
		traceGap: 'This version has changes without a trace; compare the two versions.'
	},
	addenda: { heading: 'Addenda', proposed: 'to be signed', late: 'written offline', sign: 'Sign', by: (name, at) => `${name} ${at}` },
	print: {
		button: 'Print',
		clean: 'Clean',
		traced: 'Traced',
		pdf: 'Download PDF',
		back: 'Back',
		number: 'Admission no.',
		bed: 'Bed',
		name: 'Name',
		sex: 'Sex',
		age: 'Age',
		ward: 'Ward',
		date: 'Date',
		version: (n) => `Version ${n}`,
		draft: 'Draft, not signed, not a medical record',
		noCa: 'No electronic signature certificate (CA) is attached. The signature rests on this system: identity, time and digest.',
		hash: 'SHA-256 digest',
		signed: (name, role, time) => `Signed by ${name}, ${role}, ${time}`,
		page: 'Printed'
	},
	list: {
		title: 'Notes',
		heading: 'My notes',
		empty: 'No note is waiting for your signature',
		emptyWay: 'When a colleague has signed and it is your turn, the note appears here.',
		patient: 'Patient',
		document: 'Note',
		state: 'State',
		open: 'Open',
		waiting: (role) => `for ${role.toLowerCase()}`,
		sealed: 'sealed'
	},
	banner: {
		bed: (n) => `Bed ${n}`,
		noBed: 'Waiting',
		mrn: 'Adm.',
		day: (n) => `day ${n}`,
		years: (n) => `${n} y`,
		ageUnknown: 'age unknown',
		sex: { male: 'M', female: 'F', unknown: 'sex unknown' },
		born: 'born',
		level: ['Special care', 'Level 1', 'Level 2', 'Level 3'],
		noKnownAllergy: 'No known allergy',
		allergyUnknown: 'Allergies not asked',
		allergy: (names) => `Allergy: ${names}`,
		discharge: 'EDD',
		critical: 'critical',
		serious: 'serious',
		alike: (bed, name) => `Similar name: bed ${bed} ${name}, check the wristband`,
		news2: 'NEWS2',
		label: 'Patient'
	},
	nav: { previous: 'Previous', next: 'Next', list: 'Order of the round', written: 'written today' }
};

export const refusals: Readonly<Record<string, (facts: RefusalFacts) => string>> = {
	'stay-unknown': () => 'This stay was not found; no note was started. Open the patient from the board again.',
	'note-unknown': () => 'This note was not found, or it is not yours to see.',
	'note-sealed': ({ by, at }) => `${by ?? 'The last signer'} sealed this note${at === null ? '' : ` at ${clock(at)}`}. You can offer an addendum.`,
	'already-signed': ({ by, at }) => `Your level has signed (${by ?? ''} ${clock(at)}). Ask a senior to revise it.`,
	'other-turn': ({ role }) => `It is not your turn: the ${(roles[String(role)] ?? '').toLowerCase()} signs first.`,
	'text-changed': () => 'Changes were made since you read it. Please read them, then sign.',
	'section-empty': ({ section: root, count }) => `“${section(root)}” is empty${Number(count) > 1 ? ` (${count} sections)` : ''}. Write it, then sign.`,
	'content-not-allowed': ({ section: root }) =>
		`“${section(root)}” holds something this note does not support; nothing was signed. Delete it and write the section again.`,
	'chip-not-in-record': ({ label, value, section: root }) =>
		`${label} ${value} in “${section(root)}” is not what the record says; nothing was signed. Delete it and insert it again.`,
	'not-a-doctor': () => 'Only a doctor can be asked to consult; nobody was asked. Choose a doctor from the list.',
	'invites-oneself': () => 'A consultation is asked of another doctor, not of oneself.',
	'no-consultation-here': () => 'This document has no consultation; nobody was asked. Ask from a daily progress or round note.',
	'section-unknown': () => 'This note has no such section; the addendum was not offered.',
	'note-after-stay': ({ at }) =>
		`The patient left${at === null ? '' : ` at ${clock(at)}`}; no new note is begun. Addenda to earlier notes can still be proposed.`,
	'note-still-open': () => 'This note is not signed yet; you can write in it, no addendum is needed.',
	'addendum-signed': ({ by, at }) => `${by} signed this addendum at ${clock(at)}.`,
	'addendum-of-another': ({ by }) => `${by} wrote this addendum and signs it.`
};
