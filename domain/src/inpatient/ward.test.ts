import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor, Event, Outcome, PatientId } from '../kernel/index.ts';
import { testHospital, type TestHospital } from '../kernel/server/index.ts';
import { allergiesOf, conditionsOf, medicationsOf, observationSeries } from '../clinical-record/server.ts';
import { ITEMS } from '../clinical-record/index.ts';
import { demoBed, demoOrganization, demoPerson, demoWards, fixtureId, staff } from '../organization/index.ts';
import { demoPatient, demoPeople } from '../patient/index.ts';
import { boardOf, wardBoard, type BoardPatient } from './index.ts';
import { demoAsked } from './stay/fixtures.ts';
import { mayReadPatient, patientBanner, patientChart, searchPatients, wardBoardView } from './server.ts';
import { registry } from './ward-board/server/test-registry.ts';

const now = Date.now();
const signedIn = (username: string): Actor => {
	const { id, name, role, organization, wards } = demoPerson(username);
	return { user: id, name, role, organization, wards, session: 's', steppedUpAt: 0 };
};
const doctor = signedIn('resident1');
const nurse = signedIn('nurse1');
let house: TestHospital;
beforeAll(async () => {
	house = await testHospital(registry, { seedAt: now });
});
afterAll(async () => {
	await house.close();
});
const code = (outcome: Outcome): string => (outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind);
const run = async (command: string, input: unknown, actor: Actor): Promise<string> => code(await house.execute(command, input, actor));
const card = async (patient: PatientId): Promise<BoardPatient> => {
	for (const ward of Object.values(demoWards)) {
		const board = boardOf(await wardBoardView(house.hospital.reader, ward, Date.now()))!;
		const person = [...board.beds.map((bed) => bed.occupant), ...board.waiting.map((entry) => entry.occupant)].find(
			(occupant) => occupant?.patient === patient
		);
		if (person !== undefined && person !== null) return person;
	}
	throw new Error('on no board');
};
const projection = () => registry.flatMap((served) => served.projections ?? []).find((found) => found.kind === wardBoard.kind)!;

