import type { RefusalFacts } from '@tongping/domain/kernel';
import { clockSeconds } from '#ui/time.ts';
import type { refusals as zh } from './zh-CN.ts';

const at = (facts: RefusalFacts): string => (typeof facts['at'] === 'number' ? ` at ${clockSeconds(facts['at'])}` : '');
const who = (facts: RefusalFacts): string => String(facts['patientName'] ?? 'The patient');

export const refusals: typeof zh = {
	'ward-unknown': () => 'There is no such ward, or it is not yours. Choose the ward again.',
	'already-admitted': (f) =>
		`${who(f)} is an inpatient of ${f['ward'] ?? 'this hospital'}${f['bed'] === null ? '' : `, bed ${f['bed'] ?? ''}`}. Transfer the patient there first.`,
	'stay-ended': (f) => `${f['by'] ?? 'The ward'} recorded that ${who(f)} left${at(f)}. Admit the patient again to go on.`,
	'notice-already-given': (f) => `${f['by'] ?? 'A doctor'} announced the discharge of ${who(f)}${at(f)}. Nothing was changed.`,
	'no-discharge-notice': (f) => `The discharge of ${who(f)} has not been announced. A doctor gives the notice first.`,
	'severity-unchanged': (f) => `The condition of ${who(f)} is recorded so already.`,
	'date-in-past': (f) => `${f['date'] ?? 'The date'} is past. Choose today or later.`
};
