import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NURSING_LEVELS } from '../../nursing/index.ts';
import { dueState, duesOf, endOfDay, type DueFacts } from './due.ts';
import { NOTE_TYPES, type NoteType } from './templates.ts';

const at = (words: string): number => Date.parse(`${words}+08:00`);
const HOUR = 3_600_000;
/** Admitted on 10 November 2026 at ten in the morning. */
const stay: DueFacts = {
	admittedAt: at('2026-11-10T10:00'),
	severity: null,
	severitySince: null,
	level: { level: 'second', since: at('2026-11-10T10:15') },
	signed: []
};
const on = (type: NoteType, ...days: readonly number[]) => days.map((day) => ({ type, date: `2026-11-${String(day).padStart(2, '0')}` }));
const due = (facts: DueFacts, type: NoteType) => duesOf(facts).find((d) => d.type === type);

describe('what a new stay owes', () => {
	it('is the first progress note in eight hours, the attending in forty-eight', () => {
		expect(due(stay, 'first-progress')?.at).toBe(at('2026-11-10T18:00'));
		expect(due(stay, 'attending-round')).toEqual({ type: 'attending-round', rule: 'first-round', at: at('2026-11-12T10:00') });
		expect(duesOf(stay)[0]?.type).toBe('first-progress');
	});
	it('knows a clock that runs, is nearly out, and is over', () => {
		const first = due(stay, 'first-progress')!;
		expect(dueState(first, at('2026-11-10T15:59'))).toBe('later');
		expect(dueState(first, at('2026-11-10T16:00'))).toBe('soon');
		expect(dueState(first, at('2026-11-10T17:59'))).toBe('soon');
		expect(dueState(first, at('2026-11-10T18:00'))).toBe('over');
		const daily = due(stay, 'daily-progress')!;
		expect(dueState(daily, at('2026-11-12T23:59'))).toBe('later');
		expect(dueState(daily, at('2026-11-13T00:00'))).toBe('soon');
		expect(dueState(daily, at('2026-11-14T00:00'))).toBe('over');
	});
	it('ends with the signature, not with the draft', () => {
		expect(due({ ...stay, signed: on('first-progress', 10) }, 'first-progress')).toBeUndefined();
	});
});

describe('the course of the illness', () => {
	const written = { ...stay, signed: [...on('first-progress', 10), ...on('daily-progress', 12)] };
	it('is owed after three days while stable, counted in hospital days', () => {
		expect(due(written, 'daily-progress')).toEqual({ type: 'daily-progress', rule: 'course-stable', at: at('2026-11-16T00:00') });
	});
	it('after two when serious, every day when critical', () => {
		expect(due({ ...written, severity: 'serious' }, 'daily-progress')?.at).toBe(at('2026-11-15T00:00'));
		expect(due({ ...written, severity: 'critical' }, 'daily-progress')?.at).toBe(at('2026-11-14T00:00'));
	});
	it('changes with the notice at once, and is never overdue before the notice was given', () => {
		const notice = at('2026-11-15T14:00');
		const now = due({ ...written, severity: 'critical', severitySince: notice }, 'daily-progress');
		expect(now?.at).toBe(at('2026-11-16T00:00'));
		expect(now && dueState(now, notice)).toBe('soon');
	});
	it('counts a round of the attending as a note of the course, a nursing record not', () => {
		expect(due({ ...written, signed: [...written.signed, ...on('attending-round', 14)] }, 'daily-progress')?.at).toBe(at('2026-11-18T00:00'));
		expect(due({ ...written, signed: [...written.signed, ...on('nursing-record', 14)] }, 'daily-progress')?.at).toBe(at('2026-11-16T00:00'));
	});
	it('reads the day where the hospital is: 23:30 and 00:30 are two days', () => {
		const late = { ...stay, admittedAt: at('2026-11-10T23:30') };
		const early = { ...stay, admittedAt: at('2026-11-11T00:30') };
		expect((due(early, 'daily-progress')?.at ?? 0) - (due(late, 'daily-progress')?.at ?? 0)).toBe(24 * HOUR);
	});
});

describe('rounds of the attending', () => {
	it('are three in any seven days', () => {
		expect(due({ ...stay, signed: on('attending-round', 11) }, 'attending-round')).toMatchObject({ rule: 'rounds-weekly', at: at('2026-11-17T00:00') });
		expect(due({ ...stay, signed: on('attending-round', 11, 13, 15) }, 'attending-round')?.at).toBe(at('2026-11-19T00:00'));
		expect(due({ ...stay, signed: on('attending-round', 15, 13, 17, 11) }, 'attending-round')?.at).toBe(at('2026-11-21T00:00'));
	});
});

describe('the nursing record', () => {
	const nursing = (facts: Partial<DueFacts>) => due({ ...stay, ...facts }, 'nursing-record');
	it('is owed by level: every day, every third day, every week', () => {
		const since = stay.admittedAt;
		const signed = on('nursing-record', 12);
		const ends = NURSING_LEVELS.map((level) => nursing({ level: { level, since }, signed })?.at);
		expect(ends).toEqual([at('2026-11-14T00:00'), at('2026-11-14T00:00'), at('2026-11-16T00:00'), at('2026-11-20T00:00')]);
	});
	it('the first one on the day of admission when watched closely', () => {
		expect(nursing({ level: { level: 'first', since: stay.admittedAt } })?.at).toBe(at('2026-11-11T00:00'));
	});
	it('every day for the gravely ill, whatever the level, and for those without a level', () => {
		expect(nursing({ level: { level: 'third', since: stay.admittedAt }, severity: 'serious', signed: on('nursing-record', 12) })).toMatchObject({
			rule: 'nursing-grave',
			at: at('2026-11-14T00:00')
		});
		expect(nursing({ level: null, severity: 'critical' })?.rule).toBe('nursing-grave');
		expect(nursing({ level: null })).toBeUndefined();
	});
	it('a stricter level is not overdue on the day it was set', () => {
		const since = at('2026-11-20T09:00');
		expect(nursing({ level: { level: 'special', since }, signed: on('nursing-record', 14) })?.at).toBe(at('2026-11-21T00:00'));
	});
});

it('a signature never brings a clock nearer, and a graver condition never moves it away', () => {
	const day = fc.integer({ min: 10, max: 28 });
	const note = fc.tuple(fc.constantFrom(...NOTE_TYPES), day).map(([type, d]) => on(type, d)[0]!);
	fc.assert(
		fc.property(fc.array(note, { maxLength: 12 }), note, (signed, one) => {
			const before = duesOf({ ...stay, signed });
			for (const later of duesOf({ ...stay, signed: [...signed, one] })) {
				const earlier = before.find((d) => d.type === later.type);
				// The weekly rounds begin when the first one is written; until then the 48 hours of the admission hold.
				if (earlier?.rule === later.rule && later.at < earlier.at) return false;
			}
			const graver = (['critical', 'serious'] as const).map((severity) => due({ ...stay, signed, severity }, 'daily-progress')?.at ?? 0);
			return graver[0]! <= graver[1]! && graver[1]! <= (due({ ...stay, signed }, 'daily-progress')?.at ?? 0);
		}),
		{ numRuns: 2000 }
	);
	expect(endOfDay('2026-11-10')).toBe(at('2026-11-11T00:00'));
});