describe('what is recorded about a patient', () => {
	const patient = demoPatient('male/16').id;

	it('vital signs reach the card as a score, from one set', async () => {
		const signs = { temperature: 39.4, pulse: 135, respiration: 26, systolic: 88, spo2: 90 };
		const values = [
			...Object.entries(signs).map(([key, value]) => ({ code: ITEMS[key as keyof typeof ITEMS].code, value, unit: ITEMS[key as keyof typeof ITEMS].unit })),
			{ code: ITEMS.consciousness.code, text: 'V' }
		];
		expect(await run('clinical-record.observation.record', { patient, values }, nurse)).toBe('done');
		expect((await card(patient)).earlyWarning).toMatchObject({ kind: 'score', score: 17, risk: 'high', trend: 'up' });
		expect((await card(patient)).temperature?.value).toBe(39.4);
		expect(await run('clinical-record.observation.record', { patient, values: [{ code: ITEMS.temperature.code, value: 386, unit: 'Cel' }] }, nurse)).toBe(
			'value-out-of-range'
		);
	});

	it('an allergy is listed, is not "none", and only a doctor takes it away', async () => {
		const person = demoPatient('male/w1');
		expect((await card(person.id)).allergy.status).toBe('unknown');
		expect(await run('clinical-record.allergy.record', { patient: person.id, statement: { status: 'none-known' } }, nurse)).toBe('done');
		expect((await card(person.id)).allergy.status).toBe('none-known');
		const recorded = await house.execute(
			'clinical-record.allergy.record',
			{ patient: person.id, statement: { status: 'listed', substance: '青霉素', reaction: '皮疹', severity: 'moderate' } },
			nurse
		);
		expect((await card(person.id)).allergy).toMatchObject({ status: 'listed', items: [{ substance: '青霉素' }] });
		expect(await run('clinical-record.allergy.record', { patient: person.id, statement: { status: 'listed', substance: '青霉素' } }, nurse)).toBe(
			'allergy-on-list'
		);
		expect(await run('clinical-record.allergy.record', { patient: person.id, statement: { status: 'none-known' } }, nurse)).toBe('allergies-on-list');
		const allergy = recorded.kind === 'done' ? (recorded.events[0] as Event & { allergy: string }).allergy : '';
		expect(await run('clinical-record.allergy.refute', { patient: person.id, allergy, reason: '误记' }, nurse)).toBe('forbidden');
		expect(
			await run('clinical-record.medication.record', { patient: person.id, drug: '注射用青霉素钠', dose: '480 万 U', route: '静滴', frequency: 'bid' }, doctor)
		).toBe('allergic-to-drug');
		expect(await run('clinical-record.allergy.refute', { patient: person.id, allergy, reason: '皮试阴性' }, doctor)).toBe('done');
		expect((await card(person.id)).allergy.status).toBe('unknown');
	});

	it('diagnoses and drugs', async () => {
		expect(await run('clinical-record.condition.record', { patient, code: 'I10', display: '特发性高血压', short: '高血压' }, nurse)).toBe('forbidden');
		expect(await run('clinical-record.condition.record', { patient, code: 'I10', display: '特发性高血压', short: '高血压' }, doctor)).toBe('done');
		expect(await run('clinical-record.condition.record', { patient, code: 'I10', display: '特发性高血压' }, doctor)).toBe('already-diagnosed');
		expect(await run('clinical-record.condition.record', { patient, code: 'F31.1', display: '双相', rank: 'principal' }, doctor)).toBe(
			'principal-diagnosis-exists'
		);
		expect(await run('clinical-record.medication.record', { patient, drug: '氨氯地平片', dose: '5 mg', route: '口服', frequency: 'qd' }, doctor)).toBe('done');
		expect(await run('clinical-record.medication.record', { patient, drug: '氨氯地平片', dose: '10 mg', route: '口服', frequency: 'qd' }, doctor)).toBe(
			'drug-already-taken'
		);
		const [drug] = (await medicationsOf(house.hospital.reader, [patient], { active: true })).filter((entry) => entry.drug === '氨氯地平片');
		expect(await run('clinical-record.medication.stop', { patient, medication: drug?.id, reason: '血压偏低' }, doctor)).toBe('done');
		expect(await run('clinical-record.medication.stop', { patient, medication: drug?.id, reason: '血压偏低' }, doctor)).toBe('drug-not-taken');
	});

	it('levels, risks, isolation, restraint and diet stand on the card', async () => {
		expect(await run('nursing.level.set', { patient, level: 'special' }, nurse)).toBe('done');
		expect(await run('nursing.level.set', { patient, level: 'special' }, nurse)).toBe('level-already-set');
		expect(await run('nursing.risk.record', { patient, assessment: { scale: 'Morse', score: 60 } }, nurse)).toBe('done');
		expect(await run('nursing.risk.set-isolation', { patient, isolation: { kind: 'droplet', organism: '甲型流感病毒' } }, nurse)).toBe('done');
		expect(await run('nursing.risk.restrain', { patient, reason: '冲动伤人' }, nurse)).toBe('forbidden');
		expect(await run('nursing.risk.restrain', { patient, reason: '冲动伤人' }, doctor)).toBe('done');
		expect(await run('nursing.risk.set-diet', { patient, diet: 'fasting' }, nurse)).toBe('done');
		expect(await card(patient)).toMatchObject({
			level: { level: 'special' },
			isolation: { kind: 'droplet' },
			restraint: { reason: '冲动伤人' },
			diet: { diet: 'fasting' },
			risks: expect.arrayContaining([expect.objectContaining({ kind: 'fall', grade: 'high', score: 60 })])
		});
		expect(await run('nursing.risk.release-restraint', { patient }, nurse)).toBe('done');
		expect(await run('nursing.risk.release-restraint', { patient }, nurse)).toBe('not-restrained');
		expect((await card(patient)).restraint).toBeNull();
	});

	it('is felt on the board of the ward that cares, and on no other', async () => {
		const outcome = await house.execute('nursing.risk.set-diet', { patient, diet: 'soft' }, nurse);
		expect(outcome.kind === 'done' && outcome.events.flatMap((event) => projection().affected(event))).toEqual([{ id: demoWards.male, keys: '*' }]);
		expect(projection().affected({ type: 'imaging.study.imported', patient, ward: demoWards.male } as Event)).toEqual([]);
	});
});

