import { newId, type PatientId } from '../../../kernel/index.ts';
import { handle, tables, type Handle, type Served } from '../../../kernel/server/module.ts';
import { demoOrganization } from '../../../organization/index.ts';
import { wardRules } from '../../../organization/server.ts';
import { correct, link, register, unlink } from '../commands.ts';
import type { LinkState } from '../decide.ts';
import { demoPeople } from '../fixtures.ts';
import { patientTopic } from '../registry.ts';
import { importPatients } from './import.ts';
import { searchKey, soundOf } from './pinyin.ts';
import { mayReadPatient, patientInCare, presentIn } from './queries.ts';
import { patientMigrations, type PatientTables } from './tables.ts';

const HOUR_MS = 3_600_000;

const activeLink = async (trx: Handle, patient: PatientId): Promise<PatientId | null> => {
	const row = await tables<PatientTables>(trx)
		.selectFrom('patient_link')
		.select('survivor')
		.where('patient', '=', patient)
		.where('ended_at', 'is', null)
		.executeTakeFirst();
	return (row?.survivor as PatientId | undefined) ?? null;
};
const linkState = async (trx: Handle, patient: PatientId, survivor: PatientId | null, now: number): Promise<LinkState> => ({
	patient: await patientInCare(trx, patient, now),
	survivor: survivor === null ? { patient: null, care: { wards: [] } } : await patientInCare(trx, survivor, now),
	linkedTo: await activeLink(trx, patient),
	survivorLinkedTo: survivor === null ? null : await activeLink(trx, survivor)
});

export const served: Served = {
	id: 'patient.registry',
	migrations: patientMigrations,
	tasks: [importPatients],
	topics: (event) => (event.patient === null ? [] : [patientTopic(event.patient)]),
	watched: [
		{
			name: 'patient',
			may: (handle, actor, id, now) => mayReadPatient(handle, actor, id as PatientId, now),
			touchedBy: (event) => (event.patient === null ? [] : [event.patient])
		}
	],
	async seed(trx, now) {
		const organization = demoOrganization.id;
		for (const person of demoPeople) {
			const sound = soundOf(person.name);
			await tables<PatientTables>(trx)
				.insertInto('patient')
				.values({
					id: person.id,
					organization,
					mrn: person.mrn,
					name: person.name,
					...sound,
					search_key: searchKey(person.name, sound, person.mrn),
					sex: person.sex,
					birth_date: person.birthDate,
					source: null,
					created_at: now - person.admittedHoursAgo * HOUR_MS
				})
				.execute();
		}
	},
	handlers: [
		handle(register, {
			async load(trx, input, { actor }) {
				const row = await tables<PatientTables>(trx)
					.selectFrom('patient')
					.select('name')
					.where('organization', '=', actor.organization)
					.where('mrn', '=', input.mrn)
					.executeTakeFirst();
				return { holder: row ?? null };
			},
			async save(trx, events, { actor, now }) {
				for (const event of events) {
					const sound = soundOf(event.name);
					await tables<PatientTables>(trx)
						.insertInto('patient')
						.values({
							id: event.patient,
							organization: actor.organization,
							mrn: event.mrn,
							name: event.name,
							...sound,
							search_key: searchKey(event.name, sound, event.mrn),
							sex: event.sex,
							birth_date: event.birthDate,
							source: null,
							created_at: now
						})
						.execute();
				}
			}
		}),
		handle(correct, {
			async load(trx, input, { now }) {
				const plans = [];
				const found = await patientInCare(trx, input.patient, now);
				for (const ward of await presentIn(trx, input.patient)) plans.push(await wardRules(trx, ward));
				return { ...found, wardRules: plans.filter((plan) => plan !== null) };
			},
			async save(trx, events, _, state) {
				for (const event of events) {
					const sound = soundOf(event.name);
					await tables<PatientTables>(trx)
						.updateTable('patient')
						.set({
							name: event.name,
							...sound,
							search_key: searchKey(event.name, sound, state.patient?.mrn ?? ''),
							sex: event.sex,
							birth_date: event.birthDate
						})
						.where('id', '=', event.patient)
						.execute();
				}
			}
		}),
		handle(link, {
			load: (trx, input, { now }) => linkState(trx, input.patient, input.survivor, now),
			async save(trx, events, { actor, now }) {
				for (const event of events)
					await tables<PatientTables>(trx)
						.insertInto('patient_link')
						.values({
							id: newId(),
							organization: actor.organization,
							patient: event.patient,
							survivor: event.survivor,
							reason: event.reason,
							linked_at: now,
							linked_by: actor.user,
							ended_at: null,
							ended_by: null
						})
						.execute();
			}
		}),
		handle(unlink, {
			load: (trx, input, { now }) => linkState(trx, input.patient, null, now),
			async save(trx, events, { actor, now }) {
				for (const event of events)
					await tables<PatientTables>(trx)
						.updateTable('patient_link')
						.set({ ended_at: now, ended_by: actor.user })
						.where('patient', '=', event.patient)
						.where('ended_at', 'is', null)
						.execute();
			}
		})
	]
};
