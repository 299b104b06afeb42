import type { RefusalFacts } from '@tongping/domain/kernel';
import { dayAndSeconds } from '#ui/time.ts';

const at = (facts: RefusalFacts): string => (typeof facts['at'] === 'number' ? ` ${dayAndSeconds(facts['at'], Date.now(), false)} ` : '');
const who = (facts: RefusalFacts): string => String(facts['by'] ?? '同事');

export const refusals: Readonly<Record<string, (facts: RefusalFacts) => string>> = {
	'allergies-on-list': (f) => `已记录 ${f['count'] ?? ''} 项过敏（${f['substances'] ?? ''}），不能改为无已知过敏。请由医师逐项排除。`,
	'allergy-on-list': (f) => `${who(f)}${at(f)}已记录对${f['substance'] ?? ''}过敏，没有重复记录。`,
	'allergy-not-on-list': () => '这项过敏已不在清单上，没有改动。请看最新的清单。'
};