describe('a stay from the door to the door', () => {
	it('admits once, waits, lies, is announced, and frees the bed when the patient has gone', async () => {
		const registered = await house.execute('patient.registry.register', { mrn: 'ZY990001', name: '章向晨', sex: 'male', birthDate: '1990-02-03' }, nurse);
		const patient = registered.kind === 'done' ? registered.events[0]!.patient! : ('' as PatientId);
		expect(await run('patient.registry.register', { mrn: 'ZY990001', name: '另一人', sex: 'male', birthDate: null }, nurse)).toBe('mrn-taken');
		expect(await run('inpatient.stay.admit', { patient, ward: demoWards.female }, signedIn('headnurse1'))).toBe('ward-sex');
		expect(await run('inpatient.stay.admit', { patient, ward: demoWards.female }, nurse)).toBe('forbidden');
		const admitted = await house.execute('inpatient.stay.admit', { patient, ward: demoWards.male, payer: '职工' }, nurse);
		const stay = admitted.kind === 'done' ? (admitted.events[0] as Event & { stay: string }).stay : '';
		expect(await run('inpatient.stay.admit', { patient, ward: demoWards.male }, nurse)).toBe('already-admitted');
		expect(await mayReadPatient(house.hospital.reader, nurse, patient)).toBe(true);
		expect(await mayReadPatient(house.hospital.reader, signedIn('resident2'), patient)).toBe(false);
		expect(await run('inpatient.bed-assignment.assign-from-waiting', { patient, stay, to: demoBed('male', '47') }, nurse)).toBe('done');
		expect(await run('inpatient.stay.leave', { patient, stay }, nurse)).toBe('no-discharge-notice');
		expect(await run('inpatient.stay.discharge-notice', { patient, stay }, nurse)).toBe('forbidden');
		expect(await run('inpatient.stay.discharge-notice', { patient, stay }, doctor)).toBe('done');
		expect(await run('inpatient.stay.discharge-notice', { patient, stay }, doctor)).toBe('notice-already-given');
		expect((await card(patient)).dischargeNotice).toMatchObject({ by: '李晨' });
		expect(await run('inpatient.stay.withdraw-notice', { patient, stay, reason: '家属要求' }, doctor)).toBe('done');
		expect(await run('inpatient.stay.discharge-notice', { patient, stay }, doctor)).toBe('done');
		expect(await run('inpatient.stay.leave', { patient, stay }, nurse)).toBe('done');
		expect(await run('inpatient.stay.leave', { patient, stay }, nurse)).toBe('stay-ended');
		expect(await run('inpatient.bed-assignment.transfer', { patient, stay, from: demoBed('male', '47'), to: demoBed('male', '04') }, nurse)).toBe('stay-ended');
		const board = boardOf(await wardBoardView(house.hospital.reader, demoWards.male, Date.now()))!;
		expect(board.beds.find((bed) => bed.number === '47')).toMatchObject({ occupant: null, status: 'cleaning' });
		expect(board.header.dischargedAt).toHaveLength(2);
		expect((await patientChart(house.hospital.reader, patient)).stays).toMatchObject([{ phase: { phase: 'ended' }, wardName: '精神科男病区' }]);
		// Letters are still written: those who cared may read for three days, then no more.
		expect(await mayReadPatient(house.hospital.reader, nurse, patient)).toBe(true);
		expect(await mayReadPatient(house.hospital.reader, nurse, patient, Date.now() + 4 * 86_400_000)).toBe(false);
	});
	it('severity and expected day', async () => {
		const { id: patient, stay } = demoPatient('male/20');
		expect(await run('inpatient.stay.set-severity', { patient, stay, severity: 'serious' }, nurse)).toBe('forbidden');
		expect(await run('inpatient.stay.set-severity', { patient, stay, severity: 'serious' }, doctor)).toBe('done');
		expect(await run('inpatient.stay.expect-discharge', { patient, stay, date: '2020-01-01' }, doctor)).toBe('date-in-past');
		expect((await card(patient)).severity).toBe('serious');
	});
});

