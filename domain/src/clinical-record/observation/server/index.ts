import { handle, tables, type Served } from '../../../kernel/server/module.ts';
import { demoOrganization, fixtureId } from '../../../organization/index.ts';
import { demoPeople } from '../../../patient/index.ts';
import { patientInCare } from '../../../patient/server.ts';
import { importTask, type Sourced } from '../../server/sourced.ts';
import { recordObservations } from '../commands.ts';
import { demoObservations } from '../fixtures.ts';
import { flagOf, ITEMS, type Item, type Observation, type ObservationCategory } from '../observation.ts';
import { observationMigrations, type ObservationTable, type ObservationTables } from './queries.ts';

const MINUTE_MS = 60_000;
const NURSES = { male: '王思齐', female: '何静', emergency: '高斌' } as const;

export interface ImportedObservation extends Sourced {
	readonly category: ObservationCategory;
	readonly code: string;
	readonly system: string;
	readonly display: string;
	readonly value: number | null;
	readonly text: string | null;
	readonly unit: string | null;
	readonly low: number | null;
	readonly high: number | null;
	readonly flag: Observation['flag'];
	readonly at: number;
}
const importObservations = importTask<ImportedObservation, ObservationTable>('clinical-record.observation.import', 'observation', (row, now) => ({
	category: row.category,
	code: row.code,
	code_system: row.system,
	display: row.display,
	value_number: row.value,
	value_text: row.text,
	unit: row.unit,
	low: row.low,
	high: row.high,
	flag: row.flag,
	at: row.at,
	recorded_at: now,
	recorded_by: 'import',
	origin: row.source.split('/')[0] ?? 'import'
}));

export const served: Served = {
	id: 'clinical-record.observation',
	migrations: observationMigrations,
	tasks: [importObservations],
	async seed(trx, now) {
		const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
		for (const person of demoPeople) {
			const rows = demoObservations(person, NURSES[person.ward]).map((o, index) => {
				const item: Item = ITEMS[o.item];
				const at = minute - o.minutesAgo * MINUTE_MS;
				return {
					id: fixtureId(`observation/${person.key}/${index}`),
					organization: demoOrganization.id,
					patient: person.id,
					category: item.category,
					code: item.code,
					code_system: 'LOINC',
					display: item.zh,
					value_number: o.value,
					value_text: o.text,
					unit: item.unit,
					low: item.low,
					high: item.high,
					flag: o.value === null ? null : flagOf(item, o.value),
					at,
					recorded_at: at + MINUTE_MS,
					recorded_by: o.by,
					origin: item.category === 'laboratory' ? 'laboratory' : 'bedside',
					source: null
				};
			});
			for (let i = 0; i < rows.length; i += 100)
				await tables<ObservationTables>(trx)
					.insertInto('observation')
					.values(rows.slice(i, i + 100))
					.execute();
		}
	},
	handlers: [
		handle(recordObservations, {
			load: (trx, input, { now }) => patientInCare(trx, input.patient, now),
			async save(trx, events, { actor, now }) {
				for (const event of events) {
					await tables<ObservationTables>(trx)
						.insertInto('observation')
						.values(
							event.observations.map((o) => ({
								id: o.id,
								organization: actor.organization,
								patient: event.patient,
								category: o.category,
								code: o.code,
								code_system: 'LOINC',
								display: o.display,
								value_number: o.value,
								value_text: o.text,
								unit: o.unit,
								low: o.low,
								high: o.high,
								flag: o.flag,
								at: event.at,
								recorded_at: now,
								recorded_by: actor.name,
								origin: o.category === 'laboratory' ? 'laboratory' : 'bedside',
								source: null
							}))
						)
						.execute();
				}
			}
		})
	]
};
