import { newId, type OrganizationId, type PatientId } from '../../../kernel/index.ts';
import { tables, task, type Handle } from '../../../kernel/server/module.ts';
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

/**
 * The first of these people whose id in the sending system, or whose record number, stands here for somebody else: two systems that both
 * count from 1. Their facts would land in a stranger's chart. A name corrected here, or a date of birth, is still the same person.
 */
export async function takenForAnother(handle: Handle, { organization, patients }: ImportPatients): Promise<ImportedPatient | null> {
	for (const patient of patients) {
		const known = await tables<PatientTables>(handle)
			.selectFrom('patient')
			.select(['name', 'sex', 'birth_date', 'source'])
			.where('organization', '=', organization)
			.where((e) => e.or([e('source', '=', patient.source), e('mrn', '=', patient.mrn)]))
			.execute();
		const isSame = (row: (typeof known)[number]): boolean =>
			row.source === patient.source &&
			(row.name === patient.name || (row.birth_date !== null && row.birth_date === patient.birthDate && row.sex === patient.sex));
		if (!known.every(isSame)) return patient;
	}
	return null;
}

/** Who of these is known here already, by the id in the sending system. */
export async function idsBySource(handle: Handle, { organization, patients }: ImportPatients): Promise<ReadonlyMap<string, PatientId>> {
	const ids = new Map<string, PatientId>();
	for (const { source } of patients) {
		const known = await tables<PatientTables>(handle)
			.selectFrom('patient')
			.select('id')
			.where('organization', '=', organization)
			.where('source', '=', source)
			.executeTakeFirst();
		if (known !== undefined) ids.set(source, known.id as PatientId);
	}
	return ids;
}

/** `patient.registry.import`: one chunk. Answers the id of each source, known or new; twice changes nothing. */
export const importPatients = task<ImportPatients, { readonly ids: Readonly<Record<string, PatientId>>; readonly created: number }>({
	name: 'patient.registry.import',
	async run(trx, { organization, patients }, now) {
		const db = tables<PatientTables>(trx);
		if ((await takenForAnother(trx, { organization, patients })) !== null) throw new Error('a record of somebody else would be taken for this one');
		const ids: Record<string, PatientId> = Object.fromEntries(await idsBySource(trx, { organization, patients }));
		let created = 0;
		for (const patient of patients) {
			if (ids[patient.source] !== undefined) continue;
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
