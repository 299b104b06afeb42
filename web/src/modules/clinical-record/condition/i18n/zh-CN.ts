import type { RefusalFacts } from '@tongping/domain/kernel';

export const refusals: Readonly<Record<string, (facts: RefusalFacts) => string>> = {
	'already-diagnosed': (f) => `${f['display'] ?? '这一诊断'}（${f['code'] ?? ''}）已在诊断清单上，没有重复记录。`,
	'principal-diagnosis-exists': (f) => `主要诊断已是${f['display'] ?? ''}（${f['code'] ?? ''}）。请先将它转归，再更换主要诊断。`,
	'not-an-active-diagnosis': () => '这条诊断已转归或已撤销，没有改动。请看最新的诊断清单。'
};
