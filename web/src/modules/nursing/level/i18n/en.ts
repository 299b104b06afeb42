import { dayAndSeconds } from '#ui/time.ts';
import type { refusals as zhRefusals, text as zh } from './zh-CN.ts';

const LEVELS: Readonly<Record<string, string>> = { special: 'special care', first: 'level 1', second: 'level 2', third: 'level 3' };

export const refusals: typeof zhRefusals = {
	'level-already-set': (f) =>
		`${f['by'] ?? 'A colleague'} set ${LEVELS[String(f['level'])] ?? 'this level'}${typeof f['at'] === 'number' ? ` at ${dayAndSeconds(f['at'], Date.now(), true)}` : ''}. Nothing was changed.`
};

export const text: typeof zh = {
	title: (name, bed) => `Care level of ${name}, bed ${bed}`,
	levels: { special: 'Special care', first: 'Level 1', second: 'Level 2', third: 'Level 3' },
	meaning: { special: 'somebody always present', first: 'round every hour', second: 'round every 2 hours', third: 'round every 3 hours' },
	none: 'no level yet',
	now: (level) => `Now: ${level}`,
	confirm: (level) => `Set to ${level.toLowerCase()}`,
	cancel: 'Cancel',
	done: (name, level) => `${name} is now on ${level.toLowerCase()}`,
	detail: 'The board and every screen show it.',
	notDone: (name) => `The care level of ${name} has not changed`
};
