import type { RefusalFacts } from '@tongping/domain/kernel';
import { dayAndSeconds } from '#ui/time.ts';
import type { refusals as zhRefusals, text as zh } from './zh-CN.ts';

const DIET: Readonly<Record<string, string>> = {
	ordinary: 'normal',
	soft: 'soft',
	liquid: 'liquid',
	diabetic: 'diabetic',
	'low-salt': 'low salt',
	halal: 'halal',
	fasting: 'nil by mouth'
};
const at = (facts: RefusalFacts): string => (typeof facts['at'] === 'number' ? ` at ${dayAndSeconds(facts['at'], Date.now(), true)}` : '');

export const refusals: typeof zhRefusals = {
	'isolation-unchanged': () => 'Kind and organism are the same as now. Nothing was changed.',
	'already-restrained': (f) => `${f['by'] ?? 'A doctor'} began a restraint${at(f)}. Release it first to change it.`,
	'not-restrained': (f) => `${f['patientName'] ?? 'The patient'} is not restrained now. Nothing was changed.`,
	'diet-unchanged': (f) => `The diet has been ${DIET[String(f['diet'])] ?? 'this one'} since${at(f).replace(' at', '')}. Nothing was changed.`
};

export const text: typeof zh = {
	careTitle: (name, bed) => `Diet and restraint of ${name}, bed ${bed}`,
	diet: 'Diet',
	diets: { ordinary: 'Normal', soft: 'Soft', liquid: 'Liquid', diabetic: 'Diabetic', 'low-salt': 'Low salt', halal: 'Halal', fasting: 'Nil by mouth' },
	saveDiet: 'Update diet',
	restraint: 'Protective restraint',
	restrainedSince: (clock, reason) => `since ${clock}: ${reason}`,
	restrainReason: 'Reason',
	restrain: 'Begin restraint',
	release: 'Release',
	doctorsOnly: 'Ordered by the doctors of this ward',
	reasonShort: 'Give a reason of 4 characters or more.',
	close: 'Close',
	careDone: (name) => `The record of ${name} was updated`,
	riskTitle: (name, bed) => `Risk assessment of ${name}, bed ${bed}`,
	isolationTitle: (name, bed) => `Isolation of ${name}, bed ${bed}`,
	kinds: { fall: 'Falls', pressure: 'Pressure injury', suicide: 'Suicide', impulsive: 'Violence', absconding: 'Absconding' },
	kind: 'Assessment',
	score: { fall: 'Morse total (0–125)', pressure: 'Braden total (6–23)' },
	scoreWrong: (low, high) => `The total lies between ${low} and ${high}.`,
	grade: 'Grade',
	grades: { none: 'None', low: 'Low', medium: 'Medium', high: 'High' },
	now: 'Now',
	notAssessed: 'no medium or high risk',
	isolation: { none: 'None', contact: 'Contact', droplet: 'Droplet', airborne: 'Airborne', protective: 'Protective' },
	how: 'Kind of isolation',
	organism: 'Organism or disease',
	organismHint: 'may stay empty; patients with unknown organisms do not share rooms',
	saveRisk: 'Record assessment',
	saveIsolation: 'Update isolation',
	cancel: 'Cancel',
	riskDone: (name, kind) => `Recorded for ${name}: ${kind.toLowerCase()}`,
	isolationDone: (name) => `The isolation of ${name} was updated`,
	detail: 'The board and every screen show it.',
	notDone: (name) => `Nothing was changed for ${name}`
};
