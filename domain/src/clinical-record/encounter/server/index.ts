import type { PatientId } from '../../../kernel/index.ts';
import { tables, type Handle, type Served } from '../../../kernel/server/module.ts';
import { importTask, type Sourced } from '../../server/sourced.ts';
import type { Encounter, EncounterId } from '../encounter.ts';

interface EncounterTable {
	id: string;
	organization: string;
	patient: string;
	class: string;
	display: string;
	started_at: number;
	ended_at: number | null;
	place: string | null;
	source: string;
}
export interface EncounterTables {
	encounter: EncounterTable;
}

export async function encountersOf(handle: Handle, patients: readonly PatientId[]): Promise<readonly Encounter[]> {
	if (patients.length === 0) return [];
	const rows = await tables<EncounterTables>(handle)
		.selectFrom('encounter')
		.selectAll()
		.where('patient', 'in', patients)
		.orderBy('started_at', 'desc')
		.orderBy('id')
		.execute();
	return rows.map((row) => ({
		id: row.id as EncounterId,
		patient: row.patient as PatientId,
		class: row.class,
		display: row.display,
		startedAt: row.started_at,
		endedAt: row.ended_at,
		place: row.place,
		source: row.source.split('/')[0] ?? 'import'
	}));
}

export interface ImportedEncounter extends Sourced {
	readonly class: string;
	readonly display: string;
	readonly startedAt: number;
	readonly endedAt: number | null;
	readonly place: string | null;
}
const importEncounters = importTask<ImportedEncounter, EncounterTable>('clinical-record.encounter.import', 'encounter', (row) => ({
	class: row.class,
	display: row.display,
	started_at: row.startedAt,
	ended_at: row.endedAt,
	place: row.place
}));

export const served: Served = {
	id: 'clinical-record.encounter',
	migrations: [
		{
			id: 'clinical-record/encounter/1',
			sql: [
				`create table encounter (id text primary key, organization text not null, patient text not null references patient (id), class text not null, display text not null, started_at integer not null, ended_at integer,
					place text, source text not null, unique (organization, source))`,
				`create index encounter_patient on encounter (patient)`
			]
		}
	],
	tasks: [importEncounters]
};
