import { createHash } from 'node:crypto';
import type { Generated } from 'kysely';
import { tables, type Handle, type Migration } from './module.ts';

/** One line of the audit: who did or saw what, about whom, why, and how it ended (IHE BALP words). */
export interface AuditEntry {
	readonly organization: string;
	readonly user: string;
	readonly session: string;
	/** a command's name, or `read`, `join`, `sign-in`, `sync-refused` */
	readonly action: string;
	readonly purpose: string;
	readonly patient: string | null;
	readonly outcome: 'done' | 'refused' | 'denied';
	/** opaque ids and codes only, never clinical content */
	readonly detail: Readonly<Record<string, string | number | null>>;
}
export interface AuditTable {
	position: Generated<number>;
	at: number;
	organization: string;
	user: string;
	session: string;
	action: string;
	purpose: string;
	patient: string | null;
	outcome: string;
	detail: string;
	previous: string;
	hash: string;
}
/** A time-stamp of the audit head by somebody else (RFC 3161): the answer as it came. */
export interface AuditStampTable {
	position: number;
	hash: string;
	at: number;
	authority: string;
	response: Uint8Array;
}
export interface AuditTables {
	audit: AuditTable;
	audit_stamp: AuditStampTable;
}

export const auditMigrations: readonly Migration[] = [
	{
		id: 'kernel/audit/1',
		sql: [
			`create table audit (position integer primary key autoincrement, at integer not null, organization text not null, user text not null, session text not null, action text not null, purpose text not null, patient text, outcome text not null, detail text not null, previous text not null, hash text not null unique)`,
			`create index audit_patient on audit (patient, at)`,
			`create trigger audit_no_update before update on audit begin select raise(abort, 'audit rows are never changed'); end`,
			`create trigger audit_no_delete before delete on audit begin select raise(abort, 'audit rows are never removed'); end`
		]
	},
	{
		id: 'kernel/audit/2',
		sql: [
			`create table audit_stamp (position integer not null, hash text not null, at integer not null, authority text not null, response blob not null, primary key (position, authority))`
		]
	}
];

export const auditDigest = (row: Omit<AuditTable, 'position' | 'hash'>): string =>
	createHash('sha256')
		.update(JSON.stringify([row.previous, row.at, row.organization, row.user, row.session, row.action, row.purpose, row.patient, row.outcome, row.detail]))
		.digest('hex');

/** Appends to the chain, in the writer thread only: writes are serial there, so the head cannot be raced. */
export async function appendAudit(trx: Handle, entry: AuditEntry, now: number): Promise<void> {
	const db = tables<AuditTables>(trx);
	const previous = (await db.selectFrom('audit').select('hash').orderBy('position', 'desc').limit(1).executeTakeFirst())?.hash ?? 'genesis';
	const row = { ...entry, detail: JSON.stringify(entry.detail), at: now, previous };
	await db
		.insertInto('audit')
		.values({ ...row, hash: auditDigest(row) })
		.execute();
}

/** Where the chain ends: who holds this outside the machine can tell any change of all rows before it. */
export interface AuditHead {
	readonly position: number;
	readonly hash: string;
	readonly at: number;
}
export async function auditHead(handle: Handle): Promise<AuditHead> {
	const row = await tables<AuditTables>(handle).selectFrom('audit').select(['position', 'hash', 'at']).orderBy('position', 'desc').limit(1).executeTakeFirst();
	return row === undefined ? { position: 0, hash: 'genesis', at: 0 } : { position: Number(row.position), hash: row.hash, at: Number(row.at) };
}

export async function storeStamp(trx: Handle, { position, hash, authority, response }: Omit<AuditStampTable, 'at'>, now: number): Promise<void> {
	await tables<AuditTables>(trx)
		.insertInto('audit_stamp')
		.values({ position, hash, at: now, authority, response })
		.onConflict((c) => c.columns(['position', 'authority']).doNothing())
		.execute();
}

/** Walks the chain; returns the position of the first row that was changed, removed or reordered, or null when all of it holds. */
export async function verifyAudit(handle: Handle): Promise<{ readonly rows: number; readonly brokenAt: number | null }> {
	const rows = await tables<AuditTables>(handle).selectFrom('audit').selectAll().orderBy('position').execute();
	let previous = 'genesis';
	for (const [index, row] of rows.entries()) {
		if (Number(row.position) !== index + 1 || row.previous !== previous || auditDigest({ ...row, at: Number(row.at) }) !== row.hash)
			return { rows: rows.length, brokenAt: Number(row.position) };
		previous = row.hash;
	}
	return { rows: rows.length, brokenAt: null };
}
