import type { PatientId } from '../../../kernel/index.ts';
import { handle, tables, type Handle, type Served } from '../../../kernel/server/module.ts';
import { demoOrganization, fixtureId } from '../../../organization/index.ts';
import { demoPeople } from '../../../patient/index.ts';
import { patientInCare } from '../../../patient/server.ts';
import { allergiesOf } from '../../allergy/server/index.ts';
import { unknownAllergies } from '../../allergy/allergy.ts';
import { importTask, type Sourced } from '../../server/sourced.ts';
import { recordMedication, stopMedication } from '../commands.ts';
import { demoMedications } from '../fixtures.ts';
import type { MedicationState } from '../decide.ts';
import type { Medication, MedicationId } from '../medication.ts';

const HOUR_MS = 3_600_000;

interface MedicationTable {
	id: string;
	organization: string;
	patient: string;
	drug: string;
	code: string | null;
	dose: string;
	route: string;
	frequency: string;
	status: Medication['status'];
	started_at: number;
	ended_at: number | null;
	recorded_by: string;
	source: string | null;
}
export interface MedicationTables {
	medication: MedicationTable;
}

const medicationOf = (row: MedicationTable): Medication => ({
	id: row.id as MedicationId,
	patient: row.patient as PatientId,
	drug: row.drug,
	code: row.code,
	dose: row.dose,
	route: row.route,
	frequency: row.frequency,
	status: row.status,
	startedAt: row.started_at,
	endedAt: row.ended_at,
	recordedBy: row.recorded_by,
	source: row.source === null ? 'chart' : (row.source.split('/')[0] ?? 'import')
});

export async function medicationsOf(handle: Handle, patients: readonly PatientId[], { active = false } = {}): Promise<readonly Medication[]> {
	if (patients.length === 0) return [];
	let query = tables<MedicationTables>(handle).selectFrom('medication').selectAll().where('patient', 'in', patients);
	if (active) query = query.where('status', '=', 'active');
	return (await query.orderBy('started_at', 'desc').orderBy('id').execute()).map(medicationOf);
}

async function load(trx: Handle, patient: PatientId, now: number): Promise<MedicationState> {
	return {
		...(await patientInCare(trx, patient, now)),
		active: await medicationsOf(trx, [patient], { active: true }),
		allergies: (await allergiesOf(trx, [patient])).get(patient) ?? unknownAllergies
	};
}

export interface ImportedMedication extends Sourced {
	readonly drug: string;
	readonly code: string | null;
	readonly dose: string;
	readonly route: string;
	readonly frequency: string;
	readonly status: Medication['status'];
	readonly startedAt: number;
	readonly endedAt: number | null;
}
const importMedications = importTask<ImportedMedication, MedicationTable>('clinical-record.medication.import', 'medication', (row) => ({
	drug: row.drug,
	code: row.code,
	dose: row.dose,
	route: row.route,
	frequency: row.frequency,
	status: row.status,
	started_at: row.startedAt,
	ended_at: row.endedAt,
	recorded_by: 'import'
}));

export const served: Served = {
	id: 'clinical-record.medication',
	migrations: [
		{
			id: 'clinical-record/medication/1',
			sql: [
				`create table medication (id text primary key, organization text not null, patient text not null references patient (id), drug text not null, code text, dose text not null, route text not null, frequency text not null,
					status text not null check (status in ('active', 'stopped')), started_at integer not null, ended_at integer, recorded_by text not null, source text, unique (organization, source))`,
				`create index medication_patient on medication (patient)`
			]
		}
	],
	tasks: [importMedications],
	async seed(trx, now) {
		for (const person of demoPeople)
			for (const [index, medication] of demoMedications(person).entries())
				await tables<MedicationTables>(trx)
					.insertInto('medication')
					.values({
						id: fixtureId(`medication/${person.key}/${index}`),
						organization: demoOrganization.id,
						patient: person.id,
						...medication,
						code: null,
						status: 'active',
						started_at: now - Math.max(1, person.admittedHoursAgo - 2 - index * 20) * HOUR_MS,
						ended_at: null,
						recorded_by: '李晨',
						source: null
					})
					.execute();
	},
	handlers: [
		handle(recordMedication, {
			load: (trx, input, { now }) => load(trx, input.patient, now),
			async save(trx, events, { actor }) {
				for (const event of events)
					await tables<MedicationTables>(trx)
						.insertInto('medication')
						.values({
							id: event.medication,
							organization: actor.organization,
							patient: event.patient,
							drug: event.drug,
							code: event.code,
							dose: event.dose,
							route: event.route,
							frequency: event.frequency,
							status: 'active',
							started_at: event.startedAt,
							ended_at: null,
							recorded_by: actor.name,
							source: null
						})
						.execute();
			}
		}),
		handle(stopMedication, {
			load: (trx, input, { now }) => load(trx, input.patient, now),
			async save(trx, events, { now }) {
				for (const event of events)
					await tables<MedicationTables>(trx).updateTable('medication').set({ status: 'stopped', ended_at: now }).where('id', '=', event.medication).execute();
			}
		})
	]
};
