import type { PatientId, WardId } from '../../../kernel/index.ts';
import type { Handle } from '../../../kernel/server/module.ts';
import { allergiesTogether, isPregnancy, type AllergySummary, type Condition, type Encounter, type Medication } from '../../../clinical-record/index.ts';
import { allergiesOf, conditionsOf, encountersOf, medicationsOf, observationSeries, type Series } from '../../../clinical-record/server.ts';
import { wardRules } from '../../../organization/server.ts';
import type { Patient } from '../../../patient/index.ts';
import { patientById, recordsOf } from '../../../patient/server.ts';
import { activeStay, staysOf, type StayInHouse } from '../../stay/server/queries.ts';
import type { Stay } from '../../stay/stay.ts';
import type { BoardPatient } from '../ward-board.ts';
import { boardPatient } from './view.ts';

/** Who this is, in the same order on every page: two identifiers first, and what must not be overlooked. */
export interface PatientBanner {
	readonly patient: Patient;
	readonly ward: { readonly id: WardId; readonly name: string } | null;
	readonly bed: string | null;
	/** null: not in the hospital now */
	readonly inHouse: BoardPatient | null;
	readonly stay: Stay | null;
	readonly allergy: AllergySummary;
	readonly pregnant: boolean;
}

/** The caller has asked `mayReadPatient` and written the reading down. Null when there is no such patient. */
export async function patientBanner(handle: Handle, patient: PatientId, now = Date.now()): Promise<PatientBanner | null> {
	const found = await patientById(handle, patient);
	if (found === null) return null;
	const records = await recordsOf(handle, patient);
	const stay = (await Promise.all(records.map((record) => activeStay(handle, record)))).find((running) => running !== null) ?? null;
	const conditions = await conditionsOf(handle, records, { active: true });
	return {
		patient: found,
		ward: stay === null ? null : { id: stay.ward, name: (await wardRules(handle, stay.ward))?.name ?? '' },
		bed: stay?.bed?.number ?? null,
		inHouse: stay === null ? null : await boardPatient(handle, stay.ward, stay.id, now),
		stay,
		allergy: allergiesTogether([...(await allergiesOf(handle, records)).values()]),
		pregnant: conditions.some(isPregnancy)
	};
}

export interface PatientChart {
	readonly records: readonly PatientId[];
	readonly conditions: readonly Condition[];
	readonly medications: readonly Medication[];
	readonly series: readonly Series[];
	readonly stays: readonly StayInHouse[];
	/** visits that came with an import */
	readonly encounters: readonly Encounter[];
}

/** Everything the timeline and the trend charts of the patient page show, over all linked records. */
export async function patientChart(handle: Handle, patient: PatientId): Promise<PatientChart> {
	const records = await recordsOf(handle, patient);
	return {
		records,
		conditions: await conditionsOf(handle, records),
		medications: await medicationsOf(handle, records),
		series: await observationSeries(handle, records),
		stays: await staysOf(handle, records),
		encounters: await encountersOf(handle, records)
	};
}
