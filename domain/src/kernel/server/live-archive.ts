import { sql } from 'kysely';
import type { LiveTables } from './live-log.ts';
import { tables, type Handle } from './module.ts';

/** What a compaction has proved to equal all rows of a document up to `position`. */
export interface LiveCompaction {
	readonly doc: string;
	readonly position: number;
	/** the chain at `position`, as the compaction read it */
	readonly hash: string;
	/** rows not archived before that it merged */
	readonly rows: number;
	readonly owners: Readonly<Record<string, string>>;
	readonly v1: Uint8Array;
	readonly v2: Uint8Array;
}
export type LiveCompacted = { readonly ok: true; readonly left: boolean } | { readonly ok: false; readonly reason: 'chain' | 'rows' | 'older' };

/** Rows that leave for the archive in one commit, so that a long history never holds up the house's keystrokes. */
const SLICE = 5000;

/**
 * Snapshot and the first rows it stands for, in one commit. Refuses when the log is not the one that was merged: nothing leaves that
 * the snapshot has not been proved to hold.
 */
export async function compactLive(trx: Handle, { doc, position, hash, rows, owners, v1, v2 }: LiveCompaction): Promise<LiveCompacted> {
	const db = tables<LiveTables>(trx);
	const last = await db.selectFrom('live_log').select('hash').where('doc', '=', doc).where('position', '=', position).executeTakeFirst();
	if (last?.hash !== hash) return { ok: false, reason: 'chain' };
	const snapshot = await db.selectFrom('live_snapshot').select(['position', 'merged']).where('doc', '=', doc).executeTakeFirst();
	if (snapshot !== undefined && Number(snapshot.position) > position) return { ok: false, reason: 'older' };
	const merged = Number(snapshot?.merged ?? 0);
	const { count } = await db
		.selectFrom('live_log')
		.select(sql<number>`count(*)`.as('count'))
		.where('doc', '=', doc)
		.where('position', '>', merged)
		.where('position', '<=', position)
		.executeTakeFirstOrThrow();
	if (Number(count) !== rows) return { ok: false, reason: 'rows' };
	const values = { position, owners: JSON.stringify(owners), data: v1, v2, merged: position };
	await db
		.insertInto('live_snapshot')
		.values({ doc, ...values })
		.onConflict((c) => c.column('doc').doUpdateSet(values))
		.execute();
	return { ok: true, left: await archiveLive(trx, doc) };
}

/** Moves the oldest rows a proved snapshot stands for; true when some are left for the next commit. */
export async function archiveLive(trx: Handle, doc: string): Promise<boolean> {
	const db = tables<LiveTables>(trx);
	const snapshot = await db.selectFrom('live_snapshot').select('merged').where('doc', '=', doc).executeTakeFirst();
	if (snapshot === undefined) return false;
	const next = await db
		.selectFrom('live_log')
		.select('position')
		.where('doc', '=', doc)
		.where('position', '<=', snapshot.merged)
		.orderBy('position')
		.limit(SLICE + 1)
		.execute();
	const end = next.length > SLICE ? next[SLICE - 1]!.position : Number(snapshot.merged);
	const columns = ['position', 'doc', 'user', 'session', 'device', 'at', 'hash', 'data'] as const;
	await db
		.insertInto('live_archive')
		.columns(columns)
		.expression(db.selectFrom('live_log').select(columns).where('doc', '=', doc).where('position', '<=', end))
		.execute();
	await db.deleteFrom('live_log').where('doc', '=', doc).where('position', '<=', end).execute();
	return next.length > SLICE;
}

/** The compaction's own snapshot in the shorter form our client reads, with the place in the log it stands for; null when there is none. */
export async function loadLiveV2(handle: Handle, doc: string): Promise<{ readonly position: number; readonly v2: Uint8Array } | null> {
	const row = await tables<LiveTables>(handle).selectFrom('live_snapshot').select(['position', 'v2']).where('doc', '=', doc).executeTakeFirst();
	return row === undefined || row.v2 === null ? null : { position: Number(row.position), v2: new Uint8Array(row.v2) };
}
