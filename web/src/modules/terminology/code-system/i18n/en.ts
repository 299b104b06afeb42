import type { refusals as zhRefusals, text as zh } from './zh-CN.ts';

export const text: typeof zh = {
	placeholder: 'Code, Chinese or pinyin initials',
	searching: 'Searching…',
	none: (typed) => `Nothing found for “${typed}”. Try the start of a code or pinyin initials.`,
	found: (n) => `${n} found, choose with the arrow keys`,
	lost: 'Codes cannot be looked up: the server cannot be reached. Please try again shortly.',
	clear: 'Clear'
};

export const refusals: typeof zhRefusals = {
	'code-table-empty': () => 'There are no codes in this file. It should hold one “code,name” a line.',
	'code-table-bad-row': ({ line, text: row }) => `Line ${line} is not “code,name”: ${row}. Nothing of the table was imported.`,
	'code-table-twice': ({ code, line, before }) => `Code ${code} stands on line ${before} and on line ${line}. Nothing of the table was imported.`
};
