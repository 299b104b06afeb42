import { describe, expect, test } from 'vitest';
import type { ChartData } from './chart.ts';
import { trendOrder } from './chart.ts';
import { text as zh } from './i18n/zh-CN.ts';
import { labelWidth, lanesOf, spanOf, ticksOf } from './timeline.ts';
import { figure, when } from './words.ts';

const DAY = 86_400_000;
const now = Date.parse('2026-11-21T10:00:00+08:00');
const id = (text: string) => text as never;
const empty: ChartData = {
	now,
	patient: { id: id('p'), mrn: '1', name: '安和平', initials: 'ahp', pinyin: 'an he ping', sex: 'male', birthDate: '1961-03-09' },
	stays: [],
	level: null,
	earlyWarning: { kind: 'absent', reason: 'no-vitals' },
	allergies: { status: 'unknown', items: [], at: null },
	conditions: [],
	medications: [],
	encounters: [],
	series: [],
	may: { diagnose: false, record: false, writeRound: false }
};
const condition = (key: string, onset: string, resolvedAt: number | null) => ({
	id: id(key),
	patient: id('p'),
	code: 'I10',
	system: 'ICD-10',
	display: '高血压',
	short: '',
	rank: 'other' as const,
	status: resolvedAt === null ? ('active' as const) : ('resolved' as const),
	onset,
	resolvedAt,
	recordedAt: now,
	recordedBy: 'x',
	source: 'chart'
});

describe('the timeline', () => {
	test('an empty chart has a span and no lanes', () => {
		const span = spanOf(empty, 'all');
		expect(span.to).toBeGreaterThan(now);
		expect(lanesOf(empty, span, 800, zh)).toEqual([]);
	});

	test('what overlaps stands in rows of its own, what does not shares one', () => {
		const data = {
			...empty,
			conditions: [condition('a', '2010-01-01', null), condition('b', '2012-01-01', null), condition('c', '2001-01-01', Date.parse('2002-01-01'))]
		};
		const lane = lanesOf(data, spanOf(data, 'all'), 900, zh)[0];
		expect(lane?.rows.map((row) => row.map((mark) => mark.key))).toEqual([['c', 'a'], ['b']]);
	});

	test('says how much does not fit', () => {
		const data = { ...empty, conditions: Array.from({ length: 9 }, (_, i) => condition(`c${i}`, `20${10 + i}-01-01`, null)) };
		const lane = lanesOf(data, spanOf(data, 'all'), 900, zh)[0];
		expect(lane?.rows).toHaveLength(6);
		expect(lane?.more).toBe(3);
	});

	test('an imported life of decades and a stay of two days both get dates that fit', () => {
		for (const days of [2, 12, 90, 400, 2000, 30_000]) {
			const ticks = ticksOf({ from: now - days * DAY, to: now + days * 0.06 * DAY }, 900);
			expect(ticks.length, String(days)).toBeGreaterThan(1);
			expect(ticks.length, String(days)).toBeLessThan(16);
		}
	});

	test('labels are measured by their script', () => {
		expect(labelWidth('高血压')).toBe(44);
		expect(labelWidth('abc')).toBeCloseTo(27.8);
	});
});

test('figures and times', () => {
	expect(figure(7.3)).toBe('7.3');
	expect(figure(-2.5)).toBe('−2.5');
	expect(figure(176.354)).toBe('176.35');
	expect(when(now, now)).toBe('10:00');
	expect(when(now - 3 * DAY, now)).toBe('11-18');
	expect(when(now - 400 * DAY, now)).toBe('2025-10-17');
});

test('what is out of range is read first', () => {
	const line = (code: string, flag: 'H' | null) => ({
		code,
		display: code,
		category: 'laboratory' as const,
		unit: 'mmol/L',
		low: 1,
		high: 2,
		points: [
			{ at: now - DAY, value: 1, text: null, flag: null },
			{ at: now, value: 3, text: null, flag }
		]
	});
	expect(trendOrder([line('a', null), line('b', 'H')]).map((each) => each.code)).toEqual(['b', 'a']);
});
