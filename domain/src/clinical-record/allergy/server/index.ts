import type { PatientId } from '../../../kernel/index.ts';
import { handle, tables, task, type Handle, type Served } from '../../../kernel/server/module.ts';
import { demoOrganization, fixtureId } from '../../../organization/index.ts';
import { demoPeople } from '../../../patient/index.ts';
import { patientInCare } from '../../../patient/server.ts';
import { insertSourced, type ImportRows, type Sourced } from '../../server/sourced.ts';
import { unknownAllergies, type AllergyId, type AllergyItem, type AllergySummary } from '../allergy.ts';
import { recordAllergy, refuteAllergy } from '../commands.ts';
import { demoAllergies } from '../fixtures.ts';
import type { AllergyState } from '../decide.ts';

const HOUR_MS = 3_600_000;

export interface AllergyTables {
	/** one row a patient once somebody asked */
	allergy_statement: { patient: string; organization: string; status: 'none-known' | 'listed'; at: number; by: string };
	allergy: {
		id: string;
		organization: string;
		patient: string;
		substance: string;
		reaction: string | null;
		severity: AllergyItem['severity'];
		recorded_at: number;
		recorded_by: string;
		refuted_at: number | null;
		refuted_by: string | null;
		refuted_reason: string | null;
		source: string | null;
	};
}

/** One summary for each patient asked for; who is missing in the tables is `unknown`, which is a statement too. */
export async function allergiesOf(handle: Handle, patients: readonly PatientId[]): Promise<ReadonlyMap<PatientId, AllergySummary>> {
	const summaries = new Map<PatientId, AllergySummary>(patients.map((patient) => [patient, unknownAllergies]));
	if (patients.length === 0) return summaries;
	const db = tables<AllergyTables>(handle);
	for (const row of await db.selectFrom('allergy_statement').selectAll().where('patient', 'in', patients).execute())
		summaries.set(row.patient as PatientId, { status: row.status, items: [], at: row.at });
	for (const row of await db
		.selectFrom('allergy')
		.selectAll()
		.where('patient', 'in', patients)
		.where('refuted_at', 'is', null)
		.orderBy('recorded_at')
		.orderBy('id')
		.execute()) {
		const summary = summaries.get(row.patient as PatientId) ?? unknownAllergies;
		const item: AllergyItem = {
			id: row.id as AllergyId,
			substance: row.substance,
			reaction: row.reaction,
			severity: row.severity,
			recordedAt: row.recorded_at,
			recordedBy: row.recorded_by
		};
		summaries.set(row.patient as PatientId, { status: 'listed', items: [...summary.items, item], at: Math.max(summary.at ?? 0, row.recorded_at) });
	}
	return summaries;
}

async function load(trx: Handle, patient: PatientId, now: number): Promise<AllergyState> {
	return { ...(await patientInCare(trx, patient, now)), summary: (await allergiesOf(trx, [patient])).get(patient) ?? unknownAllergies };
}

export async function stateAllergies(
	trx: Handle,
	organization: string,
	patient: PatientId,
	status: 'none-known' | 'listed',
	at: number,
	by: string
): Promise<void> {
	await tables<AllergyTables>(trx)
		.insertInto('allergy_statement')
		.values({ patient, organization, status, at, by })
		.onConflict((c) => c.column('patient').doUpdateSet({ status, at, by }))
		.execute();
}

