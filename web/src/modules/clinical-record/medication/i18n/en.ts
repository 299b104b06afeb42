import type { RefusalFacts } from '@tongping/domain/kernel';
import type { refusals as zh } from './zh-CN.ts';

const who = (facts: RefusalFacts): string => String(facts['by'] ?? 'A colleague');

export const refusals: typeof zh = {
	'allergic-to-drug': (f) =>
		`${f['drug'] ?? 'The drug'} was not recorded: the patient is allergic to ${f['substance'] ?? 'it'}${f['reaction'] === null ? '' : ` (${f['reaction'] ?? ''})`}, as ${who(f)} wrote. Choose another drug.`,
	'drug-already-taken': (f) => `${f['drug'] ?? 'This drug'} is being taken, as ${who(f)} recorded. Stop it first to change the dose.`,
	'drug-not-taken': () => 'This drug was stopped already. Nothing was changed; look at the list as it is now.'
};
