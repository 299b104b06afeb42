import type { PatientId } from '../../../kernel/index.ts';
import { handle, tables, type Handle, type Served } from '../../../kernel/server/module.ts';
import { demoOrganization, fixtureId } from '../../../organization/index.ts';
import { demoPeople } from '../../../patient/index.ts';
import { patientInCare } from '../../../patient/server.ts';
import { importTask, type Sourced } from '../../server/sourced.ts';
import { recordCondition, resolveCondition } from '../commands.ts';
import type { Condition, ConditionId, ConditionRank } from '../condition.ts';
import { demoConditions } from '../fixtures.ts';
import type { ConditionState } from '../decide.ts';

const HOUR_MS = 3_600_000;

interface ConditionTable {
	id: string;
	organization: string;
	patient: string;
	code: string;
	code_system: string;
	display: string;
	short: string;
	rank: ConditionRank;
	status: Condition['status'];
	onset: string | null;
	resolved_at: number | null;
	recorded_at: number;
	recorded_by: string;
	source: string | null;
}
export interface ConditionTables {
	condition: ConditionTable;
}

const conditionOf = (row: ConditionTable): Condition => ({
	id: row.id as ConditionId,
	patient: row.patient as PatientId,
	code: row.code,
	system: row.code_system,
	display: row.display,
	short: row.short,
	rank: row.rank,
	status: row.status,
	onset: row.onset,
	resolvedAt: row.resolved_at,
	recordedAt: row.recorded_at,
	recordedBy: row.recorded_by,
	source: row.source === null ? 'chart' : (row.source.split('/')[0] ?? 'import')
});

/** Principal first, then as they were recorded. */
export async function conditionsOf(handle: Handle, patients: readonly PatientId[], { active = false } = {}): Promise<readonly Condition[]> {
	if (patients.length === 0) return [];
	let query = tables<ConditionTables>(handle).selectFrom('condition').selectAll().where('patient', 'in', patients).where('status', '<>', 'entered-in-error');
	if (active) query = query.where('status', '=', 'active');
	return (await query.orderBy('rank', 'desc').orderBy('recorded_at').orderBy('id').execute()).map(conditionOf);
}

async function load(trx: Handle, patient: PatientId, now: number): Promise<ConditionState> {
	return { ...(await patientInCare(trx, patient, now)), active: await conditionsOf(trx, [patient], { active: true }) };
}

export interface ImportedCondition extends Sourced {
	readonly code: string;
	readonly system: string;
	readonly display: string;
	readonly onset: string | null;
	readonly status: 'active' | 'resolved';
	readonly resolvedAt: number | null;
	readonly recordedAt: number;
}
const importConditions = importTask<ImportedCondition, ConditionTable>('clinical-record.condition.import', 'condition', (row) => ({
	code: row.code,
	code_system: row.system,
	display: row.display,
	short: row.display.slice(0, 24),
	rank: 'other',
	status: row.status,
	onset: row.onset,
	resolved_at: row.resolvedAt,
	recorded_at: row.recordedAt,
	recorded_by: 'import'
}));

export const served: Served = {
	id: 'clinical-record.condition',
	migrations: [
		{
			id: 'clinical-record/condition/1',
			sql: [
				`create table condition (id text primary key, organization text not null, patient text not null references patient (id), code text not null, code_system text not null, display text not null, short text not null,
					rank text not null check (rank in ('principal', 'other')), status text not null check (status in ('active', 'resolved', 'entered-in-error')), onset text, resolved_at integer,
					recorded_at integer not null, recorded_by text not null, source text, unique (organization, source))`,
				`create index condition_patient on condition (patient)`,
				`create unique index condition_principal on condition (patient) where rank = 'principal' and status = 'active'`
			]
		}
	],
	tasks: [importConditions],
	async seed(trx, now) {
		for (const person of demoPeople) {
			const recordedAt = now - person.admittedHoursAgo * HOUR_MS;
			for (const [index, condition] of demoConditions(person).entries())
				await tables<ConditionTables>(trx)
					.insertInto('condition')
					.values({
						id: fixtureId(`condition/${person.key}/${index}`),
						organization: demoOrganization.id,
						patient: person.id,
						code: condition.code,
						code_system: 'ICD-10',
						display: condition.display,
						short: condition.short,
						rank: condition.rank,
						status: 'active',
						onset: null,
						resolved_at: null,
						recorded_at: recordedAt + index,
						recorded_by: '李晨',
						source: null
					})
					.execute();
		}
	},
	handlers: [
		handle(recordCondition, {
			load: (trx, input, { now }) => load(trx, input.patient, now),
			async save(trx, events, { actor, now }) {
				for (const event of events)
					await tables<ConditionTables>(trx)
						.insertInto('condition')
						.values({
							id: event.condition,
							organization: actor.organization,
							patient: event.patient,
							code: event.code,
							code_system: event.system,
							display: event.display,
							short: event.short,
							rank: event.rank,
							status: 'active',
							onset: event.onset,
							resolved_at: null,
							recorded_at: now,
							recorded_by: actor.name,
							source: null
						})
						.execute();
			}
		}),
		handle(resolveCondition, {
			load: (trx, input, { now }) => load(trx, input.patient, now),
			async save(trx, events, { now }) {
				for (const event of events)
					await tables<ConditionTables>(trx).updateTable('condition').set({ status: event.as, resolved_at: now }).where('id', '=', event.condition).execute();
			}
		})
	]
};
