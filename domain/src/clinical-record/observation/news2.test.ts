import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { completeSets, earlyWarning, type Measured } from './early-warning.ts';
import { news2, news2IntervalMs, type Vitals } from './news2.ts';
import { ITEMS } from './observation.ts';

const well: Vitals = { respiration: 16, spo2: 98, spo2Scale: 1, onOxygen: false, systolic: 120, pulse: 70, consciousness: 'A', temperature: 36.8 };

describe('NEWS2', () => {
	it.each<[Partial<Vitals>, number]>([
		[{}, 0],
		[{ respiration: 8 }, 3],
		[{ respiration: 9 }, 1],
		[{ respiration: 11 }, 1],
		[{ respiration: 12 }, 0],
		[{ respiration: 20 }, 0],
		[{ respiration: 21 }, 2],
		[{ respiration: 24 }, 2],
		[{ respiration: 25 }, 3],
		[{ spo2: 91 }, 3],
		[{ spo2: 92 }, 2],
		[{ spo2: 93 }, 2],
		[{ spo2: 94 }, 1],
		[{ spo2: 95 }, 1],
		[{ spo2: 96 }, 0],
		[{ spo2Scale: 2, spo2: 83 }, 3],
		[{ spo2Scale: 2, spo2: 84 }, 2],
		[{ spo2Scale: 2, spo2: 86 }, 1],
		[{ spo2Scale: 2, spo2: 88 }, 0],
		[{ spo2Scale: 2, spo2: 99 }, 0],
		[{ spo2Scale: 2, spo2: 92, onOxygen: true }, 2],
		[{ spo2Scale: 2, spo2: 93, onOxygen: true }, 3],
		[{ spo2Scale: 2, spo2: 95, onOxygen: true }, 4],
		[{ spo2Scale: 2, spo2: 97, onOxygen: true }, 5],
		[{ onOxygen: true }, 2],
		[{ systolic: 90 }, 3],
		[{ systolic: 91 }, 2],
		[{ systolic: 101 }, 1],
		[{ systolic: 111 }, 0],
		[{ systolic: 219 }, 0],
		[{ systolic: 220 }, 3],
		[{ pulse: 40 }, 3],
		[{ pulse: 41 }, 1],
		[{ pulse: 51 }, 0],
		[{ pulse: 90 }, 0],
		[{ pulse: 91 }, 1],
		[{ pulse: 111 }, 2],
		[{ pulse: 131 }, 3],
		[{ consciousness: 'C' }, 3],
		[{ consciousness: 'U' }, 3],
		[{ temperature: 35 }, 3],
		[{ temperature: 35.1 }, 1],
		[{ temperature: 36.1 }, 0],
		[{ temperature: 38 }, 0],
		[{ temperature: 38.1 }, 1],
		[{ temperature: 39 }, 1],
		[{ temperature: 39.1 }, 2]
	])('%o scores %i', (change, total) => {
		expect(news2({ ...well, ...change }).total).toBe(total);
	});

	it('one part of three makes a low score urgent', () => {
		expect(news2({ ...well, consciousness: 'V' })).toMatchObject({ total: 3, risk: 'low-medium' });
		expect(news2IntervalMs({ total: 0, risk: 'low' })).toBe(12 * 3_600_000);
		expect(news2IntervalMs({ total: 9, risk: 'high' })).toBeLessThan(3_600_000);
	});

	const vectors = new URL('../../../../../shared/data/clinical/reference/news2-vectors.csv', import.meta.url);
	it.skipIf(!existsSync(vectors))('agrees with the 80 reference vectors (where the shared data is present)', () => {
		const lines = readFileSync(vectors, 'utf8').trim().split('\n').slice(1);
		expect(lines).toHaveLength(80);
		for (const line of lines) {
			const [id, rr, spo2, scale, air, sbp, pulse, mind, temperature, sRr, sSpo2, sO2, sSbp, sPulse, sMind, sTemperature, total, risk] = line.trim().split(',');
			const score = news2({
				respiration: Number(rr),
				spo2: Number(spo2),
				spo2Scale: scale === '2' ? 2 : 1,
				onOxygen: air === 'O2',
				systolic: Number(sbp),
				pulse: Number(pulse),
				consciousness: mind as Vitals['consciousness'],
				temperature: Number(temperature)
			});
			expect({ id, ...score }).toEqual({
				id,
				total: Number(total),
				risk,
				parts: {
					respiration: Number(sRr),
					spo2: Number(sSpo2),
					oxygen: Number(sO2),
					systolic: Number(sSbp),
					pulse: Number(sPulse),
					consciousness: Number(sMind),
					temperature: Number(sTemperature)
				}
			});
		}
	});
});

describe('the early warning of a patient', () => {
	const now = Date.parse('2026-11-21T08:00:00Z');
	const set = (at: number, vitals: Partial<Record<keyof typeof ITEMS, number>> = {}): Measured[] => [
		...Object.entries({ respiration: 16, spo2: 98, systolic: 120, pulse: 70, temperature: 36.8, ...vitals }).map(([key, value]) => ({
			code: ITEMS[key as keyof typeof ITEMS].code,
			at,
			value,
			text: null
		})),
		{ code: ITEMS.consciousness.code, at, value: null, text: 'A' }
	];
	const adult = { birthDate: '1980-01-01', pregnant: false };

	it('tells score, time and trend against the set before', () => {
		expect(earlyWarning(adult, [...set(now - 7_200_000), ...set(now - 60_000, { pulse: 120 })], now)).toMatchObject({
			kind: 'score',
			score: 2,
			previous: 0,
			trend: 'up',
			at: now - 60_000
		});
	});
	it('skips a set that lacks a part instead of scoring it as well', () => {
		expect(earlyWarning(adult, [...set(now - 7_200_000), { code: ITEMS.pulse.code, at: now, value: 140, text: null }], now)).toMatchObject({
			at: now - 7_200_000
		});
	});
	it('has no number where it does not hold, and says why', () => {
		expect(earlyWarning({ birthDate: '2012-01-01', pregnant: false }, set(now), now)).toEqual({ kind: 'absent', reason: 'under-16' });
		expect(earlyWarning({ birthDate: '1995-01-01', pregnant: true }, set(now), now)).toEqual({ kind: 'absent', reason: 'pregnancy' });
		expect(earlyWarning({ birthDate: null, pregnant: false }, set(now), now)).toEqual({ kind: 'absent', reason: 'age-unknown' });
		expect(earlyWarning(adult, [], now)).toEqual({ kind: 'absent', reason: 'no-vitals' });
	});
	it('uses scale 2 from the moment it was decided on', () => {
		const sets = completeSets([...set(now - 100, { spo2: 89 }), ...set(now, { spo2: 89 }), { code: ITEMS.spo2Scale.code, at: now - 50, value: 2, text: null }]);
		expect(sets.map((s) => s.vitals.spo2Scale)).toEqual([2, 1]);
	});
});
