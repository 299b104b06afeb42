import { expect, it } from 'vitest';
import type { PatientId } from '../../kernel/index.ts';
import { decideSetLevel } from './decide.ts';

const patient = 'p' as PatientId;
const state = { patient: null, care: { wards: [] }, now: { level: 'first' as const, since: 3, by: '李晨' } };

it('changes, and says what it was', () => {
	expect(decideSetLevel(state, { patient, level: 'special' })).toMatchObject({ ok: true, value: [{ level: 'special', previous: 'first' }] });
	expect(decideSetLevel({ ...state, now: null }, { patient, level: 'second' })).toMatchObject({ ok: true, value: [{ previous: null }] });
});
it('is not set twice to the same', () => {
	expect(decideSetLevel(state, { patient, level: 'first' })).toMatchObject({ refusal: { code: 'level-already-set', facts: { by: '李晨', at: 3 } } });
});
