import type { Problem } from '@tongping/domain/interoperability';
import type { RefusalFacts } from '@tongping/domain/kernel';
import type { refusals as zhRefusals } from './zh-CN.ts';

const problems: Readonly<Record<Problem, string>> = {
	missing: 'something required is missing',
	'wrong-type': 'this is of the wrong type',
	'not-listed': 'this is not one of the values the standard lists',
	'not-a-date': 'this is not a valid date',
	'not-a-number': 'this is not a number',
	'too-long': 'this is too long',
	contradiction: 'this contradicts another place of the same file',
	other: 'this could not be understood'
};
const problem = (facts: RefusalFacts): string => problems[facts['problem'] as Problem] ?? problems.other;
const whole = 'Nothing of the file was imported.';

export const refusals: typeof zhRefusals = {
	'fhir-not-json': ({ reason }) => `The file is not complete JSON (${reason}). ${whole}`,
	'fhir-not-a-bundle': ({ found }) => `The file holds ${found ?? 'something else'}, not a FHIR Bundle. ${whole}`,
	'fhir-broken': (facts) => `${facts['place']}: ${problem(facts)}. ${whole} Please have the sender mend it.`,
	'fhir-no-patient': () => `There is no patient in this bundle. ${whole}`,
	'fhir-unknown-reference': ({ place, reference }) => `${place} points to ${reference}, which is not in the file. ${whole}`,
	'fhir-twice': ({ place, name }) => `${place}: ${name} stands in the file twice. ${whole}`,
	'fhir-other-person': ({ source, record }) =>
		`${source} (record ${record}) is somebody else here: neither the name nor the date of birth agrees. ${whole} Have the sender name its identifier system, or check whose file this is.`,
	'fhir-other-record': ({ source }) => `${source} stands in another patient's record here. ${whole} Have the sender check whose it is.`,
	'fhir-too-large': ({ limit }) => `The file is larger than ${limit} MiB. Please export patient by patient.`
};
