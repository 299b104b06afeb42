import type { RefusalFacts } from '@tongping/domain/kernel';
import { dayAndSeconds } from '#ui/time.ts';
import type { refusals as zhRefusals, text as zh } from './zh-CN.ts';

const at = (facts: RefusalFacts): string => (typeof facts['at'] === 'number' ? ` at ${dayAndSeconds(facts['at'], Date.now(), true)}` : '');
const who = (facts: RefusalFacts): string => String(facts['patientName'] ?? 'The patient');
const HOW: Readonly<Record<string, string>> = { received: 'received', cancelled: 'taken back', declined: 'sent back' };

export const refusals: typeof zhRefusals = {
	'same-ward': (f) => `${who(f)} is in ${f['ward'] ?? 'this ward'} already. Move the card on the board to change beds.`,
	'transfer-open': (f) =>
		`${f['by'] ?? 'This ward'} asked ${f['ward'] ?? 'another ward'}${at(f)} to take ${who(f)}, and it has not answered. Wait for it, or take the request back first.`,
	'discharge-noticed': (f) =>
		`${f['by'] ?? 'A doctor'} announced the discharge of ${who(f)}${at(f)}. To transfer instead, a doctor withdraws the notice first.`,
	'transfer-unknown': () => 'There is no such transfer, or it is not your ward’s. Choose it again on the board.',
	'transfer-ended': (f) =>
		`The transfer of ${who(f)} was ${HOW[String(f['how'])] ?? 'answered'} by ${f['by'] ?? 'somebody'} (${f['ward'] ?? ''})${at(f)}. Your action did not happen.`,
	'wristband-differs': (f) =>
		`The name or record number is not that of ${who(f)}; nobody was received. Check the wristband again; if it still differs, call ${f['ward'] ?? 'the other ward'}.`
};

export const text: typeof zh = {
	request: {
		title: (name, bed) => `Transfer ${name}, ${bed === null ? 'waiting' : `bed ${bed}`}`,
		to: 'To which ward',
		reason: 'Reason',
		hint: 'The other ward reads this',
		send: 'Ask the ward',
		stays: 'Until they receive the patient, the bed and the care stay here.',
		pick: 'Choose a ward.',
		short: 'Give a reason of 2 characters or more.',
		sex: { male: 'takes men only', female: 'takes women only' },
		sent: (name, ward) => `${ward} was asked to take ${name}`,
		sentDetail: 'The patient stands on their board. It can be taken back until then.',
		undoReason: 'undone at once'
	},
	end: {
		cancelTitle: (name, ward) => `Take back the request to ${ward} for ${name}?`,
		declineTitle: (name, ward) => `Send ${name} back to ${ward}?`,
		asked: (by, clock, reason) => `${by} asked at ${clock}: ${reason}`,
		reason: 'Reason',
		cancel: 'Take it back',
		decline: 'Send back',
		cancelled: (name) => `The transfer of ${name} was taken back`,
		declined: (name, ward) => `The transfer of ${name} was sent back to ${ward}`,
		detail: 'Both boards show it.'
	},
	receive: {
		title: (name) => `Receive ${name}`,
		from: (ward, bed) => `${ward}${bed === null ? '' : `, bed ${bed}`}`,
		asked: (by, clock, reason) => `${by} asked at ${clock}: ${reason}`,
		check: 'Check the wristband at the bedside',
		nameMatches: (name) => `The wristband says “${name}”`,
		mrn: 'Record number on it (last 4, or scan)',
		bed: 'Bed',
		later: 'No bed yet: waiting list',
		needsReason: (words) => `${words}: possible with a reason`,
		overrideReason: 'Reason for this bed',
		confirm: (bed) => (bed === null ? 'Receive, waiting list' : `Receive into bed ${bed}`),
		nameFirst: 'Check the name on the wristband first.',
		mrnShort: 'Enter the last 4 of the record number on the wristband.',
		reasonShort: 'Give a reason of 4 characters or more.',
		done: (name, bed) => `${name} is in this ward now, ${bed === null ? 'waiting for a bed' : `bed ${bed}`}`,
		doneDetail: 'The old bed is to be cleaned; the rights to the chart came along.',
		refused: (name) => `${name} was not received`,
		allergies: 'Allergies',
		allergyUnknown: 'Allergies not asked',
		noAllergy: 'No known allergies',
		isolation: 'Isolation',
		isolations: { contact: 'contact isolation', droplet: 'droplet isolation', airborne: 'airborne isolation', protective: 'protective isolation' },
		born: 'born',
		sex: { male: 'male', female: 'female', unknown: 'sex unknown' },
		years: (age) => `${age} years`
	},
	cancel: 'Cancel',
	notDone: (name) => `The transfer of ${name} has not changed`
};
