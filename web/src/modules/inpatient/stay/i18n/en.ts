import type { RefusalFacts } from '@tongping/domain/kernel';
import { dayAndSeconds } from '#ui/time.ts';
import type { refusals as zh, text as zhText } from './zh-CN.ts';

const at = (facts: RefusalFacts): string => (typeof facts['at'] === 'number' ? ` at ${dayAndSeconds(facts['at'], Date.now(), true)}` : '');
const who = (facts: RefusalFacts): string => String(facts['patientName'] ?? 'The patient');
const post: Readonly<Record<string, string>> = { nurse: 'a nurse', resident: 'a resident', attending: 'an attending' };

export const refusals: typeof zh = {
	'ward-unknown': () => 'There is no such ward, or it is not yours. Choose the ward again.',
	'already-admitted': (f) =>
		`${who(f)} is an inpatient of ${f['ward'] ?? 'this hospital'}${f['bed'] === null ? '' : `, bed ${f['bed'] ?? ''}`}. To bring the patient here, that ward asks for a transfer on its board.`,
	'stay-ended': (f) => `${f['by'] ?? 'The ward'} recorded that ${who(f)} left${at(f)}. Admit the patient again to go on.`,
	'notice-already-given': (f) => `${f['by'] ?? 'A doctor'} announced the discharge of ${who(f)}${at(f)}. Nothing was changed.`,
	'no-discharge-notice': (f) => `The discharge of ${who(f)} has not been announced. A doctor gives the notice first.`,
	'severity-unchanged': (f) => `The condition of ${who(f)} is recorded so already.`,
	'not-of-this-post': (f) =>
		`${f['name'] ?? 'The person chosen'} does not work in this ward as ${post[String(f['post'])] ?? 'such'}. Nobody was changed for ${who(f)}; choose somebody of this ward.`,
	'date-in-past': (f) => `${f['date'] ?? 'The date'} is past. Choose today or later.`
};

export const text: typeof zhText = {
	title: (name, bed) => `Stay of ${name}, bed ${bed}`,
	team: {
		title: (name, bed) => `Responsible for ${name}, bed ${bed}`,
		posts: { nurse: 'Nurse', resident: 'Resident', attending: 'Attending' },
		nobody: 'Nobody yet',
		done: (name) => `Who is responsible for ${name} was updated`,
		cancel: 'Cancel'
	},
	severity: 'Condition',
	severities: { none: 'Stable', serious: 'Serious', critical: 'Critical' },
	expected: 'Expected discharge',
	save: 'Save',
	notice: 'Announce discharge',
	noticed: (clock, by) => `${by} announced the discharge at ${clock}`,
	withdraw: 'Withdraw the notice',
	withdrawReason: 'Reason',
	left: 'Has left the ward',
	leftHint: 'Only once the patient has gone. The bed is cleaned next, or disinfected after an isolated patient.',
	doctorsOnly: 'Done by the doctors of this ward',
	reasonShort: 'Give a reason.',
	close: 'Close',
	done: (name) => `The stay of ${name} was updated`,
	leftDone: (name, bed) => `${name} has left; bed ${bed} is to be cleaned`,
	detail: 'The board and every screen show it.',
	notDone: (name) => `The stay of ${name} has not changed`
};
