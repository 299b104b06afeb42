import type { RefusalFacts } from '@tongping/domain/kernel';
import { dayAndSeconds } from '#ui/time.ts';
import type { refusals as zh } from './zh-CN.ts';

const at = (facts: RefusalFacts): string => (typeof facts['at'] === 'number' ? ` at ${dayAndSeconds(facts['at'], Date.now(), true)}` : '');
const who = (facts: RefusalFacts): string => String(facts['by'] ?? 'A colleague');

export const refusals: typeof zh = {
	'allergies-on-list': (f) =>
		`${f['count'] ?? ''} allergies are on the list (${f['substances'] ?? ''}), so “none known” cannot stand. A doctor rules them out one by one.`,
	'allergy-on-list': (f) => `${who(f)} recorded the allergy to ${f['substance'] ?? ''}${at(f)}. It was not written twice.`,
	'allergy-not-on-list': () => 'This allergy is no longer on the list. Nothing was changed; look at the list as it is now.'
};
