import { describe, expect, it } from 'vitest';
import type { PatientId } from '../../kernel/index.ts';
import { decideRecordRisk, decideReleaseRestraint, decideRestrain, decideSetDiet, decideSetIsolation } from './decide.ts';
import { bradenGrade, mayShareRoom, morseGrade, noSafety, type Isolation, type Safety } from './risk.ts';

const patient = 'p' as PatientId;
const given = (safety: Partial<Safety> = {}) => ({ patient: null, care: { wards: [] }, safety: { ...noSafety, ...safety } });

describe('grades', () => {
	it.each([
		[0, 'low'],
		[24, 'low'],
		[25, 'medium'],
		[44, 'medium'],
		[45, 'high'],
		[125, 'high']
	])('Morse %i is %s', (score, grade) => {
		expect(morseGrade(score)).toBe(grade);
		expect(decideRecordRisk(given(), { patient, assessment: { scale: 'Morse', score } })).toMatchObject({ ok: true, value: [{ kind: 'fall', grade }] });
	});
	it.each([
		[23, 'none'],
		[19, 'none'],
		[18, 'low'],
		[14, 'medium'],
		[13, 'medium'],
		[12, 'high'],
		[6, 'high']
	])('Braden %i is %s', (score, grade) => {
		expect(bradenGrade(score)).toBe(grade);
		expect(decideRecordRisk(given(), { patient, assessment: { scale: 'Braden', score } })).toMatchObject({ ok: true, value: [{ kind: 'pressure', grade }] });
	});
	it('the psychiatric ones are graded by the assessor', () => {
		expect(decideRecordRisk(given(), { patient, assessment: { scale: 'ward', kind: 'suicide', grade: 'high', score: null } })).toMatchObject({
			ok: true,
			value: [{ kind: 'suicide', grade: 'high' }]
		});
	});
});

it('isolation and diet change only when they change', () => {
	const mrsa: Isolation = { kind: 'contact', organism: 'MRSA' };
	expect(decideSetIsolation(given(), { patient, isolation: mrsa }).ok).toBe(true);
	expect(decideSetIsolation(given({ isolation: { ...mrsa, since: 1 } }), { patient, isolation: mrsa })).toMatchObject({
		refusal: { code: 'isolation-unchanged' }
	});
	expect(decideSetIsolation(given(), { patient, isolation: null })).toMatchObject({ refusal: { code: 'isolation-unchanged' } });
	expect(decideSetIsolation(given({ isolation: { ...mrsa, since: 1 } }), { patient, isolation: null }).ok).toBe(true);
	expect(decideSetDiet(given({ diet: { diet: 'fasting', since: 1 } }), { patient, diet: 'fasting' })).toMatchObject({ refusal: { code: 'diet-unchanged' } });
});

it('restraint runs once and is released once', () => {
	const running = { restraint: { since: 7, reason: '冲动', by: '李晨' } };
	expect(decideRestrain(given(), { patient, reason: '冲动伤人' }).ok).toBe(true);
	expect(decideRestrain(given(running), { patient, reason: '冲动伤人' })).toMatchObject({
		refusal: { code: 'already-restrained', facts: { at: 7, by: '李晨' } }
	});
	expect(decideReleaseRestraint(given(running), { patient, note: '' }).ok).toBe(true);
	expect(decideReleaseRestraint(given(), { patient, note: '' })).toMatchObject({ refusal: { code: 'not-restrained' } });
});

it('who may share a room is the same seen from either side', () => {
	const kinds: readonly (Isolation | null)[] = [
		null,
		{ kind: 'contact', organism: 'MRSA' },
		{ kind: 'contact', organism: null },
		{ kind: 'droplet', organism: 'MRSA' },
		{ kind: 'protective', organism: null }
	];
	for (const a of kinds) for (const b of kinds) expect(mayShareRoom(a, b)).toBe(mayShareRoom(b, a));
	expect(kinds.map((kind) => mayShareRoom(kind, kind))).toEqual([true, true, false, true, false]);
});
