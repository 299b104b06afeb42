import type { PatientId } from '../../../kernel/index.ts';
import { tables, type Handle, type Migration } from '../../../kernel/server/module.ts';
import type { Measured } from '../early-warning.ts';
import { ITEMS, type Observation, type ObservationCategory, type ObservationId } from '../observation.ts';

export interface ObservationTable {
	id: string;
	organization: string;
	patient: string;
	category: ObservationCategory;
	code: string;
	code_system: string;
	display: string;
	value_number: number | null;
	value_text: string | null;
	unit: string | null;
	low: number | null;
	high: number | null;
	flag: Observation['flag'];
	at: number;
	recorded_at: number;
	recorded_by: string;
	origin: string;
	source: string | null;
}
export interface ObservationTables {
	observation: ObservationTable;
}
export const observationMigrations: readonly Migration[] = [
	{
		id: 'clinical-record/observation/1',
		sql: [
			`create table observation (id text primary key, organization text not null, patient text not null references patient (id), category text not null check (category in ('vital-signs', 'laboratory', 'survey')),
				code text not null, code_system text not null, display text not null, value_number double precision, value_text text, unit text, low double precision, high double precision,
				flag text check (flag in ('L', 'H', 'LL', 'HH')), at integer not null, recorded_at integer not null, recorded_by text not null, origin text not null, source text,
				unique (organization, source), check (value_number is not null or value_text is not null))`,
			`create index observation_patient on observation (patient, code, at)`
		]
	}
];

const observationOf = (row: ObservationTable): Observation => ({
	id: row.id as ObservationId,
	patient: row.patient as PatientId,
	category: row.category,
	code: row.code,
	system: row.code_system,
	display: row.display,
	value: row.value_number,
	text: row.value_text,
	unit: row.unit,
	low: row.low,
	high: row.high,
	flag: row.flag,
	at: row.at,
	recordedAt: row.recorded_at,
	recordedBy: row.recorded_by,
	source: row.origin
});

/** One item over time. `unit` is part of it: values in another unit are another line of the chart. */
export interface Series {
	readonly code: string;
	readonly display: string;
	readonly category: ObservationCategory;
	readonly unit: string | null;
	readonly points: readonly Observation[];
}

export async function observationSeries(
	handle: Handle,
	patients: readonly PatientId[],
	{ since = 0, codes }: { readonly since?: number; readonly codes?: readonly string[] } = {}
): Promise<readonly Series[]> {
	if (patients.length === 0) return [];
	let query = tables<ObservationTables>(handle).selectFrom('observation').selectAll().where('patient', 'in', patients).where('at', '>=', since);
	if (codes !== undefined) query = query.where('code', 'in', codes);
	const series = new Map<string, Series & { points: Observation[] }>();
	for (const row of await query.orderBy('at').orderBy('id').execute()) {
		const observation = observationOf(row);
		const key = `${observation.system}|${observation.code}|${observation.unit ?? ''}`;
		const line = series.get(key) ?? {
			code: observation.code,
			display: observation.display,
			category: observation.category,
			unit: observation.unit,
			points: []
		};
		line.points.push(observation);
		series.set(key, line);
	}
	return [...series.values()];
}

/** The last value of each item, newest first. */
export async function latestObservations(handle: Handle, patients: readonly PatientId[], category?: ObservationCategory): Promise<readonly Observation[]> {
	const series = await observationSeries(handle, patients);
	return series
		.filter((line) => category === undefined || line.category === category)
		.flatMap((line) => line.points.slice(-1))
		.toSorted((a, b) => b.at - a.at);
}

export async function observationById(handle: Handle, id: ObservationId): Promise<Observation | null> {
	const row = await tables<ObservationTables>(handle).selectFrom('observation').selectAll().where('id', '=', id).executeTakeFirst();
	return row === undefined ? null : observationOf(row);
}

const SCORED = [ITEMS.temperature, ITEMS.pulse, ITEMS.respiration, ITEMS.systolic, ITEMS.spo2, ITEMS.oxygen, ITEMS.consciousness, ITEMS.spo2Scale].map(
	(item) => item.code
);
const SCORE_WINDOW_MS = 4 * 86_400_000;
const SETS = 4;

/** What the early warning score of each patient is made of: the last sets of four days, the last temperature, and the scale for oxygen saturation however old. */
export async function vitalsForScore(handle: Handle, patients: readonly PatientId[], now: number): Promise<ReadonlyMap<PatientId, readonly Measured[]>> {
	const measured = new Map<PatientId, Measured[]>(patients.map((patient) => [patient, []]));
	if (patients.length === 0) return measured;
	const db = tables<ObservationTables>(handle);
	// Hourly sets of a ward are thousands of rows: first the moments, then only what belongs to them.
	const moments = await db
		.selectFrom('observation')
		.select(['patient', 'code', 'at'])
		.where('patient', 'in', patients)
		.where('code', 'in', [ITEMS.respiration.code, ITEMS.temperature.code])
		.where('at', '>=', now - SCORE_WINDOW_MS)
		.orderBy('at', 'desc')
		.orderBy('id')
		.execute();
	const wanted = new Map<string, Set<number>>();
	const counted = new Map<string, number>();
	for (const { patient, code, at } of moments) {
		const key = `${patient} ${code}`;
		const seen = counted.get(key) ?? 0;
		if (seen >= (code === ITEMS.respiration.code ? SETS : 1)) continue;
		counted.set(key, seen + 1);
		wanted.set(patient, (wanted.get(patient) ?? new Set()).add(at));
	}
	const times = [...new Set([...wanted.values()].flatMap((set) => [...set]))];
	const rows = await db
		.selectFrom('observation')
		.select(['patient', 'code', 'at', 'value_number', 'value_text'])
		.where('patient', 'in', patients)
		.where('code', 'in', SCORED)
		.where((e) => e.or([...(times.length === 0 ? [] : [e('at', 'in', times)]), e('code', '=', ITEMS.spo2Scale.code)]))
		.execute();
	for (const row of rows)
		if (row.code === ITEMS.spo2Scale.code || wanted.get(row.patient)?.has(row.at) === true)
			measured.get(row.patient as PatientId)?.push({ code: row.code, at: row.at, value: row.value_number, text: row.value_text });
	return measured;
}
