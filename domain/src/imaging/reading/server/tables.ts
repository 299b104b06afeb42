import type { Migration } from '../../../kernel/server/module.ts';
import { tables, type Handle } from '../../../kernel/server/module.ts';
import type { AcceptedMeasurement, MeasurementId } from '../reading.ts';

export interface MeasurementTable {
	id: string;
	organization: string;
	study: string;
	patient: string;
	kind: string;
	sop_uid: string;
	frame: number;
	/** `[[column, row, 0], ...]` in pixels, JSON */
	points: string;
	/** tenths of a millimetre, so that a sum of integers never drifts */
	value_tenth_mm: number;
	label: string;
	calibration: string;
	by_user: string;
	by_name: string;
	at: number;
	withdrawn_at: number | null;
	withdrawn_by: string | null;
	withdrawn_reason: string | null;
}
export interface ReadingTables {
	imaging_measurement: MeasurementTable;
}

export const readingMigrations: readonly Migration[] = [
	{
		id: 'imaging/reading/1',
		sql: [
			`create table imaging_measurement (id text primary key, organization text not null, study text not null references imaging_study (id), patient text not null references patient (id), kind text not null check (kind in ('length')),
				sop_uid text not null, frame integer not null, points text not null, value_tenth_mm integer not null check (value_tenth_mm > 0), label text not null, calibration text not null,
				by_user text not null, by_name text not null, at integer not null, withdrawn_at integer, withdrawn_by text, withdrawn_reason text)`,
			`create index imaging_measurement_study on imaging_measurement (study, at)`
		]
	}
];

const measurementOfRow = (row: MeasurementTable): AcceptedMeasurement => ({
	measurement: row.id as MeasurementId,
	kind: 'length',
	sopUid: row.sop_uid,
	frame: Number(row.frame),
	points: JSON.parse(row.points) as AcceptedMeasurement['points'],
	value: Number(row.value_tenth_mm) / 10,
	unit: 'mm',
	label: row.label,
	calibration: row.calibration as AcceptedMeasurement['calibration'],
	by: row.by_user,
	byName: row.by_name,
	at: Number(row.at),
	withdrawn: row.withdrawn_at !== null
});

/** All measurements accepted on a study for one person, oldest first; those withdrawn are marked. */
export async function measurementsOf(handle: Handle, study: string, patient: string): Promise<readonly AcceptedMeasurement[]> {
	const rows = await tables<ReadingTables>(handle)
		.selectFrom('imaging_measurement')
		.selectAll()
		.where('study', '=', study)
		.where('patient', '=', patient)
		.orderBy('at')
		.orderBy('id')
		.execute();
	return rows.map(measurementOfRow);
}
/** Null as well when another study has taken the id. */
export async function measurementById(
	handle: Handle,
	id: string
): Promise<{ readonly study: string; readonly patient: string; readonly measurement: AcceptedMeasurement } | null> {
	const row = await tables<ReadingTables>(handle).selectFrom('imaging_measurement').selectAll().where('id', '=', id).executeTakeFirst();
	return row === undefined ? null : { study: row.study, patient: row.patient, measurement: measurementOfRow(row) };
}
