import { expect, it } from 'vitest';
import type { Actor, Facts, PatientId } from '../../kernel/index.ts';
import { unknownAllergies, type AllergyId, type AllergySummary } from './allergy.ts';
import { decideRecord, decideRefute } from './decide.ts';

const patient = 'p' as PatientId;
const facts: Facts = { now: 5, actor: {} as Actor, newId: () => 'new' };
const penicillin: AllergySummary = {
	status: 'listed',
	at: 1,
	items: [{ id: 'a' as AllergyId, substance: 'Penicillin', reaction: null, severity: null, recordedAt: 1, recordedBy: '李晨' }]
};
const given = (summary: AllergySummary) => ({ patient: null, care: { wards: [] }, summary });
const listed = (substance: string) => ({ patient, statement: { status: 'listed' as const, substance, reaction: null, severity: null } });
const none = { patient, statement: { status: 'none-known' as const } };

it('"none known" is a statement of its own and never wipes out an entry', () => {
	expect(decideRecord(given(unknownAllergies), none, facts)).toMatchObject({ ok: true, value: [{ type: 'clinical-record.allergy.none-stated' }] });
	expect(decideRecord(given(penicillin), none, facts)).toMatchObject({ refusal: { code: 'allergies-on-list', facts: { substances: 'Penicillin', count: 1 } } });
});
it('the same substance stands once, however it is typed', () => {
	expect(decideRecord(given(unknownAllergies), listed('青霉素'), facts)).toMatchObject({ ok: true, value: [{ allergy: 'new', substance: '青霉素' }] });
	expect(decideRecord(given(penicillin), listed('penicillin'), facts)).toMatchObject({ refusal: { code: 'allergy-on-list', facts: { by: '李晨', at: 1 } } });
});
it('only what is on the list is refuted', () => {
	expect(decideRefute(given(penicillin), { patient, allergy: 'a' as AllergyId, reason: '皮试阴性' }).ok).toBe(true);
	expect(decideRefute(given(penicillin), { patient, allergy: 'b' as AllergyId, reason: '皮试阴性' })).toMatchObject({
		refusal: { code: 'allergy-not-on-list' }
	});
});
