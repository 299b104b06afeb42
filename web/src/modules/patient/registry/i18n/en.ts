import type { refusals as zh } from './zh-CN.ts';

export const refusals: typeof zh = {
	'mrn-taken': (f) => `Record number ${f['mrn'] ?? ''} belongs to ${f['patientName'] ?? 'another patient'}. Check it and use another number.`,
	'born-in-future': (f) => `The date of birth ${f['birthDate'] ?? ''} has not come yet. Check the year.`,
	'sex-contradicts-ward': (f) =>
		`${f['patientName'] ?? 'The patient'} is in ${f['ward'] ?? 'a ward for one sex'}. The sex was not corrected. Check the identity papers; if it must change, record on the bed card that the patient leaves, correct it, then admit to the fitting ward.`,
	'link-needs-two': () => 'A link needs two different records. Choose again.',
	'already-linked': (f) => `The record of ${f['patientName'] ?? 'this patient'} is linked to another already. Take that link back first.`,
	'survivor-is-linked': (f) => `The record of ${f['patientName'] ?? 'the other patient'} is itself linked to another. Link to that one.`,
	'not-linked': (f) => `The record of ${f['patientName'] ?? 'this patient'} is not linked. Nothing was changed.`
};
