import { describe, expect, it } from 'vitest';
import type { Actor, Facts } from '../../kernel/index.ts';
import { decideRecord } from './decide.ts';
import { flagOf, ITEMS, recordObservationsSchema } from './observation.ts';

const patient = '0123456789abcdefghjkmnpqrs';
const facts: Facts = { now: 1_000_000_000, actor: {} as Actor, newId: () => 'id' };
const state = { patient: null, care: { wards: [] } };
const decide = (values: readonly unknown[], at: number | null = null) => decideRecord(state, recordObservationsSchema.parse({ patient, at, values }), facts);

describe('recording observations', () => {
	it('stores a set with flags against the reference interval', () => {
		const result = decide([
			{ code: ITEMS.potassium.code, value: 2.6, unit: 'mmol/L' },
			{ code: ITEMS.consciousness.code, text: 'A' }
		]);
		expect(result).toMatchObject({
			ok: true,
			value: [
				{
					at: facts.now,
					observations: [
						{ display: '钾', value: 2.6, flag: 'LL', low: 3.5 },
						{ text: 'A', value: null }
					]
				}
			]
		});
	});
	it.each([
		['a temperature with its point lost', [{ code: ITEMS.temperature.code, value: 386, unit: 'Cel' }], 'value-out-of-range'],
		['another unit', [{ code: ITEMS.temperature.code, value: 98.6, unit: '[degF]' }], 'unit-not-understood'],
		['no unit', [{ code: ITEMS.temperature.code, value: 37 }], 'unit-not-understood'],
		['an item nobody knows', [{ code: 'made-up', value: 1, unit: null }], 'item-unknown'],
		[
			'the same item twice',
			[
				{ code: ITEMS.pulse.code, value: 70, unit: '/min' },
				{ code: ITEMS.pulse.code, value: 71, unit: '/min' }
			],
			'item-twice'
		],
		['a word that is not on the list', [{ code: ITEMS.consciousness.code, text: '清醒' }], 'answer-not-listed'],
		['no value', [{ code: ITEMS.pulse.code, unit: '/min' }], 'value-missing']
	])('refuses %s', (_, values, code) => {
		expect(decide(values)).toMatchObject({ ok: false, refusal: { code } });
	});
	it('refuses a time that has not come, and says the limits of a value', () => {
		expect(decide([{ code: ITEMS.pulse.code, value: 70, unit: '/min' }], facts.now + 3_600_000)).toMatchObject({ refusal: { code: 'time-in-future' } });
		expect(decide([{ code: ITEMS.temperature.code, value: 386, unit: 'Cel' }])).toMatchObject({
			refusal: { facts: { item: '体温', value: 386, low: 30, high: 45 } }
		});
	});
	it('flags by the interval and by the critical limits', () => {
		expect([1.4, 3, 5, 12, 31].map((value) => flagOf(ITEMS.wbc, value))).toEqual(['LL', 'L', null, 'H', 'HH']);
	});
});
