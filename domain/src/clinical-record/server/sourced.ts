import { newId, type PatientId } from '../../kernel/index.ts';
import { tables, task, type Handle, type Task } from '../../kernel/server/module.ts';

/** A fact of another system, known by where it came from: `<system>/<its id>`. */
export interface Sourced {
	readonly source: string;
	readonly patient: PatientId;
}
export interface ImportRows<R extends Sourced> {
	readonly organization: string;
	readonly rows: readonly R[];
}
/** Every table of the record that takes imported rows has these, with `unique (organization, source)`. */
interface SourcedRow {
	readonly id: string;
	readonly organization: string;
	readonly patient: string;
	readonly source: string | null;
}
const IMPORTED = ['encounter', 'condition', 'allergy', 'observation', 'medication'] as const;
/** Facts about to be imported; `patient` is null for somebody not known here yet. */
export type Arriving = Readonly<Record<(typeof IMPORTED)[number], readonly { readonly source: string; readonly patient: PatientId | null }[]>>;
const AT_ONCE = 500;

/** The source of the first of these facts that stands here in another person's record. Taken silently, it would be missing in both charts. */
export async function factOfAnother(handle: Handle, organization: string, arriving: Arriving): Promise<string | null> {
	for (const table of IMPORTED) {
		const facts = arriving[table];
		for (let from = 0; from < facts.length; from += AT_ONCE) {
			const patients = new Map(facts.slice(from, from + AT_ONCE).map(({ source, patient }) => [source, patient]));
			const known = await tables<Readonly<Record<string, SourcedRow>>>(handle)
				.selectFrom(table)
				.select(['source', 'patient'])
				.where('organization', '=', organization)
				.where('source', 'in', [...patients.keys()])
				.execute();
			const other = known.find(({ source, patient }) => source !== null && patients.get(source) !== patient);
			if (other !== undefined) return other.source;
		}
	}
	return null;
}

/** What a module adds to those: the columns of its own table. */
type Columns<R, T extends SourcedRow> = (row: R, now: number) => Omit<T, keyof SourcedRow>;

/** Lays down the rows whose source is not known yet, and returns those; a known source changes nothing. */
export async function insertSourced<R extends Sourced, T extends SourcedRow>(
	trx: Handle,
	table: string,
	{ organization, rows }: ImportRows<R>,
	columns: Columns<R, T>,
	now: number
): Promise<readonly R[]> {
	const created: R[] = [];
	for (const row of rows) {
		const inserted = await tables<Readonly<Record<string, SourcedRow>>>(trx)
			.insertInto(table)
			.values({ id: newId(), organization, patient: row.patient, source: row.source, ...columns(row, now) })
			.onConflict((c) => c.columns(['organization', 'source']).doNothing())
			.returning('id')
			.executeTakeFirst();
		if (inserted !== undefined) created.push(row);
	}
	return created;
}

/** One chunk of an import (some hundred rows keep the writer under 20 ms). */
export const importTask = <R extends Sourced, T extends SourcedRow>(
	name: string,
	table: string,
	columns: Columns<R, T>
): Task<ImportRows<R>, { readonly created: number }> =>
	task({ name, run: async (trx, input, now) => ({ created: (await insertSourced(trx, table, input, columns, now)).length }) });
