import { newId, type PatientId } from '../../../kernel/index.ts';
import { tables, type Handle } from '../../../kernel/server/module.ts';
import { noSafety, RISK_GRADES, type Isolation, type Risk, type Safety, type SafetyEvent } from '../risk.ts';
import type { SafetyTables } from './tables.ts';

const gravity = (risk: Risk): number => RISK_GRADES.indexOf(risk.grade);

/** What counts now for each patient; the gravest risk first. */
export async function safetyOf(handle: Handle, patients: readonly PatientId[]): Promise<ReadonlyMap<PatientId, Safety>> {
	const all = new Map<PatientId, Safety>(patients.map((patient) => [patient, noSafety]));
	if (patients.length === 0) return all;
	const db = tables<SafetyTables>(handle);
	const change = (patient: string, part: Partial<Safety>): void => {
		all.set(patient as PatientId, { ...(all.get(patient as PatientId) ?? noSafety), ...part });
	};
	const assessed = new Map<string, Map<string, Risk>>();
	for (const row of await db.selectFrom('nursing_risk').selectAll().where('patient', 'in', patients).orderBy('at').orderBy('id').execute()) {
		const kinds = assessed.get(row.patient) ?? new Map<string, Risk>();
		kinds.set(row.kind, { kind: row.kind, grade: row.grade, scale: row.scale, score: row.score, at: row.at });
		assessed.set(row.patient, kinds);
	}
	for (const [patient, kinds] of assessed) change(patient, { risks: [...kinds.values()].toSorted((a, b) => gravity(b) - gravity(a) || b.at - a.at) });
	for (const row of await db.selectFrom('nursing_isolation').selectAll().where('patient', 'in', patients).where('until', 'is', null).execute())
		change(row.patient, { isolation: { kind: row.kind, organism: row.organism, since: row.since } });
	for (const row of await db.selectFrom('nursing_restraint').selectAll().where('patient', 'in', patients).where('until', 'is', null).execute())
		change(row.patient, { restraint: { since: row.since, reason: row.reason, by: row.by } });
	for (const row of await db.selectFrom('nursing_diet').selectAll().where('patient', 'in', patients).where('until', 'is', null).execute())
		change(row.patient, { diet: { diet: row.diet, since: row.since } });
	return all;
}

/** Isolation alone, for the rules of rooms. */
export async function isolationsOf(handle: Handle, patients: readonly PatientId[]): Promise<ReadonlyMap<PatientId, Isolation>> {
	if (patients.length === 0) return new Map();
	const rows = await tables<SafetyTables>(handle)
		.selectFrom('nursing_isolation')
		.select(['patient', 'kind', 'organism'])
		.where('patient', 'in', patients)
		.where('until', 'is', null)
		.execute();
	return new Map(rows.map((row) => [row.patient as PatientId, { kind: row.kind, organism: row.organism }]));
}

type PeriodTable = 'nursing_isolation' | 'nursing_restraint' | 'nursing_diet';
async function end(trx: Handle, table: PeriodTable, patient: PatientId, at: number, by: string): Promise<void> {
	await tables<SafetyTables>(trx).updateTable(table).set({ until: at, ended_by: by }).where('patient', '=', patient).where('until', 'is', null).execute();
}

/** One way to the tables for commands and for the demo hospital. */
export async function writeSafety(
	trx: Handle,
	event: SafetyEvent,
	{ organization, at, by }: { readonly organization: string; readonly at: number; readonly by: string }
): Promise<void> {
	const db = tables<SafetyTables>(trx);
	const { patient } = event;
	const period = { id: newId(), organization, patient, since: at, until: null, by, ended_by: null };
	switch (event.type) {
		case 'nursing.risk.recorded':
			await db
				.insertInto('nursing_risk')
				.values({ id: period.id, organization, patient, kind: event.kind, grade: event.grade, scale: event.scale, score: event.score, at, by })
				.execute();
			return;
		case 'nursing.risk.isolation-set':
			await end(trx, 'nursing_isolation', patient, at, by);
			if (event.isolation !== null)
				await db
					.insertInto('nursing_isolation')
					.values({ ...period, kind: event.isolation.kind, organism: event.isolation.organism })
					.execute();
			return;
		case 'nursing.risk.restraint-begun':
			await db
				.insertInto('nursing_restraint')
				.values({ ...period, reason: event.reason, release_note: null })
				.execute();
			return;
		case 'nursing.risk.restraint-released':
			await db
				.updateTable('nursing_restraint')
				.set({ until: at, ended_by: by, release_note: event.note })
				.where('patient', '=', patient)
				.where('until', 'is', null)
				.execute();
			return;
		case 'nursing.risk.diet-set':
			await end(trx, 'nursing_diet', patient, at, by);
			await db
				.insertInto('nursing_diet')
				.values({ ...period, diet: event.diet })
				.execute();
	}
}

/** The patient has left the hospital: nothing of the ward's watch goes on. */
export async function endNursing(trx: Handle, patient: PatientId, at: number, by: string): Promise<void> {
	for (const table of ['nursing_isolation', 'nursing_restraint', 'nursing_diet'] as const) await end(trx, table, patient, at, by);
	await tables<{ nursing_level: { patient: string; ended_at: number | null } }>(trx)
		.updateTable('nursing_level')
		.set({ ended_at: at })
		.where('patient', '=', patient)
		.where('ended_at', 'is', null)
		.execute();
}
