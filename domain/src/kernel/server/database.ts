import Database from 'libsql';
import { Kysely, SqliteDialect } from 'kysely';
import { guarded, type RawDatabase } from './bind-guard.ts';
import type { Handle, Migration } from './module.ts';

export interface Opened {
	readonly file: string;
	readonly raw: RawDatabase;
	readonly handle: Handle;
}

const pragma = (raw: RawDatabase, name: string): unknown => Object.values((raw.prepare(`pragma ${name}`).get([]) ?? {}) as Record<string, unknown>)[0];

/** Settings the promises of the product hang on: without FULL an acknowledged edit can vanish in a power cut. Throws when one does not hold. */
export function assertDurable(raw: RawDatabase): void {
	const mode = String(pragma(raw, 'journal_mode'));
	const synchronous = Number(pragma(raw, 'synchronous'));
	if (mode !== 'wal' || synchronous !== 2) throw new Error(`the database must run with journal_mode=wal and synchronous=FULL, not ${mode} and ${synchronous}`);
	if (Number(pragma(raw, 'foreign_keys')) !== 1) throw new Error('the database must run with foreign_keys=ON');
}

/** The one writing connection. Only the writer thread may call this on the product's file. */
export function openWriting(file: string, synchronous: 'FULL' | 'NORMAL' | 'OFF' = 'FULL'): Opened {
	const raw = new Database(file);
	for (const line of [
		'journal_mode = wal',
		`synchronous = ${synchronous}`,
		'foreign_keys = on',
		'trusted_schema = off',
		'secure_delete = on',
		'cell_size_check = on',
		'wal_autocheckpoint = 2000'
	])
		raw.exec(`pragma ${line}`);
	if (synchronous === 'FULL') assertDurable(raw);
	return { file, raw, handle: new Kysely({ dialect: new SqliteDialect({ database: guarded(raw) as never }) }) };
}

/** A connection that cannot write; pages, exports and reports read through it. */
export function openReading(file: string): Opened {
	const raw = new Database(file, { readonly: true });
	raw.exec('pragma query_only = on');
	raw.exec('pragma trusted_schema = off');
	const handle: Handle = new Kysely({ dialect: new SqliteDialect({ database: guarded(raw) as never }) });
	beneath.set(handle, raw);
	return { file, raw, handle };
}

const beneath = new WeakMap<Handle, RawDatabase>();
/** The driver under a reading connection, for the one question that is asked a thousand times at a shift's start; null for any other handle. */
export const driverOf = (handle: Handle): RawDatabase | null => beneath.get(handle) ?? null;

/** Raised when the folder was written by a newer version: going on would harm what this version cannot read. */
export class NewerData extends Error {
	readonly migration: string;
	constructor(migration: string) {
		super(`the data folder was written by a newer version (${migration})`);
		this.name = 'NewerData';
		this.migration = migration;
	}
}

/** Applies what is missing, all or nothing. Migrations are listed in the order of the registry. */
export function migrate(raw: RawDatabase, migrations: readonly Migration[], now: number): number {
	raw.exec('create table if not exists migration (id text primary key, at integer not null)');
	const done = new Set((raw.prepare('select id from migration').all([]) as { id: string }[]).map((row) => row.id));
	const known = new Set(migrations.map((migration) => migration.id));
	for (const id of done) if (!known.has(id)) throw new NewerData(id);
	const missing = migrations.filter((migration) => !done.has(migration.id));
	if (missing.length === 0) return 0;
	raw.exec('begin immediate');
	try {
		const record = raw.prepare('insert into migration (id, at) values (?, ?)');
		for (const migration of missing) {
			for (const statement of migration.sql) raw.exec(statement);
			record.run([migration.id, BigInt(now)]);
		}
		raw.exec('commit');
	} catch (error) {
		// A full disk has already rolled back: what must reach the operator is its own words.
		if (raw.inTransaction) raw.exec('rollback');
		throw error;
	}
	return missing.length;
}