describe('who may read whom', () => {
	it('the same verdict for every person and patient of the house, on every door', async () => {
		const clinical = new Set(['nurse', 'head-nurse', 'resident', 'attending', 'chief', 'pharmacist', 'radiologist', 'reviewing-radiologist']);
		for (const member of staff) {
			const actor = signedIn(member.username);
			const found = new Set((await searchPatients(house.hospital.reader, actor, 'zy26', { limit: 200 })).map((hit) => hit.patient.id));
			for (const person of demoPeople) {
				const wards = [
					demoWards[person.ward],
					...demoAsked.flatMap((asked) => (asked.person === person.key && asked.declined === null ? [demoWards[asked.to]] : []))
				];
				const expected = clinical.has(member.role) && (member.wards === '*' || wards.some((ward) => member.wards.includes(ward)));
				expect([member.username, person.key, await mayReadPatient(house.hospital.reader, actor, person.id)]).toEqual([member.username, person.key, expected]);
				expect(found.has(person.id)).toBe(expected);
			}
		}
	});
	it('nobody of another organization, and nobody who is not there', async () => {
		expect(await mayReadPatient(house.hospital.reader, { ...doctor, organization: fixtureId('elsewhere') }, demoPatient('male/01').id)).toBe(false);
		expect(await mayReadPatient(house.hospital.reader, doctor, fixtureId('nobody'))).toBe(false);
		expect(await searchPatients(house.hospital.reader, { ...doctor, organization: fixtureId('elsewhere') }, 'zy26')).toEqual([]);
	});
	it('the board opens for those who work there and looks like nothing to the others', async () => {
		const kind = registry.flatMap((served) => served.live ?? []).find((found) => found.kind === wardBoard.kind)!;
		const admit = (username: string, ward: string) => kind.admit(house.hospital.reader, signedIn(username), ward);
		expect(await admit('nurse1', demoWards.male)).toMatchObject({ mode: 'projection', writes: [] });
		expect([
			await admit('nurse1', demoWards.female),
			await admit('admin1', demoWards.male),
			await admit('radiologist1', demoWards.male),
			await admit('nurse1', fixtureId('nowhere'))
		]).toEqual([null, null, null, null]);
	});
});

describe('search', () => {
	const names = async (text: string, username = 'chief1') =>
		(await searchPatients(house.hospital.reader, signedIn(username), text)).map((hit) => `${hit.bed ?? '-'} ${hit.patient.name}`);
	it('finds by name, initials, pinyin, number and bed', async () => {
		expect(await names('沈若溪')).toEqual(['01 沈若溪']);
		expect(await names('SRX')).toEqual(['01 沈若溪']);
		expect(await names('chenyutong')).toEqual(expect.arrayContaining(['06 陈雨桐', '18 陈雨彤']));
		expect(await names(demoPatient('male/22').mrn)).toEqual(['22 张伟民']);
		expect((await names('5')).slice(0, 3)).toEqual(expect.arrayContaining(['05 张伟明']));
		expect(await names('无此人')).toEqual([]);
		expect(await names('  ')).toEqual([]);
	});
	it('takes signs of the query language for what they are', async () => {
		expect(await names('%')).toEqual([]);
		expect(await names('_')).toEqual([]);
		expect(await names("'; drop table patient; --")).toEqual([]);
	});
	it('shows nobody of another ward', async () => {
		expect(await names('沈若溪', 'nurse1')).toEqual([]);
	});
});

describe('two records of one person', () => {
	it('are read as one by a link that can be taken back', async () => {
		const chief = signedIn('chief1');
		const [a, b] = [demoPatient('male/10').id, demoPatient('male/33').id];
		const count = async () => (await patientChart(house.hospital.reader, a)).conditions.length;
		const before = await count();
		expect(await run('patient.registry.link', { patient: b, survivor: a, reason: '同一身份证' }, nurse)).toBe('forbidden');
		expect(await run('patient.registry.link', { patient: b, survivor: a, reason: '同一身份证' }, chief)).toBe('done');
		expect(await count()).toBeGreaterThan(before);
		expect(await run('patient.registry.link', { patient: a, survivor: b, reason: '同一身份证' }, chief)).toBe('survivor-is-linked');
		expect(await run('patient.registry.unlink', { patient: b, reason: '并非同一人' }, chief)).toBe('done');
		expect(await count()).toBe(before);
	});
	it('a corrected sex must fit the ward', async () => {
		const patient = demoPatient('male/10');
		expect(
			await run(
				'patient.registry.correct',
				{ patient: patient.id, name: patient.name, sex: 'female', birthDate: patient.birthDate, reason: '登记错误' },
				doctor
			)
		).toBe('sex-contradicts-ward');
		expect(
			await run('patient.registry.correct', { patient: patient.id, name: '刘阳', sex: 'male', birthDate: patient.birthDate, reason: '登记错误' }, doctor)
		).toBe('done');
		expect((await card(demoPatient('male/33').id)).alike).toMatchObject({ kind: 'near', with: [{ name: '刘阳', bed: '10' }] });
	});
	it('the stranger of the emergency room gets a name and a sex', async () => {
		const { id, stay } = demoPatient('emergency/05');
		expect(
			await run('patient.registry.correct', { patient: id, name: '郝仁', sex: 'male', birthDate: '1977-07-07', reason: '家属确认' }, signedIn('chief1'))
		).toBe('done');
		expect(await patientBanner(house.hospital.reader, id)).toMatchObject({
			patient: { name: '郝仁', sex: 'male' },
			bed: '05',
			ward: { name: '急诊留观' },
			allergy: { status: 'unknown' },
			inHouse: { stay }
		});
		expect(
			await run(
				'inpatient.bed-assignment.transfer',
				{ patient: id, stay, from: demoBed('emergency', '05'), to: demoBed('emergency', '06') },
				signedIn('chief1')
			)
		).toBe('done');
	});
});

