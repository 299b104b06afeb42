import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Statement as LibsqlStatement } from 'libsql';
import type { RawDatabase } from './bind-guard.ts';
import { tables, type Handle, type Migration } from './module.ts';

type Statement = LibsqlStatement;

export interface LiveDocumentTable {
	id: string;
	kind: string;
	head: number;
	generation: number;
	sealed: number;
	created_at: number;
}
export interface LiveLogTable {
	position: number;
	doc: string;
	user: string;
	session: string;
	at: number;
	hash: string;
	data: Uint8Array;
}
/** `owners`: JSON of clientID -> user for every clientID inside the snapshot */
export interface LiveSnapshotTable {
	doc: string;
	position: number;
	owners: string;
	data: Uint8Array;
}
interface LiveTables {
	live_document: LiveDocumentTable;
	live_log: LiveLogTable;
	live_snapshot: LiveSnapshotTable;
}

export const liveMigrations: readonly Migration[] = [
	{
		id: 'kernel/live/1',
		sql: [
			`create table live_document (id text primary key, kind text not null, head integer not null default 0, generation integer not null default 0, sealed integer not null default 0 check (sealed in (0, 1)), created_at integer not null)`,
			// A plain append table: a (doc, seq) key wrote seven times more per edit (joints 4).
			`create table live_log (position integer primary key autoincrement, doc text not null, user text not null, session text not null, at integer not null, hash text not null, data blob not null)`,
			`create index live_log_doc on live_log (doc, position)`,
			`create table live_snapshot (doc text primary key, position integer not null, owners text not null, data blob not null)`
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
	/** who sent each of `updates`, same length; owners inside the snapshot are kept beside it */
	readonly owners: readonly string[];
	readonly snapshotOwners: Readonly<Record<string, string>>;
	/** position of the last update included */
	readonly position: number;
	readonly head: number;
	readonly generation: number;
	readonly sealed: boolean;
}

/**
 * Appends in the writer's transaction, on bare prepared statements because every keystroke of the house passes here.
 * The head moves in the same statement that checks seal and generation (joints 6): zero rows moved = refused, nothing stored.
 */
export class LiveLog {
	readonly #open: Statement;
	readonly #advance: Statement;
	readonly #state: Statement;
	readonly #last: Statement;
	readonly #insert: Statement;

	constructor(raw: RawDatabase) {
		this.#open = raw.prepare(
			'insert into live_document (id, kind, head, generation, sealed, created_at) values (?, ?, 0, 0, 0, ?) on conflict (id) do nothing'
		);
		this.#advance = raw.prepare('update live_document set head = head + 1 where id = ? and generation = ? and sealed = 0');
		this.#state = raw.prepare('select sealed from live_document where id = ?');
		this.#last = raw.prepare('select hash from live_log where doc = ? order by position desc limit 1');
		this.#insert = raw.prepare('insert into live_log (doc, user, session, at, hash, data) values (?, ?, ?, ?, ?, ?)');
	}

	append(entries: readonly LiveAppend[], now: number): LiveAppended[] {
		const at = BigInt(now);
		return entries.map((entry) => {
			const { doc, user, session, update } = entry;
			const generation = BigInt(entry.generation);
			if (!this.#moved(doc, generation)) {
				this.#open.run([doc, doc.slice(0, doc.indexOf('/')), at]);
				if (!this.#moved(doc, generation)) {
					const row = this.#state.get([doc]) as { sealed: number };
					return { ok: false, reason: row.sealed === 1 ? 'sealed' : 'generation' };
				}
			}
			const previous = this.#last.get([doc]) as { hash: string } | undefined;
			const hash = createHash('sha256')
				.update(`${previous?.hash ?? ''}\n${user}\n${session}\n${now}\n`)
				.update(update)
				.digest('hex');
			const { lastInsertRowid } = this.#insert.run([doc, user, session, at, hash, update]);
			return { ok: true, position: Number(lastInsertRowid) };
		});
	}

	#moved(doc: string, generation: bigint): boolean {
		return Number(this.#advance.run([doc, generation]).changes) === 1;
	}
}

export async function loadLive(handle: Handle, doc: string): Promise<LoadedLive> {
	const db = tables<LiveTables>(handle);
	const document = await db.selectFrom('live_document').select(['head', 'generation', 'sealed']).where('id', '=', doc).executeTakeFirst();
	const snapshot = await db.selectFrom('live_snapshot').select(['position', 'owners', 'data']).where('doc', '=', doc).executeTakeFirst();
	const rows = await db
		.selectFrom('live_log')
		.select(['position', 'data', 'user'])
		.where('doc', '=', doc)
		.where('position', '>', snapshot?.position ?? 0)
		.orderBy('position')
		.execute();
	return {
		snapshot: snapshot ? new Uint8Array(snapshot.data) : null,
		updates: rows.map((row) => new Uint8Array(row.data)),
		snapshotOwners: snapshot ? (JSON.parse(snapshot.owners) as Record<string, string>) : {},
		position: Number(rows.at(-1)?.position ?? snapshot?.position ?? 0),
		owners: rows.map((row) => row.user),
		head: Number(document?.head ?? 0),
		generation: Number(document?.generation ?? 0),
		sealed: document?.sealed === 1
	};
}

/** Called from a command's `save`: ends what the present rights allow. Updates admitted before and still queued are asked again. */
export async function changeLiveRights(trx: Handle, doc: string, now: number): Promise<void> {
	const db = tables<LiveTables>(trx);
	const kind = doc.slice(0, doc.indexOf('/'));
	await db
		.insertInto('live_document')
		.values({ id: doc, kind, head: 0, generation: 1, sealed: 0, created_at: now })
		.onConflict((c) => c.column('id').doUpdateSet({ generation: sql<number>`live_document.generation + 1` }))
		.execute();
}

/** Called from a command's `save`, in the same transaction as the version row: from this commit on no update is stored. */
export async function sealLive(trx: Handle, doc: string, now: number): Promise<void> {
	await changeLiveRights(trx, doc, now);
	await tables<LiveTables>(trx).updateTable('live_document').set({ sealed: 1 }).where('id', '=', doc).execute();
}

export interface LiveSnapshot {
	readonly doc: string;
	readonly position: number;
	readonly owners: Readonly<Record<string, string>>;
	readonly data: Uint8Array;
}

/** Rows stay: a snapshot only shortens the next load. An older snapshot never replaces a newer one. */
export async function saveLiveSnapshot(trx: Handle, { doc, position, owners, data }: LiveSnapshot): Promise<void> {
	await tables<LiveTables>(trx)
		.insertInto('live_snapshot')
		.values({ doc, position, owners: JSON.stringify(owners), data })
		.onConflict((c) =>
			c
				.column('doc')
				.doUpdateSet({ position, owners: JSON.stringify(owners), data })
				.where('live_snapshot.position', '<', position)
		)
		.execute();
}
