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

/** The shape Kysely's SqliteDialect wants, with every parameter guarded. */
export function guarded(raw: RawDatabase) {
	return {
		prepare(sql: string) {
			const statement = raw.prepare(sql) as Database.Statement & { reader: boolean };
			return {
				reader: statement.reader,
				all: (parameters: readonly unknown[]) => statement.all(parameters.map(bindable)) as unknown[],
				run: (parameters: readonly unknown[]) => statement.run(parameters.map(bindable)) as { changes: number | bigint; lastInsertRowid: number | bigint },
				iterate: (parameters: readonly unknown[]) => (statement.all(parameters.map(bindable)) as unknown[])[Symbol.iterator]()
			};
		},
		close: () => {
			raw.close();
		}
	};
}
