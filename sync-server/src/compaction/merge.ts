import { keepForeignFormatting } from '@tongping/domain/kernel';
import { difference, type LiveCompaction } from '@tongping/domain/kernel/server';
import type { Database } from 'libsql';
import * as Y from 'yjs';
import { ownersOf } from '../gate/owners.ts';

interface StoredRow {
	readonly position: number;
	readonly user: string;
	readonly hash: string;
	readonly data: Uint8Array;
}
interface Snapshot {
	readonly position: number;
	readonly owners: string;
	readonly data: Uint8Array;
	readonly merged: number;
}

/** A snapshot that is not its rows is never stored: the load that follows would show another document than the one people wrote. */
export class NotEqual extends Error {
	constructor(doc: string, what: string) {
		super(`the snapshot of ${doc} would differ from its rows in its ${what}`);
		this.name = 'NotEqual';
	}
}

const documentOf = (updates: Iterable<Uint8Array>, apply: (doc: Y.Doc, update: Uint8Array) => void = Y.applyUpdate): Y.Doc => {
	const doc = new Y.Doc();
	keepForeignFormatting(doc);
	doc.transact(() => {
		for (const update of updates) apply(doc, update);
	});
	return doc;
};

/**
 * Reads one document's log and makes the snapshot of all of it. It starts from an earlier snapshot only if a compaction proved that one;
 * otherwise from the first row. null: nothing has come since. Throws if the result is not equal to the rows.
 */
export function mergeDocument(raw: Database, doc: string): LiveCompaction | null {
	const { base, earlier, fresh } = readWhole(raw, doc);
	const last = fresh.at(-1);
	if (last === undefined) return null;
	const rows = [...earlier, ...fresh];
	const updates = rows.map(({ data }) => new Uint8Array(data));
	const replay = documentOf(base === null ? updates : [new Uint8Array(base.data), ...updates]);
	const v1 = Y.encodeStateAsUpdate(replay);
	const v2 = Y.encodeStateAsUpdateV2(replay);
	for (const copy of [documentOf([v1]), documentOf([v2], Y.applyUpdateV2)]) {
		const what = difference(replay, copy);
		copy.destroy();
		if (what !== null) throw new NotEqual(doc, what);
	}
	replay.destroy();
	const known = base === null ? [] : Object.entries(JSON.parse(base.owners) as Record<string, string>);
	const owners = ownersOf(
		rows.map(({ user }, i) => ({ user, update: updates[i]! })),
		new Map(known.map(([client, user]) => [Number(client), user]))
	);
	return { doc, position: Number(last.position), hash: last.hash, rows: fresh.length, owners: Object.fromEntries(owners), v1, v2 };
}

/** One state of the file, whatever is written meanwhile. */
function readWhole(raw: Database, doc: string): { base: Snapshot | null; earlier: readonly StoredRow[]; fresh: readonly StoredRow[] } {
	raw.exec('begin');
	try {
		const snapshot = raw.prepare('select position, owners, data, merged from live_snapshot where doc = ?').get([doc]) as Snapshot | undefined;
		const merged = Number(snapshot?.merged ?? 0);
		const base = snapshot !== undefined && merged > 0 && Number(snapshot.position) === merged ? snapshot : null;
		const of = (statement: string): StoredRow[] => raw.prepare(statement).all([doc, BigInt(merged)]) as StoredRow[];
		return {
			base,
			// What a room's own snapshot stands for is merged again from the rows: only a proof lets rows go.
			earlier:
				base !== null
					? []
					: [
							...of('select position, user, hash, data from live_archive where doc = ? and position <= ? order by position'),
							...of('select position, user, hash, data from live_log where doc = ? and position <= ? order by position')
						],
			fresh: of('select position, user, hash, data from live_log where doc = ? and position > ? order by position')
		};
	} finally {
		raw.exec('rollback');
	}
}
