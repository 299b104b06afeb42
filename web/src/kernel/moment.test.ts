import { expect, it } from 'vitest';
import { momentOf } from './moment.ts';

it.each([
	['', null],
	['time=1763700000000', { time: 1_763_700_000_000 }],
	['time=2026-11-22T08:00:00%2B08:00', { time: Date.UTC(2026, 10, 22) }],
	['position=12', { position: 12 }],
	['position=0', { position: 0 }],
	['time=yesterday', undefined],
	['time=2026-11-22', undefined],
	['time=1&position=1', undefined],
	['position=-1', undefined],
	['position=1e3', undefined]
])('reads %s', (query, moment) => {
	expect(momentOf(new URLSearchParams(query))).toEqual(moment);
});
