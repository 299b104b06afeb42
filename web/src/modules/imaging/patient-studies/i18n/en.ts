import type { text as zh } from './zh-CN.ts';

export const text: typeof zh = {
	label: 'Images',
	open: (name) => `Look at ${name} together`,
	status: { draft: 'no report yet', preliminary: 'preliminary', reviewed: 'reviewed' },
	reading: (names) => `${names} reading`
};
