import { expect, it } from 'vitest';
import type { Actor, Facts } from '../../kernel/index.ts';
import { unknownAllergies, type AllergyId } from '../allergy/allergy.ts';
import { decideRecord, decideStop } from './decide.ts';
import { recordMedicationSchema, type MedicationId } from './medication.ts';

const patient = '0123456789abcdefghjkmnpqrs';
const facts: Facts = { now: 1_000_000, actor: {} as Actor, newId: () => 'new' };
const lithium = { id: 'm' as MedicationId, drug: '碳酸锂片', recordedBy: '李晨', startedAt: 3 };
const allergic = {
	status: 'listed' as const,
	at: 1,
	items: [{ id: 'a' as AllergyId, substance: '青霉素', reaction: '皮疹', severity: null, recordedAt: 1, recordedBy: '王思齐' }]
};
const given = { patient: null, care: { wards: [] }, active: [lithium], allergies: unknownAllergies };
const record = (drug: string, state: Parameters<typeof decideRecord>[0] = given, startedAt: number | null = null) =>
	decideRecord(state, recordMedicationSchema.parse({ patient, drug, dose: '1 片', route: '口服', frequency: 'qd', startedAt }), facts);

it('is refused for a listed allergy, with who wrote it', () => {
	expect(record('注射用青霉素钠', { ...given, allergies: allergic })).toMatchObject({
		refusal: { code: 'allergic-to-drug', facts: { substance: '青霉素', by: '王思齐' } }
	});
	expect(record('奥氮平片', { ...given, allergies: allergic }).ok).toBe(true);
});
it('is taken once, from a time that has come', () => {
	expect(record('碳酸锂片')).toMatchObject({ refusal: { code: 'drug-already-taken', facts: { by: '李晨' } } });
	expect(record('奥氮平片', given, facts.now + 3_600_000)).toMatchObject({ refusal: { code: 'time-in-future' } });
	expect(record('奥氮平片')).toMatchObject({ ok: true, value: [{ startedAt: facts.now }] });
});
it('is stopped once', () => {
	expect(decideStop(given, { patient: patient as never, medication: lithium.id, reason: '血锂偏高' }).ok).toBe(true);
	expect(decideStop({ ...given, active: [] }, { patient: patient as never, medication: lithium.id, reason: '血锂偏高' })).toMatchObject({
		refusal: { code: 'drug-not-taken' }
	});
});
