import { sql } from 'kysely';
import type { Statement as LibsqlStatement } from 'libsql';
import { bindable, type RawDatabase } from './bind-guard.ts';
import { anchorLive, rightsMark } from './audit-anchor.ts';
import { driverOf } from './database.ts';
import { chainHash } from './live-chain.ts';
import { tables, type Handle, type Migration } from './module.ts';

type Statement = LibsqlStatement;

/** `head` counts the stored updates; `position` and `hash` are those of the last one, archived or not. */
export interface LiveDocumentTable {
	id: string;
	kind: string;
	head: number;
	position: number;
	hash: string;
	/** how many of them the audit chain vouches for */
	anchored: number;
	generation: number;
	sealed: number;
	created_at: number;
}
export interface LiveLogTable {
	position: number;
	doc: string;
	user: string;
	session: string;
	device: string | null;
	at: number;
	hash: string;
	data: Uint8Array;
}
/**
 * `owners`: JSON of clientID -> user for every clientID inside the snapshot. `merged`: up to where a compaction has proved that a
 * snapshot equals the rows, so that they may leave for the archive; `v2` is there when it is the compaction's own.
 */
export interface LiveSnapshotTable {
	doc: string;
	position: number;
	owners: string;
	data: Uint8Array;
	v2: Uint8Array | null;
	merged: number;
}
export interface LiveTables {
	live_document: LiveDocumentTable;
	live_log: LiveLogTable;
	/** rows a snapshot stands for, whole and in their chain: history and proof read them, loading does not */
	live_archive: LiveLogTable;
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
	},
	{
		id: 'kernel/live/2',
		sql: [
			`alter table live_log add column device text`,
			`create table live_archive (position integer primary key, doc text not null, user text not null, session text not null, device text, at integer not null, hash text not null, data blob not null)`,
			`create index live_archive_doc on live_archive (doc, position)`,
			`alter table live_document add column position integer not null default 0`,
			`alter table live_document add column hash text not null default ''`,
			`alter table live_document add column anchored integer not null default 0`,
			`update live_document set position = coalesce((select max(position) from live_log where doc = live_document.id), 0)`,
			`update live_document set hash = coalesce((select hash from live_log where position = live_document.position), '')`,
			`alter table live_snapshot add column v2 blob`,
			`alter table live_snapshot add column merged integer not null default 0`
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
	/** the browser it came from, as the session knows it */
	readonly device?: string;
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
	readonly #end: Statement;
	readonly #insert: Statement;
	/** documents that may have moved since the audit chain last vouched for them */
	readonly changed: Set<string>;

	constructor(raw: RawDatabase) {
		this.#open = raw.prepare(
			'insert into live_document (id, kind, head, generation, sealed, created_at) values (?, ?, 0, 0, 0, ?) on conflict (id) do nothing'
		);
		this.#advance = raw.prepare('update live_document set head = head + 1, position = ?, hash = ? where id = ? and generation = ? and sealed = 0');
		this.#state = raw.prepare('select hash, sealed from live_document where id = ?');
		this.#end = raw.prepare(`select seq from sqlite_sequence where name = 'live_log'`);
		this.#insert = raw.prepare('insert into live_log (position, doc, user, session, device, at, hash, data) values (?, ?, ?, ?, ?, ?, ?, ?)');
		this.changed = new Set((raw.prepare('select id from live_document where head > anchored').all([]) as { id: string }[]).map(({ id }) => id));
	}

	append(entries: readonly LiveAppend[], now: number): LiveAppended[] {
		const at = BigInt(now);
		const heads = new Map<string, string>();
		let end = Number((this.#end.get([]) as { seq: number } | undefined)?.seq ?? 0);
		return entries.map((entry) => {
			const { doc, user, session, device = '', update: data } = entry;
			const previous = heads.get(doc) ?? this.#head(doc, at);
			const position = end + 1;
			const hash = chainHash(previous, { position, doc, user, session, device, at: now, data });
			if (Number(this.#advance.run([BigInt(position), hash, doc, BigInt(entry.generation)]).changes) !== 1)
				return { ok: false, reason: (this.#state.get([doc]) as { sealed: number }).sealed === 1 ? 'sealed' : 'generation' };
			this.#insert.run([BigInt(position), doc, user, session, device, at, hash, data]);
			heads.set(doc, hash);
			this.changed.add(doc);
			end = position;
			return { ok: true, position };
		});
	}

	#head(doc: string, at: bigint): string {
		const known = this.#state.get([doc]) as { hash: string } | undefined;
		if (known === undefined) this.#open.run([doc, doc.slice(0, doc.indexOf('/')), at]);
		return known?.hash ?? '';
	}
}

type Look = Pick<LiveDocumentTable, 'head' | 'position' | 'generation' | 'sealed'>;
/** Prepared once for a connection: a thousand rooms opened at a shift's start would leave a thousand trees and promises of this question behind. */
const looks = new WeakMap<RawDatabase, Statement>();

async function look(handle: Handle, doc: string): Promise<Look | undefined> {
	const raw = driverOf(handle);
	if (raw === null)
		return tables<LiveTables>(handle).selectFrom('live_document').select(['head', 'position', 'generation', 'sealed']).where('id', '=', doc).executeTakeFirst();
	let statement = looks.get(raw);
	if (statement === undefined) looks.set(raw, (statement = raw.prepare('select head, position, generation, sealed from live_document where id = ?')));
	return statement.get([bindable(doc)]) as Look | undefined;
}

export async function loadLive(handle: Handle, doc: string): Promise<LoadedLive> {
	const document = await look(handle, doc);
	// Most rooms of a ward are opened before the first word: one look is enough to know that it was never written.
	if (document === undefined) return { snapshot: null, updates: [], snapshotOwners: {}, position: 0, owners: [], head: 0, generation: 0, sealed: false };
	const { snapshot, rows } = await snapshotAndTail(handle, doc);
	const position = Number(rows.at(-1)?.position ?? snapshot?.position ?? 0);
	if (position < Number(document?.position ?? 0)) throw new Error(`the log of ${doc} ends at ${position}, before its head at ${document?.position}`);
	return {
		snapshot: snapshot ? new Uint8Array(snapshot.data) : null,
		updates: rows.map((row) => new Uint8Array(row.data)),
		snapshotOwners: snapshot ? (JSON.parse(snapshot.owners) as Record<string, string>) : {},
		position,
		owners: rows.map((row) => row.user),
		head: Number(document?.head ?? 0),
		generation: Number(document?.generation ?? 0),
		sealed: document?.sealed === 1
	};
}

/** A compaction may commit between the two reads, and its rows leave: then both are read again. */
async function snapshotAndTail(handle: Handle, doc: string) {
	const db = tables<LiveTables>(handle);
	const newest = () => db.selectFrom('live_snapshot').select(['position', 'owners', 'data']).where('doc', '=', doc).executeTakeFirst();
	for (let snapshot = await newest(); ;) {
		const rows = await db
			.selectFrom('live_log')
			.select(['position', 'data', 'user'])
			.where('doc', '=', doc)
			.where('position', '>', snapshot?.position ?? 0)
			.orderBy('position')
			.execute();
		const again = await db.selectFrom('live_snapshot').select('position').where('doc', '=', doc).executeTakeFirst();
		if (again?.position === snapshot?.position) return { snapshot, rows };
		snapshot = await newest();
	}
}

/**
 * Called from a command's `save` (a signature, a seal, other rights): ends what the present rights allow. Updates admitted before and still
 * queued are asked again. What stands there until now is anchored in the audit chain.
 */
export function changeLiveRights(trx: Handle, doc: string, now: number): Promise<void> {
	return setRights(trx, doc, false, now);
}

/** Called from a command's `save`, in the same transaction as the version row: from this commit on no update is stored. */
export function sealLive(trx: Handle, doc: string, now: number): Promise<void> {
	return setRights(trx, doc, true, now);
}

/** A seal is never taken off. What the record says from now on stands in the audit chain too. */
async function setRights(trx: Handle, doc: string, seal: boolean, now: number): Promise<void> {
	const db = tables<LiveTables>(trx);
	const kind = doc.slice(0, doc.indexOf('/'));
	const sealed = seal ? 1 : 0;
	await anchorLive(trx, [doc], now);
	await db
		.insertInto('live_document')
		.values({ id: doc, kind, head: 0, position: 0, hash: '', anchored: 0, generation: 1, sealed, created_at: now })
		.onConflict((c) => c.column('id').doUpdateSet({ generation: sql<number>`live_document.generation + 1`, ...(seal ? { sealed } : {}) }))
		.execute();
	const record = await db.selectFrom('live_document').select(['generation', 'sealed']).where('id', '=', doc).executeTakeFirstOrThrow();
	await rightsMark(trx, doc, { generation: Number(record.generation), sealed: Number(record.sealed) }, now);
}

/** Called from a command's `save`, for words that come in by a decision instead of a room. The caller also calls `changeLiveRights`, so that rooms read again. */
export async function appendLive(trx: Handle, { doc, update: data, user, session, device = '' }: Omit<LiveAppend, 'generation'>, now: number): Promise<void> {
	const db = tables<LiveTables>(trx);
	const document = await db.selectFrom('live_document').select(['hash', 'sealed']).where('id', '=', doc).executeTakeFirst();
	if (document?.sealed === 1) throw new Error(`${doc} is sealed`);
	if (document === undefined)
		await db
			.insertInto('live_document')
			.values({ id: doc, kind: doc.slice(0, doc.indexOf('/')), head: 0, position: 0, hash: '', anchored: 0, generation: 0, sealed: 0, created_at: now })
			.execute();
	const end = await tables<{ sqlite_sequence: { name: string; seq: number } }>(trx)
		.selectFrom('sqlite_sequence')
		.select('seq')
		.where('name', '=', 'live_log')
		.executeTakeFirst();
	const position = Number(end?.seq ?? 0) + 1;
	const hash = chainHash(document?.hash ?? '', { position, doc, user, session, device, at: now, data });
	await db.insertInto('live_log').values({ position, doc, user, session, device, at: now, hash, data }).execute();
	await db
		.updateTable('live_document')
		.set((e) => ({ head: e('head', '+', 1), position, hash }))
		.where('id', '=', doc)
		.execute();
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
		.values({ doc, position, owners: JSON.stringify(owners), data, v2: null, merged: 0 })
		.onConflict((c) =>
			c
				.column('doc')
				.doUpdateSet({ position, owners: JSON.stringify(owners), data, v2: null })
				.where('live_snapshot.position', '<', position)
		)
		.execute();
}
