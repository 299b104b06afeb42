import type { Refusal } from '@tongping/domain/kernel';
import { dayAndSeconds } from '#ui/time.ts';
import type { BoardChange } from '../changes.ts';
import type { Move } from '../move.ts';
import type { text as zh } from './zh-CN.ts';

const STATUS = {
	free: 'Free',
	reserved: 'Reserved',
	cleaning: 'Cleaning',
	disinfecting: 'Disinfecting',
	maintenance: 'Repair',
	'private-room': 'Private room'
};
const SEX = { male: 'male', female: 'female', unknown: 'sex unknown' };
const ISOLATION = { contact: 'contact', droplet: 'droplet', airborne: 'airborne', protective: 'protective' };
const status: Readonly<Record<string, string>> = STATUS;
const sex: Readonly<Record<string, string>> = SEX;
const isolation: Readonly<Record<string, string>> = ISOLATION;
const when = (at: unknown): string => (typeof at === 'number' ? ` at ${dayAndSeconds(at, Date.now(), true)}` : '');
const both = (names: readonly string[]): string => names.join(' and ');
const place = (bed: string | null): string => (bed === null ? 'the waiting list' : `bed ${bed}`);

export const text: typeof zh = {
	title: 'Bed board',
	subtitle: (date) => `Bed board · ${date}`,
	loading: 'Opening the bed board',
	nobody: 'This ward has no beds yet',
	nobodyDetail: 'They appear here as soon as an administrator has set up rooms and beds.',
	counts: {
		label: 'Counts of the ward',
		beds: 'beds',
		occupied: 'taken',
		free: 'free',
		notReady: 'not ready',
		extra: 'extra',
		admitted: 'new',
		discharged: 'left',
		movedIn: 'in',
		movedOut: 'out',
		critical: 'critical',
		serious: 'serious',
		special: 'special',
		first: 'level 1',
		isolated: 'isolated',
		restrained: 'restrained',
		feverish: 'fever',
		leaving: 'leaving'
	},
	duty: { doctor: 'On duty', nurses: 'Nurses', doctorTitle: '' },
	filters: {
		label: 'Filters',
		mine: 'Mine',
		level: 'Level 1 and up',
		severe: 'Critical',
		risk: 'High risk',
		isolation: 'Isolation',
		news: 'NEWS2 ≥ 5',
		new: 'New',
		leaving: 'Leaving today',
		free: 'Free beds'
	},
	clearFilters: 'Clear filters',
	search: 'Initials or bed',
	found: (shown, all) => `${shown} / ${all}`,
	density: { label: 'Size', dense: 'S', medium: 'M', large: 'L' },
	card: {
		age: (years) => `${years}`,
		months: (months) => `${months} mo`,
		days: (days) => `${days} d`,
		ageWord: (age) => (/[a-z]$/.test(age) ? age : `${age} years`),
		day: (day) => `Day ${day}`,
		bed: (number) => `Bed ${number}`,
		sex: SEX,
		sexShort: { male: 'M', female: 'F', unknown: '?' },
		level: { special: 'LS', first: 'L1', second: 'L2', third: 'L3' },
		levelWord: { special: 'special care', first: 'care level 1', second: 'care level 2', third: 'care level 3' },
		noLevel: 'no care level yet',
		critical: 'Crit',
		serious: 'Ser',
		criticalWord: 'critically ill',
		seriousWord: 'seriously ill',
		newcomer: 'New',
		transferred: 'In',
		leaving: 'Out',
		newcomerWord: 'admitted today',
		transferredWord: (ward) => `came from ${ward} today`,
		leavingWord: 'discharge announced',
		same: 'Same',
		near: 'Alike',
		alike: (others) => `Easily mistaken for ${others.map((other) => `${other.name} (${place(other.bed)})`).join(', ')}`,
		noDiagnosis: 'No diagnosis entered',
		pregnant: 'Preg',
		news: (score) => `NEWS2 ${score}`,
		newsTaken: (clock) => `taken ${clock}`,
		newsStale: 'past its repeat time',
		newsAbsent: {
			'under-16': 'Under 16: NEWS2 is not used',
			'age-unknown': 'Age unknown: NEWS2 is not used',
			pregnancy: 'Pregnancy: NEWS2 is not used',
			'no-vitals': 'No vital signs yet'
		},
		newsNone: 'none',
		team: 'Attending / nurse',
		diet: {
			ordinary: 'Normal diet',
			soft: 'Soft diet',
			liquid: 'Liquids',
			diabetic: 'Diabetic',
			'low-salt': 'Low salt',
			halal: 'Halal',
			fasting: 'Nil by mouth'
		},
		fever: (value) => `Fever ${value}`,
		restrainedSince: (clock) => `Restr. ${clock}`,
		outgoing: (ward) => `To ${ward}`,
		outgoingWord: (ward, by, clock) => `${by} asked ${ward} at ${clock}; not received yet`,
		sentBack: () => 'Sent back',
		sentBackWord: (ward, by, clock, reason) => `${by} of ${ward} sent back at ${clock}: ${reason}`,
		edd: (date) => `EDD ${date}`,
		noEdd: 'No EDD',
		overstayed: (date) => `EDD ${date} past`,
		leavingToday: 'EDD today',
		allergyUnknown: 'Allergies not asked',
		askAllergy: 'Allergies?',
		noAllergy: 'No known allergies',
		more: (count) => `+${count}`,
		actions: 'Actions',
		pending: 'Pending',
		alsoHere: (names) => `${names} looking`
	},
	chips: {
		allergy: 'Allergy',
		restraint: 'Restr.',
		fall: 'Falls',
		pressure: 'Pressure',
		suicide: 'Suicide',
		impulsive: 'Violence',
		absconding: 'Exit',
		contact: 'Contact',
		droplet: 'Droplet',
		airborne: 'Airborne',
		protective: 'Protect'
	},
	grades: { none: 'none', low: 'low', medium: 'medium', high: 'high' },
	status: STATUS,
	empty: { reservedFor: (name) => `For ${name}`, since: (clock, by) => `${clock} ${by}` },
	source: { title: (name) => `${name}’s bed`, line1: 'Still taken until confirmed.', line2: 'Esc before the drop cancels.' },
	target: {
		go: 'Drop to move here',
		goKeyboard: 'Enter moves here',
		goDetail: 'Valid once the server agrees',
		ask: 'Needs a reason',
		refused: 'Not possible',
		receive: 'Drop to receive',
		receiveDetail: 'Once the patient has arrived',
		send: 'Drop to ask this ward',
		swapWith: (name) => `Swap with ${name}`,
		swapDetail: 'Asks once more'
	},
	waiting: {
		title: 'Waiting',
		none: 'Nobody waits for a bed',
		drop: 'Drop here to wait for a bed',
		since: (clock) => `since ${clock}`,
		incoming: 'Coming',
		incomingFrom: (ward, bed) => `${ward}${bed === null ? '' : ` bed ${bed}`}`,
		incomingTitle: (by, clock, reason) => `${by} asked at ${clock}: ${reason}`,
		sendTo: 'To'
	},
	menu: {
		open: 'Open patient',
		peek: 'Quick look',
		move: 'Move to another bed',
		wait: 'Send to waiting list',
		level: 'Care level',
		risks: 'Risk assessment',
		isolation: 'Isolation',
		care: 'Diet and restraint',
		stay: 'Condition and discharge',
		team: 'Responsible staff',
		status: (word) => `Set to ${word.toLowerCase()}`,
		transfer: 'Transfer to another ward',
		takeBack: (ward) => `Take back the request to ${ward}`,
		receive: 'Check and receive',
		decline: 'Send back',
		addBed: (room) => `Add a bed to room ${room}`,
		removeBed: (number) => `Take bed ${number} away`,
		rooms: 'Extra beds',
		room: (room) => `Actions for room ${room}`,
		person: (name) => `Actions for ${name}`,
		label: (number) => `Actions for bed ${number}`
	},
	peek: {
		close: 'Close',
		staff: 'In charge',
		resident: 'Resident',
		attending: 'Attending',
		nurse: 'Nurse',
		safety: 'Safety',
		allergy: 'Allergies',
		vitals: 'Early warning',
		diet: 'Diet',
		stay: 'Stay',
		admitted: (date) => `admitted ${date}`,
		payer: 'Payer',
		mrn: 'Record number',
		restraint: 'Reason for restraint',
		organism: 'Organism',
		openPatient: 'Open patient'
	},
	reason: {
		title: (name, bed) => `Move ${name} to bed ${bed}?`,
		label: 'Reason',
		hint: '4 characters or more; kept with the move',
		tooShort: 'Give a reason of 4 characters or more.',
		confirm: (bed) => `Move to bed ${bed}`,
		swapTitle: (a, b) => `Swap the beds of ${a} and ${b}?`,
		swapLine: (name, from, to) => `${name}: bed ${from} → bed ${to}`,
		swapConfirm: 'Swap beds',
		cancel: 'Cancel'
	},
	undo: 'Undo 10 s',
	done: (move: Move) => {
		switch (move.label) {
			case 'swap':
				return `${both(move.names)} have swapped beds`;
			case 'to-waiting':
				return `${both(move.names)} now waits for a bed`;
			case 'status':
				return `Bed ${move.to ?? ''} was updated`;
			case 'bed-added':
				return `Room ${both(move.names)} has an extra bed`;
			case 'bed-removed':
				return `Bed ${move.to ?? ''} was taken away`;
			default:
				return `${both(move.names)} moved to bed ${move.to ?? ''}`;
		}
	},
	undone: (move: Move) =>
		move.label === 'bed-added' ? `Undone: room ${both(move.names)} has its extra bed again` : `Undone: ${both(move.names)} back in ${place(move.to)}`,
	doneDetail: 'In force; every screen shows it.',
	notDone: (move: Move) => {
		switch (move.label) {
			case 'swap':
				return `${both(move.names)} keep their beds`;
			case 'status':
				return `Bed ${move.to ?? ''} stays as it was`;
			case 'bed-added':
				return `Room ${both(move.names)} has no new bed`;
			case 'bed-removed':
				return `Bed ${move.to ?? ''} stays`;
			default:
				return move.from === null ? `${both(move.names)} still waits for a bed` : `${both(move.names)} is back in bed ${move.from}`;
		}
	},
	noAnswer: 'The server did not answer.',
	noAnswerDetail: (move: Move) => `${both(move.names)} is shown in the former bed. When the connection is back, the board tells what holds.`,
	cannotMove: (name, bed) => (bed === null ? `${name} was not moved` : `${name} cannot go to bed ${bed}`),
	cannotSend: (name, ward) => `${name} cannot go to ${ward}`,
	moveBlocked: 'Moves are off now',
	movedAway: (name, bed, by) => `${by ?? 'Somebody'} just moved ${name} ${bed === null ? 'out of this bed' : `to bed ${bed}`}`,
	nothingSent: 'Your move was cancelled; nothing was sent.',
	blocked: {
		offline: (clock) => `The connection is lost; the board stands at ${clock}. Move patients when it is back.`,
		opening: 'The board is not connected yet. One moment.',
		right: 'Patients are moved by the nurses and doctors of this ward.',
		extra: 'Decided by the head nurse or the administrator of this ward'
	},
	checkBy: (phone) => (phone === null ? 'Check at the bedside. Patients cannot be moved now.' : `Patients cannot be moved now. Call ${phone} to check.`),
	say: {
		taken: (name, bed, keyboard) => `Holding ${name}, ${place(bed)}. ${keyboard ? 'Arrows choose a bed, Enter drops, Escape cancels.' : ''}`,
		target: (bed, words) => `${place(bed)}: ${words}`,
		cancelled: (name, bed) => `Cancelled. ${name} stays in ${place(bed)}.`,
		change: (change: BoardChange) => {
			const by = change.by ?? 'Somebody';
			switch (change.kind) {
				case 'moved':
					return `${by} moved ${change.name ?? ''} from ${place(change.from)} to bed ${change.to ?? ''}.`;
				case 'came':
					return `${change.name ?? ''} came to bed ${change.to ?? ''}.`;
				case 'left':
					return `${change.name ?? ''} left bed ${change.from ?? ''}.`;
				case 'to-waiting':
					return `${by} moved ${change.name ?? ''} from bed ${change.from ?? ''} to the waiting list.`;
				case 'status':
					return `Bed ${change.to ?? ''} was updated.`;
				case 'bed-added':
					return `${change.by ?? 'Somebody'} added bed ${change.to ?? ''}.`;
				case 'bed-removed':
					return `Bed ${change.to ?? ''} was taken away.`;
				case 'asked':
					return `${change.by ?? ''} of ${change.ward ?? ''} asks you to take ${change.name ?? ''}.`;
				case 'withdrawn':
					return `${change.ward ?? ''} took back the transfer of ${change.name ?? ''}.`;
				case 'declined':
					return `${change.by ?? ''} of ${change.ward ?? ''} sent ${change.name ?? ''} back.`;
				case 'received':
					return `${change.ward ?? ''} received ${change.name ?? ''}.`;
			}
		},
		patients: (count) => `${count} beds after filtering.`
	},
	why: ({ code, facts }: Refusal): string => {
		switch (code) {
			case 'bed-occupied':
				return `${facts['patientName'] ?? ''} is in this bed${facts['by'] === null ? '' : `, placed by ${facts['by'] ?? ''}${when(facts['at'])}`}`;
			case 'bed-not-ready':
				return `${status[String(facts['status'])] ?? ''}${facts['at'] === null ? '' : ` since${when(facts['at']).replace(' at', '')}`}`;
			case 'ward-sex':
				return `${facts['ward'] ?? 'This ward'} takes ${sex[String(facts['rule'])] ?? ''} patients`;
			case 'room-sex':
				return facts['holder'] === null
					? `Room ${facts['room'] ?? ''} is for ${sex[String(facts['sex'])] ?? ''} patients`
					: `${facts['holder'] ?? ''} in bed ${facts['holderBed'] ?? ''} is ${sex[String(facts['sex'])] ?? ''}`;
			case 'isolation-conflict':
				return facts['isolated'] === 'patient'
					? `Needs a single room: ${isolation[String(facts['kind'])] ?? ''} isolation`
					: `Room ${facts['room'] ?? ''} is in ${isolation[String(facts['kind'])] ?? ''} isolation${facts['organism'] === null ? '' : ` (${facts['organism'] ?? ''})`}`;
			case 'sex-unknown':
				return `The sex of ${facts['holder'] ?? ''} is unknown: somebody must answer for it`;
			case 'same-bed':
				return 'Already in this bed';
			case 'already-waiting':
				return 'Already waiting';
			case 'stay-ended':
				return 'Has left the hospital';
			case 'transfer-open':
				return `${facts['ward'] ?? ''} was asked already`;
			case 'room-let-whole':
				return 'Let as a private room';
			case 'room-for-one':
				return `Bed ${facts['bed'] ?? ''} is in ${isolation[String(facts['kind'])] ?? ''} isolation, alone`;
			case 'room-full':
				return `${facts['extra'] ?? ''} extra beds already`;
			case 'extra-bed-not-ready':
				return `${status[String(facts['status'])] ?? ''}; set it free first`;
			case 'discharge-noticed':
				return 'Discharge announced';
			default:
				return 'Not in this ward';
		}
	},
	keys: {
		title: 'Bed board',
		list: [
			['← ↑ → ↓', 'Move between beds'],
			['Enter', 'Open the patient'],
			['Space', 'Quick look'],
			['M', 'Move: arrows choose a bed, Enter drops, Esc cancels'],
			['Z', 'Undo within ten seconds'],
			['T', 'Transfer to another ward, or take the request back'],
			['.', 'Actions for this bed'],
			['/', 'Search name, initials, bed'],
			['1 – 9', 'Filters']
		]
	},
	palette: { group: 'Patients of this ward', bed: (number) => `Bed ${number}`, waiting: 'Waiting' }
};
