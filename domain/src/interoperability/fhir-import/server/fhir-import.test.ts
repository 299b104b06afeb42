import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newId, type Actor, type PatientId } from '../../../kernel/index.ts';
import { db, testHospital, type TestHospital } from '../../../kernel/server/index.ts';
import { allergiesOf, conditionsOf, encountersOf, medicationsOf, observationSeries } from '../../../clinical-record/server.ts';
import { demoPerson } from '../../../organization/index.ts';
import type { PatientTables } from '../../../patient/server.ts';
import { registry } from '../../../registry.ts';
import { fhirBundles } from '../fixtures.ts';
import { instantOf, readBundle } from './bundle.ts';
import { importFhir } from './import.ts';
import { planOf } from './plan.ts';
import { stopReading } from './reader.ts';

const actorOf = (username: string): Actor => {
	const { id, organization, name, role, wards } = demoPerson(username);
	return { user: id, organization, name, role, wards, session: newId(), steppedUpAt: 0 };
};
const admin = actorOf('admin1');
const elder = JSON.stringify(fhirBundles.elder);
/** The elder's bundle with one place changed. */
function changed(change: (entries: { resource: Record<string, unknown> }[]) => void): string {
	const bundle = structuredClone(fhirBundles.elder) as { entry: { resource: Record<string, unknown> }[] };
	change(bundle.entry);
	return JSON.stringify(bundle);
}
const find = (entries: { resource: Record<string, unknown> }[], type: string): Record<string, unknown> => {
	const entry = entries.find(({ resource }) => resource['resourceType'] === type);
	if (entry === undefined) throw new Error(`no ${type}`);
	return entry.resource;
};
const refusalOf = (text: string) => {
	const bundle = readBundle(text);
	const plan = bundle.ok ? planOf(bundle.value) : bundle;
	return plan.ok ? null : plan.refusal;
};

describe('a broken bundle is refused with its place and reason', () => {
	const cases: readonly (readonly [string, string, string, object])[] = [
		['half a file', elder.slice(0, 900), 'fhir-not-json', {}],
		['another resource', '{"resourceType":"Patient"}', 'fhir-not-a-bundle', { found: 'Patient' }],
		['no patient', '{"resourceType":"Bundle","entry":[]}', 'fhir-no-patient', {}],
		[
			'a day that is none',
			changed((e) => {
				find(e, 'Patient')['birthDate'] = '1961-02-30';
			}),
			'fhir-broken',
			{ place: 'entry[0].resource.birthDate', problem: 'not-a-date' }
		],
		[
			'a sex that is none',
			changed((e) => {
				find(e, 'Patient')['gender'] = 'm';
			}),
			'fhir-broken',
			{ place: 'entry[0].resource.gender', problem: 'not-listed' }
		],
		[
			'a kind of bundle the standard does not list',
			JSON.stringify({ ...(JSON.parse(elder) as object), type: 'Bundel' }),
			'fhir-broken',
			{ place: 'type', problem: 'not-listed' }
		],
		['a name with a NUL in it', elder.replace('"resourceType"', '"note":"a\\u0000b","resourceType"'), 'fhir-not-json', {}],
		[
			'a visit without a person',
			changed((e) => {
				delete find(e, 'Encounter')['subject'];
			}),
			'fhir-broken',
			{ place: 'entry[2].resource.subject', problem: 'missing' }
		],
		[
			'a visit of a stranger',
			changed((e) => {
				find(e, 'Encounter')['subject'] = { reference: 'urn:uuid:nobody' };
			}),
			'fhir-unknown-reference',
			{ place: 'entry[2].resource.subject', reference: 'urn:uuid:nobody' }
		],
		[
			'a value that is text',
			changed((e) => {
				find(e, 'Observation')['valueQuantity'] = { value: 'heavy' };
			}),
			'fhir-broken',
			{ place: 'entry[3].resource.valueQuantity.value', problem: 'wrong-type' }
		],
		[
			'healed before it began',
			changed((e) => {
				Object.assign(find(e, 'Condition'), { onsetDateTime: '2021-01-01', abatementDateTime: '2020-01-01' });
			}),
			'fhir-broken',
			{ problem: 'contradiction' }
		],
		[
			'the same resource twice',
			changed((e) => {
				e.push({ ...(e[0] as { resource: Record<string, unknown> }) });
			}),
			'fhir-twice',
			{ name: 'Patient/ext-1001' }
		]
	];
	test.for(cases)('%s', ([, text, code, facts]) => {
		expect(refusalOf(text)).toMatchObject({ code, facts });
	});

	test('"none known" beside a listed allergy is a question, not a fact', () => {
		const text = changed((entries) => {
			const listed = find(entries, 'AllergyIntolerance');
			entries.push({ resource: { ...listed, id: 'none', code: { coding: [{ system: 'http://snomed.info/sct', code: '716186003' }] } } });
		});
		expect(refusalOf(text)).toMatchObject({ code: 'fhir-broken', facts: { problem: 'contradiction' } });
	});

	test('what was entered in error is not taken', () => {
		const text = changed((entries) => {
			find(entries, 'Condition')['verificationStatus'] = { coding: [{ code: 'entered-in-error' }] };
		});
		const bundle = readBundle(text);
		expect(bundle.ok && planOf(bundle.value)).toMatchObject({ value: { conditions: [{ code: 'J18.9' }] } });
	});
});

