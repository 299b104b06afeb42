import type { RefusalFacts } from '@tongping/domain/kernel';

const who = (facts: RefusalFacts): string => String(facts['by'] ?? '同事');

export const refusals: Readonly<Record<string, (facts: RefusalFacts) => string>> = {
	'allergic-to-drug': (f) =>
		`未记录${f['drug'] ?? ''}：患者对${f['substance'] ?? ''}过敏${f['reaction'] === null ? '' : `（${f['reaction'] ?? ''}）`}，由${who(f)}记录。请改用其他药物。`,
	'drug-already-taken': (f) => `${f['drug'] ?? '该药'}正在使用，由${who(f)}记录。如要改量，请先停用再记录。`,
	'drug-not-taken': () => '这条用药已停，没有改动。请看最新的用药清单。'
};
