import { newId, type PatientId } from '../../../kernel/index.ts';
import { handle, tables, type Handle, type Served } from '../../../kernel/server/module.ts';
import { demoOrganization } from '../../../organization/index.ts';
import { demoPeople } from '../../../patient/index.ts';
import { patientInCare } from '../../../patient/server.ts';
import { setLevel } from '../commands.ts';
import { demoLevel } from '../fixtures.ts';
import type { LevelNow, NursingLevel } from '../level.ts';

const HOUR_MS = 3_600_000;

export interface LevelTables {
	nursing_level: { id: string; organization: string; patient: string; level: NursingLevel; since: number; by: string; ended_at: number | null };
}

export async function levelsOf(handle: Handle, patients: readonly PatientId[]): Promise<ReadonlyMap<PatientId, LevelNow>> {
	if (patients.length === 0) return new Map();
	const rows = await tables<LevelTables>(handle)
		.selectFrom('nursing_level')
		.selectAll()
		.where('patient', 'in', patients)
		.where('ended_at', 'is', null)
		.execute();
	return new Map(rows.map((row) => [row.patient as PatientId, { level: row.level, since: row.since, by: row.by }]));
}

export async function writeLevel(trx: Handle, organization: string, patient: PatientId, level: NursingLevel, by: string, at: number): Promise<void> {
	const db = tables<LevelTables>(trx);
	await db.updateTable('nursing_level').set({ ended_at: at }).where('patient', '=', patient).where('ended_at', 'is', null).execute();
	await db.insertInto('nursing_level').values({ id: newId(), organization, patient, level, since: at, by, ended_at: null }).execute();
}

export const served: Served = {
	id: 'nursing.level',
	migrations: [
		{
			id: 'nursing/level/1',
			sql: [
				`create table nursing_level (id text primary key, organization text not null, patient text not null references patient (id), level text not null check (level in ('special', 'first', 'second', 'third')),
					since integer not null, by text not null, ended_at integer, check (ended_at is null or ended_at >= since))`,
				`create unique index nursing_level_active on nursing_level (patient) where ended_at is null`
			]
		}
	],
	async seed(trx, now) {
		for (const person of demoPeople)
			await writeLevel(trx, demoOrganization.id, person.id, demoLevel(person), '李晨', now - person.admittedHoursAgo * HOUR_MS + HOUR_MS / 4);
	},
	handlers: [
		handle(setLevel, {
			async load(trx, input, { now }) {
				return { ...(await patientInCare(trx, input.patient, now)), now: (await levelsOf(trx, [input.patient])).get(input.patient) ?? null };
			},
			async save(trx, events, { actor, now }) {
				for (const event of events) await writeLevel(trx, actor.organization, event.patient, event.level, actor.name, now);
			}
		})
	]
};