export interface ImportedAllergy extends Sourced {
	readonly substance: string;
	readonly reaction: string | null;
	readonly severity: AllergyItem['severity'];
	readonly recordedAt: number;
}
export interface ImportAllergies extends ImportRows<ImportedAllergy> {
	/** patients whose source says in words that no allergy is known; silence is not that */
	readonly noneKnown: readonly { readonly patient: PatientId; readonly at: number }[];
}
const importAllergies = task<ImportAllergies, { readonly created: number }>({
	name: 'clinical-record.allergy.import',
	async run(trx, { organization, rows, noneKnown }, now) {
		const created = await insertSourced(
			trx,
			'allergy',
			{ organization, rows },
			(row): Omit<AllergyTables['allergy'], 'id' | 'organization' | 'patient' | 'source'> => ({
				substance: row.substance,
				reaction: row.reaction,
				severity: row.severity,
				recorded_at: row.recordedAt,
				recorded_by: 'import',
				refuted_at: null,
				refuted_by: null,
				refuted_reason: null
			}),
			now
		);
		for (const row of created) await stateAllergies(trx, organization, row.patient, 'listed', row.recordedAt, 'import');
		for (const { patient, at } of noneKnown)
			await tables<AllergyTables>(trx)
				.insertInto('allergy_statement')
				.values({ patient, organization, status: 'none-known', at, by: 'import' })
				.onConflict((c) => c.column('patient').doNothing())
				.execute();
		return { created: created.length };
	}
});

export const served: Served = {
	id: 'clinical-record.allergy',
	migrations: [
		{
			id: 'clinical-record/allergy/1',
			sql: [
				`create table allergy_statement (patient text primary key references patient (id), organization text not null, status text not null check (status in ('none-known', 'listed')), at integer not null, by text not null)`,
				`create table allergy (id text primary key, organization text not null, patient text not null references patient (id), substance text not null, reaction text,
					severity text check (severity in ('mild', 'moderate', 'severe')), recorded_at integer not null, recorded_by text not null, refuted_at integer, refuted_by text, refuted_reason text, source text, unique (organization, source))`,
				`create unique index allergy_active on allergy (patient, substance) where refuted_at is null`
			]
		}
	],
	tasks: [importAllergies],
	async seed(trx, now) {
		const organization = demoOrganization.id;
		for (const person of demoPeople) {
			const told = demoAllergies(person);
			if (told.status === 'unknown') continue;
			const at = now - person.admittedHoursAgo * HOUR_MS + HOUR_MS / 2;
			await stateAllergies(trx, organization, person.id, told.status, at, '王思齐');
			if (told.status !== 'listed') continue;
			for (const [index, item] of told.items.entries())
				await tables<AllergyTables>(trx)
					.insertInto('allergy')
					.values({
						id: fixtureId(`allergy/${person.key}/${index}`),
						organization,
						patient: person.id,
						...item,
						recorded_at: at + index,
						recorded_by: '王思齐',
						refuted_at: null,
						refuted_by: null,
						refuted_reason: null,
						source: null
					})
					.execute();
		}
	},
	handlers: [
		handle(recordAllergy, {
			load: (trx, input, { now }) => load(trx, input.patient, now),
			async save(trx, events, { actor, now }) {
				for (const event of events) {
					await stateAllergies(
						trx,
						actor.organization,
						event.patient,
						event.type === 'clinical-record.allergy.recorded' ? 'listed' : 'none-known',
						now,
						actor.name
					);
					if (event.type === 'clinical-record.allergy.recorded')
						await tables<AllergyTables>(trx)
							.insertInto('allergy')
							.values({
								id: event.allergy,
								organization: actor.organization,
								patient: event.patient,
								substance: event.substance,
								reaction: event.reaction,
								severity: event.severity,
								recorded_at: now,
								recorded_by: actor.name,
								refuted_at: null,
								refuted_by: null,
								refuted_reason: null,
								source: null
							})
							.execute();
				}
			}
		}),
		handle(refuteAllergy, {
			load: (trx, input, { now }) => load(trx, input.patient, now),
			async save(trx, events, { actor, now }, state) {
				for (const event of events) {
					await tables<AllergyTables>(trx)
						.updateTable('allergy')
						.set({ refuted_at: now, refuted_by: actor.name, refuted_reason: event.reason })
						.where('id', '=', event.allergy)
						.execute();
					// The last one refuted leaves no statement: somebody has to ask again before "none known" stands there.
					if (state.summary.items.length === 1) await tables<AllergyTables>(trx).deleteFrom('allergy_statement').where('patient', '=', event.patient).execute();
				}
			}
		})
	]
};