describe('imports', () => {
	it('twice changes nothing, in every module', async () => {
		const task = (name: string, input: unknown) => house.hospital.writer.task(name, input);
		const organization = demoOrganization.id;
		const people = await task('patient.registry.import', {
			organization,
			patients: [{ source: 'x/Patient/1', mrn: 'X-1', name: 'Ada Jones', sex: 'female', birthDate: '1960-01-01' }]
		});
		const patient = (people as { ids: Record<string, PatientId> }).ids['x/Patient/1']!;
		const chunks: readonly (readonly [string, unknown])[] = [
			[
				'patient.registry.import',
				{ organization, patients: [{ source: 'x/Patient/1', mrn: 'X-1', name: 'Ada Jones', sex: 'female', birthDate: '1960-01-01' }] }
			],
			[
				'clinical-record.condition.import',
				{
					organization,
					rows: [
						{
							source: 'x/Condition/1',
							patient,
							code: '38341003',
							system: 'SNOMED',
							display: 'Hypertension',
							onset: null,
							status: 'active',
							resolvedAt: null,
							recordedAt: now
						}
					]
				}
			],
			[
				'clinical-record.allergy.import',
				{ organization, rows: [{ source: 'x/Allergy/1', patient, substance: 'Latex', reaction: null, severity: null, recordedAt: now }], noneKnown: [] }
			],
			[
				'clinical-record.observation.import',
				{
					organization,
					rows: [
						{
							source: 'x/Observation/1',
							patient,
							category: 'vital-signs',
							code: ITEMS.pulse.code,
							system: 'LOINC',
							display: 'Heart rate',
							value: 70,
							text: null,
							unit: '/min',
							low: null,
							high: null,
							flag: null,
							at: now
						}
					]
				}
			],
			[
				'clinical-record.medication.import',
				{
					organization,
					rows: [
						{
							source: 'x/Medication/1',
							patient,
							drug: 'Lisinopril',
							code: null,
							dose: '10 mg',
							route: 'oral',
							frequency: 'daily',
							status: 'active',
							startedAt: now,
							endedAt: null
						}
					]
				}
			],
			[
				'clinical-record.encounter.import',
				{ organization, rows: [{ source: 'x/Encounter/1', patient, class: 'AMB', display: 'Check-up', startedAt: now, endedAt: null, place: null }] }
			]
		];
		const created = async () => Promise.all(chunks.map(async ([name, input]) => ((await task(name, input)) as { created: number }).created));
		expect(await created()).toEqual([0, 1, 1, 1, 1, 1]);
		expect(await created()).toEqual([0, 0, 0, 0, 0, 0]);
		const reader = house.hospital.reader;
		expect([
			(await conditionsOf(reader, [patient])).length,
			(await allergiesOf(reader, [patient])).get(patient)?.status,
			(await observationSeries(reader, [patient])).length
		]).toEqual([1, 'listed', 1]);
		// Nobody cares for an imported person yet: the doctors of the house may read, others not.
		expect(await mayReadPatient(reader, doctor, patient)).toBe(true);
		expect(await mayReadPatient(reader, nurse, patient)).toBe(false);
	});
});
