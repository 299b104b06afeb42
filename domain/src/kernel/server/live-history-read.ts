import type { Actor } from '../actor.ts';
import { liveName } from '../live.ts';
import { hospital, read } from './hospital.ts';
import { authorsOf, standingOf, type RootAuthors, type Standing, type StoredUpdate } from './live-history.ts';
import type { LiveTables } from './live-log.ts';
import { tables, type Handle } from './module.ts';

/** Up to which moment: a time of the server's clock, a place in the log, or now. */
export type Moment = { readonly time: number } | { readonly position: number } | null;

/** Every row of a document until then, archived or not, in order. */
export async function storedUpdates(handle: Handle, doc: string, until: Moment = null): Promise<readonly StoredUpdate[]> {
	const db = tables<LiveTables>(handle);
	const from = async (table: 'live_log' | 'live_archive') => {
		let rows = db.selectFrom(table).select(['position', 'user', 'session', 'device', 'at', 'data']).where('doc', '=', doc);
		if (until !== null) rows = 'time' in until ? rows.where('at', '<=', until.time) : rows.where('position', '<=', until.position);
		return rows.orderBy('position').execute();
	};
	// The log first: a row that a compaction moves between the two reads is then in both, never in none.
	const [live, archived] = [await from('live_log'), await from('live_archive')];
	const rows = new Map([...archived, ...live].map((row) => [Number(row.position), row]));
	return [...rows.values()]
		.map((row) => ({ ...row, position: Number(row.position), at: Number(row.at), data: new Uint8Array(row.data) }))
		.toSorted((a, b) => a.position - b.position);
}

/** One minute of one person's writing: the row it ended with and when that reached the disk. */
export interface LiveMoment {
	readonly user: string;
	readonly at: number;
	readonly position: number;
}
/** Every minute of a document in which somebody wrote, struck words included. Pure. */
export function momentsOf(rows: readonly StoredUpdate[]): readonly LiveMoment[] {
	const moments: LiveMoment[] = [];
	for (const { user, at, position } of rows) {
		const last = moments.at(-1);
		if (last?.user === user && Math.floor(last.at / 60_000) === Math.floor(at / 60_000)) moments.pop();
		moments.push({ user, at, position });
	}
	return moments;
}

export interface LiveHistory<R> {
	readonly doc: string;
	/** the last row it holds, 0 before the first */
	readonly position: number;
	readonly at: number | null;
	readonly updates: number;
	readonly moments: readonly LiveMoment[];
	readonly roots: readonly R[];
}

/** The document's own right to read, asked now; the look is audited before anything is shown. Throws Denied. */
async function history<R>(actor: Actor, kind: string, id: string, until: Moment, view: string, of: (rows: readonly StoredUpdate[]) => readonly R[]) {
	const { registry, reader } = hospital();
	const live = registry.flatMap((served) => served.live ?? []).find((candidate) => candidate.kind === kind);
	const admission = (await live?.admit(reader, actor, id)) ?? null;
	const doc = liveName(kind, id);
	await read(actor, {
		purpose: 'history',
		patient: admission?.patient ?? null,
		allow: admission !== null,
		detail: { doc: live === undefined ? 'unknown' : doc, view, ...(until === null ? {} : until) }
	});
	const rows = await storedUpdates(reader, doc, until);
	const last = rows.at(-1);
	return { doc, position: last?.position ?? 0, at: last?.at ?? null, updates: rows.length, moments: momentsOf(rows), roots: of(rows) };
}

export const liveAuthors = (actor: Actor, kind: string, id: string, until: Moment = null): Promise<LiveHistory<RootAuthors>> =>
	history(actor, kind, id, until, 'authors', authorsOf);
export const liveAt = (actor: Actor, kind: string, id: string, until: Moment): Promise<LiveHistory<Standing>> =>
	history(actor, kind, id, until, 'at', standingOf);