test('dates', () => {
	expect(instantOf('2020')).toBe(Date.parse('2020-01-01T00:00:00+08:00'));
	expect(instantOf('2020-02-29')).toBe(Date.parse('2020-02-29T00:00:00+08:00'));
	expect(instantOf('2019-02-29')).toBeNull();
	expect(instantOf('1991-06-07T23:37:54+00:00')).toBe(Date.UTC(1991, 5, 7, 23, 37, 54));
	expect(instantOf('yesterday')).toBeNull();
});

describe('an import into a real file', () => {
	let house: TestHospital;
	beforeEach(async () => {
		process.env['TONGPING_DEMO_PASSWORD'] ??= 'one-screen-2026';
		house = await testHospital(registry, { seedAt: Date.UTC(2026, 10, 21) });
	});
	afterEach(() => house.close());
	afterAll(() => {
		stopReading();
	});
	const patientOf = async (mrn: string): Promise<PatientId> =>
		(await db<PatientTables>().selectFrom('patient').select('id').where('mrn', '=', mrn).executeTakeFirstOrThrow()).id as PatientId;

	test('writes through the owners; twice changes nothing', async () => {
		const once = await importFhir(admin, elder);
		expect(once).toMatchObject({
			ok: true,
			value: {
				kinds: {
					patients: { found: 1, created: 1 },
					encounters: { found: 8, created: 8 },
					conditions: { created: 2 },
					allergies: { created: 1 },
					observations: { found: 40, created: 40 },
					medications: { created: 2 }
				},
				ignored: { Immunization: 1 }
			}
		});
		const patient = await patientOf('REC-ext-1001');
		const handle = house.hospital.reader;
		expect((await allergiesOf(handle, [patient])).get(patient)).toMatchObject({
			status: 'listed',
			items: [{ substance: '青霉素', reaction: '皮疹', severity: 'moderate' }]
		});
		expect((await conditionsOf(handle, [patient])).map((condition) => [condition.code, condition.status])).toEqual(
			expect.arrayContaining([
				['I10', 'active'],
				['J18.9', 'resolved']
			])
		);
		expect(await encountersOf(handle, [patient])).toHaveLength(8);
		expect((await medicationsOf(handle, [patient])).map((medication) => [medication.drug, medication.dose, medication.frequency])).toContainEqual([
			'氨氯地平片 5 mg',
			'5 mg',
			'qd'
		]);
		const glucose = (await observationSeries(handle, [patient], { codes: ['1558-6'] }))[0];
		expect(glucose?.points).toHaveLength(8);
		expect(glucose?.points.at(-1)?.flag).toBe('H');

		const again = await importFhir(admin, elder);
		expect(again).toMatchObject({
			ok: true,
			value: {
				kinds: {
					patients: { created: 0 },
					encounters: { created: 0 },
					conditions: { created: 0 },
					allergies: { created: 0 },
					observations: { created: 0 },
					medications: { created: 0 }
				}
			}
		});
	});

	test('a number another system also gives is not the same person: nothing of that file reaches the first one’s chart', async () => {
		const person = (name: string, birthDate: string, more: object = {}): string =>
			JSON.stringify({
				resourceType: 'Bundle',
				type: 'collection',
				entry: [
					{ resource: { resourceType: 'Patient', id: '1', name: [{ text: name }], gender: 'male', birthDate, ...more } },
					{ resource: { resourceType: 'Condition', id: `of-${birthDate}`, code: { text: '高血压' }, subject: { reference: 'Patient/1' } } }
				]
			});
		expect(await importFhir(admin, person('甲一', '1990-02-28'))).toMatchObject({ ok: true, value: { kinds: { conditions: { created: 1 } } } });
		expect(await importFhir(admin, person('乙二', '1971-01-01'))).toMatchObject({ ok: false, refusal: { code: 'fhir-other-person' } });
		const record = [{ system: 'https://other.example/ids', value: '9' }];
		expect(await importFhir(admin, person('丙三', '1980-01-01', { identifier: record }))).toMatchObject({
			ok: true,
			value: { kinds: { patients: { created: 1 } } }
		});
		// One thing corrected on either side is still the same person.
		expect(await importFhir(admin, person('甲乙一', '1990-02-28'))).toMatchObject({ ok: true, value: { kinds: { patients: { created: 0 } } } });
		expect(await importFhir(admin, person('甲一', '1990-02-27'))).toMatchObject({ ok: true, value: { kinds: { patients: { created: 0 } } } });
		expect((await conditionsOf(house.hospital.reader, [await patientOf('FHI-1')])).every((each) => each.display === '高血压')).toBe(true);
	});

	test('a fact that stands in one chart is not taken silently for another person’s', async () => {
		const person = (id: string, name: string): string =>
			JSON.stringify({
				resourceType: 'Bundle',
				type: 'collection',
				entry: [
					{ resource: { resourceType: 'Patient', id, name: [{ text: name }], gender: 'male', birthDate: '1961-04-05' } },
					{ resource: { resourceType: 'Condition', id: 'whose', code: { text: '高血压' }, subject: { reference: `Patient/${id}` } } }
				]
			});
		expect(await importFhir(admin, person('w1', '甲先'))).toMatchObject({ ok: true, value: { kinds: { conditions: { created: 1 } } } });
		expect(await importFhir(admin, person('w1', '甲先'))).toMatchObject({ ok: true, value: { kinds: { conditions: { created: 0 } } } });
		expect(await importFhir(admin, person('w2', '乙后'))).toMatchObject({ ok: false, refusal: { code: 'fhir-other-record' } });
		const stranger = await db<PatientTables>().selectFrom('patient').select('id').where('name', '=', '乙后').executeTakeFirst();
		expect(stranger).toBeUndefined();
	});

	test('nothing of a broken bundle stays', async () => {
		const patients = async () =>
			Number(
				(
					await db<PatientTables>()
						.selectFrom('patient')
						.select((e) => e.fn.countAll<number>().as('n'))
						.executeTakeFirstOrThrow()
				).n
			);
		const before = await patients();
		// The fault stands in the last entry: everything before it was fine.
		const text = changed((entries) => {
			entries.push({
				resource: { resourceType: 'Observation', id: 'late', status: 'final', code: {}, subject: { reference: 'urn:uuid:ext-1001' }, effectiveDateTime: 'soon' }
			});
		});
		expect(await importFhir(admin, text)).toMatchObject({ ok: false, refusal: { code: 'fhir-broken' } });
		expect(await patients()).toBe(before);
	});

	test('"no allergy known" is a statement of its own', async () => {
		await importFhir(admin, JSON.stringify(fhirBundles.younger));
		const patient = await patientOf('REC-ext-1002');
		expect((await allergiesOf(house.hospital.reader, [patient])).get(patient)).toMatchObject({ status: 'none-known', items: [] });
	});

	test('only an administrator brings records in', async () => {
		await expect(importFhir(actorOf('chief1'), elder)).rejects.toThrow('denied');
	});

	const folder = fileURLToPath(new URL('../../../../../../shared/data/clinical/fhir-r4/synthea/', import.meta.url));
	test.skipIf(!existsSync(folder))('takes 18 Synthea patients (they lie beside the repository), twice', { timeout: 120_000 }, async () => {
		const total: Record<string, number> = {};
		for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
			const text = readFileSync(`${folder}${file}`, 'utf8');
			const done = await importFhir(admin, text);
			expect(done.ok, `${file}: ${JSON.stringify(done)}`).toBe(true);
			if (done.ok) for (const [kind, { created }] of Object.entries(done.value.kinds)) total[kind] = (total[kind] ?? 0) + created;
			const again = await importFhir(admin, text);
			expect(again.ok && Object.values(again.value.kinds).every(({ created }) => created === 0)).toBe(true);
		}
		console.log(`Synthea: ${JSON.stringify(total)}; longest write ${house.hospital.writer.stats().maxCommitMs.toFixed(1)} ms`);
		expect(total).toMatchObject({ patients: 18, encounters: 501, conditions: 145, allergies: 11, medications: 99 });
		expect(total['observations']).toBeGreaterThan(2000);
	});
});
