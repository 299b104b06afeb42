import type { refusals as zh } from './zh-CN.ts';

export const refusals: typeof zh = {
	'already-diagnosed': (f) => `${f['display'] ?? 'This diagnosis'} (${f['code'] ?? ''}) is on the list already. It was not written twice.`,
	'principal-diagnosis-exists': (f) => `The principal diagnosis is ${f['display'] ?? ''} (${f['code'] ?? ''}). Resolve it first, then name another.`,
	'not-an-active-diagnosis': () => 'This diagnosis was resolved or withdrawn already. Nothing was changed; look at the list as it is now.'
};
