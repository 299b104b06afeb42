import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { tables, type Handle, type Migration } from './module.ts';

export interface LiveDocumentTable { id: string; kind: string; head: number; generation: number; sealed: number; created_at: number }
export interface LiveLogTable { position: number; doc: string; user: string; session: string; at: number; hash: string; data: Uint8Array }
export interface LiveSnapshotTable { doc: string; position: number; data: Uint8Array }
interface LiveTables { live_document: LiveDocumentTable; live_log: LiveLogTable; live_snapshot: LiveSnapshotTable }

export const liveMigrations: readonly Migration[] = [
	{
		id: 'kernel/live/1',
		sql: [
			`create table live_document (id text primary key, kind text not null, head integer not null default 0, generation integer not null default 0, sealed integer not null default 0 check (sealed in (0, 1)), created_at integer not null)`,
			// A plain append table: a (doc, seq) key wrote seven times more per edit (joints 4).
			`create table live_log (position integer primary key autoincrement, doc text not null, user text not null, session text not null, at integer not null, hash text not null, data blob not null)`,
			`create index live_log_doc on live_log (doc, position)`,
			`create table live_snapshot (doc text primary key, position integer not null, data blob not null)`
		]
	}
];

/** One update on its way to the disk. `doc` is `<kind>/<id>`; `generation` the rights it was admitted under. */
export interface LiveAppend {
	readonly doc: string;
	readonly generation: number;
	readonly update: Uint8Array;
	readonly user: string;
	readonly session: string;
}
/** `position` rises over all documents; a refusal names the state that forbids the row. Nothing of a refused row is stored. */
export type LiveAppended = { readonly ok: true; readonly position: number } | { readonly ok: false; readonly reason: 'sealed' | 'generation' | 'storage' };

/** Everything needed to serve or rebuild a document: the snapshot (may be absent) and the updates after it, in order. */
export interface LoadedLive {
	readonly snapshot: Uint8Array | null;
	readonly updates: readonly Uint8Array[];
	readonly head: number;
	readonly generation: number;
	readonly sealed: boolean;
}

/** Appends in order, inside the writer's transaction. The head moves in the same statement that checks seal and generation (joints 6). */
export async function appendLive(trx: Handle, entries: readonly LiveAppend[], now: number): Promise<LiveAppended[]> {
	const db = tables<LiveTables>(trx);
	const results: LiveAppended[] = [];
	for (const entry of entries) {
		const kind = entry.doc.slice(0, entry.doc.indexOf('/'));
		await db.insertInto('live_document').values({ id: entry.doc, kind, head: 0, generation: 0, sealed: 0, created_at: now }).onConflict((c) => c.column('id').doNothing()).execute();
		const moved = await db
			.updateTable('live_document')
			.set({ head: sql<number>`head + 1` })
			.where('id', '=', entry.doc).where('generation', '=', entry.generation).where('sealed', '=', 0)
			.returning('head').executeTakeFirst();
		if (moved === undefined) {
			const row = await db.selectFrom('live_document').select('sealed').where('id', '=', entry.doc).executeTakeFirstOrThrow();
			results.push({ ok: false, reason: row.sealed === 1 ? 'sealed' : 'generation' });
			continue;
		}
		const previous = await db.selectFrom('live_log').select('hash').where('doc', '=', entry.doc).orderBy('position', 'desc').limit(1).executeTakeFirst();
		const hash = createHash('sha256').update(previous?.hash ?? '').update(`\n${entry.user}\n${entry.session}\n${now}\n`).update(entry.update).digest('hex');
		const row = await db.insertInto('live_log').values({ doc: entry.doc, user: entry.user, session: entry.session, at: now, hash, data: entry.update } as never).returning('position').executeTakeFirstOrThrow();
		results.push({ ok: true, position: Number(row.position) });
	}
	return results;
}

export async function loadLive(handle: Handle, doc: string): Promise<LoadedLive> {
	const db = tables<LiveTables>(handle);
	const document = await db.selectFrom('live_document').select(['head', 'generation', 'sealed']).where('id', '=', doc).executeTakeFirst();
	const snapshot = await db.selectFrom('live_snapshot').select(['position', 'data']).where('doc', '=', doc).executeTakeFirst();
	const rows = await db.selectFrom('live_log').select('data').where('doc', '=', doc).where('position', '>', snapshot?.position ?? 0).orderBy('position').execute();
	return {
		snapshot: snapshot ? new Uint8Array(snapshot.data) : null,
		updates: rows.map((row) => new Uint8Array(row.data)),
		head: Number(document?.head ?? 0),
		generation: Number(document?.generation ?? 0),
		sealed: document?.sealed === 1
	};
}

/** Called from a command's `save`: ends what the present rights allow. Updates admitted before and still queued are asked again. */
export async function changeLiveRights(trx: Handle, doc: string, now: number): Promise<void> {
	const db = tables<LiveTables>(trx);
	const kind = doc.slice(0, doc.indexOf('/'));
	await db.insertInto('live_document').values({ id: doc, kind, head: 0, generation: 1, sealed: 0, created_at: now })
		.onConflict((c) => c.column('id').doUpdateSet({ generation: sql<number>`live_document.generation + 1` })).execute();
}

/** Called from a command's `save`, in the same transaction as the version row: from this commit on no update is stored. */
export async function sealLive(trx: Handle, doc: string, now: number): Promise<void> {
	await changeLiveRights(trx, doc, now);
	await tables<LiveTables>(trx).updateTable('live_document').set({ sealed: 1 }).where('id', '=', doc).execute();
}
