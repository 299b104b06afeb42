import { expect, it } from 'vitest';
import type { Actor, Facts } from '../../kernel/index.ts';
import { isPregnancy, recordConditionSchema, type ConditionId } from './condition.ts';
import { decideRecord, decideResolve } from './decide.ts';

const patient = '0123456789abcdefghjkmnpqrs';
const facts: Facts = { now: 5, actor: {} as Actor, newId: () => 'new' };
const mania = { id: 'm' as ConditionId, code: 'F31.1', system: 'ICD-10', display: '双相躁狂', rank: 'principal' as const };
const given = { patient: null, care: { wards: [] }, active: [mania] };
const record = (input: Record<string, unknown>) => decideRecord(given, recordConditionSchema.parse({ patient, ...input }), facts);

it('a diagnosis stands once, and one of them is principal', () => {
	expect(record({ code: 'I10', display: '特发性高血压' })).toMatchObject({ ok: true, value: [{ condition: 'new', rank: 'other', short: '特发性高血压' }] });
	expect(record({ code: 'F31.1', display: '双相躁狂' })).toMatchObject({ refusal: { code: 'already-diagnosed' } });
	expect(record({ code: 'F20.0', display: '精神分裂症', rank: 'principal' })).toMatchObject({
		refusal: { code: 'principal-diagnosis-exists', facts: { code: 'F31.1' } }
	});
});
it('only an active diagnosis is resolved', () => {
	const resolve = (condition: string) =>
		decideResolve(given, { patient: mania.id as never, condition: condition as ConditionId, as: 'resolved', reason: '痊愈' });
	expect(resolve('m').ok).toBe(true);
	expect(resolve('x')).toMatchObject({ refusal: { code: 'not-an-active-diagnosis' } });
});
it.each([
	['Z34.9', true],
	['O14.1', true],
	['O86.0', false],
	['O90.0', false],
	['F31.1', false],
	['Z30', false]
])('%s is a pregnancy: %s', (code, pregnant) => {
	expect(isPregnancy({ code, status: 'active' })).toBe(pregnant);
	expect(isPregnancy({ code, status: 'resolved' })).toBe(false);
});
