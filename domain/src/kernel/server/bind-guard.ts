import type Database from 'libsql';

type Bindable = string | bigint | number | null | Uint8Array;
const LIMIT = 2n ** 53n;

/**
 * What may reach the driver. A boolean aborts the whole process in libsql 0.5, NUL cuts text silently, numbers bind as doubles:
 * so those are refused or converted here. Throws TypeError (a bug of the caller, never a person's doing).
 */
export function bindable(value: unknown): Bindable {
	switch (typeof value) {
		case 'string':
			if (value.includes('\0') || !value.isWellFormed()) throw new TypeError('text with NUL or a lone surrogate cannot be stored');
			return value;
		case 'number':
			if (!Number.isFinite(value)) throw new TypeError('a number must be finite');
			return Number.isSafeInteger(value) ? BigInt(value) : value;
		case 'bigint':
			if (value > LIMIT || value < -LIMIT) throw new TypeError('integers beyond 2^53 are not portable');
			return value;
		default:
			if (value === null || value instanceof Uint8Array) return value;
			throw new TypeError(`cannot bind ${typeof value}: use 0/1, epoch milliseconds or text`);
	}
}

export type RawDatabase = Database.Database;

type Statement = Database.Statement & { reader: boolean };
interface Guarded {
	readonly reader: boolean;
	all(parameters: readonly unknown[]): unknown[];
	run(parameters: readonly unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
	iterate(parameters: readonly unknown[]): IterableIterator<unknown>;
}

/** Statements kept ready for one connection: those asked for longest ago go first. */
const READY = 256;
/** What a statement was last asked with stays with it until it is asked again. */
const LARGE = 64 * 1024;
/** A statement that asks for one row gets it without a cursor, whose ten kilobytes outside the heap wait for the next large collection. */
const ONE_ROW = ' limit 1';

/**
 * The shape Kysely's SqliteDialect wants, with every parameter guarded. A statement is prepared once: the driver's own memory of one is
 * several kilobytes that the collector of JavaScript knows nothing of, so that a thousand forgotten ones are megabytes for a long time.
 */
export function guarded(raw: RawDatabase) {
	const ready = new Map<string, Guarded>();
	const prepare = (sql: string): Guarded => {
		const statement = raw.prepare(sql) as Statement;
		const fit = ({ length }: Uint8Array): boolean => length <= LARGE;
		const bound = (parameters: readonly unknown[]): [Statement, Bindable[]] => {
			const values = parameters.map(bindable);
			return [values.every((value) => !(value instanceof Uint8Array) || fit(value)) ? statement : (raw.prepare(sql) as Statement), values];
		};
		const single = sql.endsWith(ONE_ROW);
		const all = (parameters: readonly unknown[]): unknown[] => {
			const [asked, values] = bound(parameters);
			if (!single) return asked.all(values) as unknown[];
			const row = asked.get(values) as (object & { _metadata?: unknown }) | undefined;
			if (row === undefined) return [];
			const { _metadata, ...columns } = row;
			return [columns];
		};
		return {
			reader: statement.reader,
			all,
			run: (parameters) => {
				const [asked, values] = bound(parameters);
				return asked.run(values) as ReturnType<Guarded['run']>;
			},
			iterate: (parameters) => all(parameters)[Symbol.iterator]()
		};
	};
	return {
		prepare(sql: string): Guarded {
			const statement = ready.get(sql) ?? prepare(sql);
			ready.delete(sql);
			ready.set(sql, statement);
			if (ready.size > READY) for (const [oldest] of ready) if (ready.size > READY) ready.delete(oldest);
			return statement;
		},
		close: () => {
			ready.clear();
			raw.close();
		}
	};
}
