import type { text as zh } from './zh-CN.ts';

export const text: typeof zh = {
	title: 'Diagnostic imaging report',
	name: 'Name',
	sex: 'Sex',
	sexes: { male: 'male', female: 'female', other: 'other', unknown: 'unknown' },
	born: 'Born',
	number: 'Record number',
	accession: 'Accession',
	study: 'Study',
	date: 'Study date',
	findings: 'Findings',
	impression: 'Impression',
	measurements: 'Measurements quoted',
	frame: (frame) => `frame ${frame}`,
	addendum: (version) => `Addendum (version ${version})`,
	kinds: { preliminary: 'Preliminary', reviewed: 'Reviewed', addendum: 'Addendum' },
	acts: { preliminary: 'written by', reviewed: 'reviewed by', addendum: 'added by' },
	version: (version) => `version ${version}`,
	hash: 'SHA-256 digest',
	preliminary: 'Preliminary: not reviewed yet, not a final diagnosis.',
	noCa: 'No electronic signature certificate (CA) is attached. The signature rests on this system: identity, time and digest.',
	printed: 'Printed',
	vouched: 'The identity in the images differs from the chart; a reviewing radiologist confirmed that it is the same person.'
};
