import { newId, type OrganizationId, type PatientId } from '../../../kernel/index.ts';
import { tables, task } from '../../../kernel/server/module.ts';
import type { Sex } from '../registry.ts';
import { searchKey, soundOf } from './pinyin.ts';
import type { PatientTables } from './tables.ts';

export interface ImportedPatient {
	/** stable in the sending system, e.g. `synthea/Patient/123`: the same source is the same record */
	readonly source: string;
	readonly mrn: string;
	readonly name: string;
	readonly sex: Sex;
	readonly birthDate: string | null;
}
export interface ImportPatients {
	readonly organization: OrganizationId;
	readonly patients: readonly ImportedPatient[];
}

/** `patient.registry.import`: one chunk. Answers the id of each source, known or new; twice changes nothing. */
export const importPatients = task<ImportPatients, { readonly ids: Readonly<Record<string, PatientId>>; readonly created: number }>({
	name: 'patient.registry.import',
	async run(trx, { organization, patients }, now) {
		const db = tables<PatientTables>(trx);
		const ids: Record<string, PatientId> = {};
		let created = 0;
		for (const patient of patients) {
			const known = await db
				.selectFrom('patient')
				.select('id')
				.where('organization', '=', organization)
				.where('source', '=', patient.source)
				.executeTakeFirst();
			if (known !== undefined) {
				ids[patient.source] = known.id as PatientId;
				continue;
			}
			const id = newId<'patient'>();
			const sound = soundOf(patient.name);
			await db
				.insertInto('patient')
				.values({
					id,
					organization,
					mrn: patient.mrn,
					name: patient.name,
					...sound,
					search_key: searchKey(patient.name, sound, patient.mrn),
					sex: patient.sex,
					birth_date: patient.birthDate,
					source: patient.source,
					created_at: now
				})
				.execute();
			ids[patient.source] = id;
			created++;
		}
		return { ids, created };
	}
});
