import * as Y from 'yjs';
import { keepForeignFormatting } from '../live.ts';
import { ANCHOR, anchorOf, type Anchor } from './audit-anchor.ts';
import { auditDigest, type AuditHead, type AuditStampTable, type AuditTable } from './audit.ts';
import type { RawDatabase } from './bind-guard.ts';
import { chainHash } from './live-chain.ts';
import type { LiveDocumentTable, LiveLogTable, LiveSnapshotTable } from './live-log.ts';
import { difference } from './live-same.ts';
import { readStamp } from './timestamp.ts';

/**
 * `changed`: the row is not what its hash says. `broken`: it does not follow from the one before, which was changed, removed or moved.
 * `gap`: rows are missing before it. `end`: rows are missing at the end, or the end is not where the record says.
 * `anchor`: the audit chain vouches for another row here. `outside`: what was kept outside this machine says otherwise.
 * `snapshot`: it shows another document than its rows. `form`: it cannot be read as what it should be.
 */
export type FindingKind = 'changed' | 'broken' | 'gap' | 'end' | 'anchor' | 'outside' | 'snapshot' | 'form';
export interface Finding {
	readonly kind: FindingKind;
	/** `audit`, or the live document */
	readonly where: string;
	readonly position: number | null;
	readonly detail: string;
}
export interface Verified {
	readonly auditRows: number;
	readonly liveRows: number;
	readonly documents: number;
	readonly anchors: number;
	readonly outside: number;
	readonly stamps: number;
	readonly findings: readonly Finding[];
}

const PAGE = 1000;
type Report = (kind: FindingKind, where: string, position: number | null, detail: string) => void;
interface Head {
	count: number;
	position: number;
	hash: string;
}

/** Reads every row of the audit and of all live documents, archived ones too, in one state of the file, and says all that does not hold. */
export function verifyStored(raw: RawDatabase, outside: readonly AuditHead[] = []): Verified {
	const findings: Finding[] = [];
	const report: Report = (kind, where, position, detail) => findings.push({ kind, where, position, detail });
	const own = !raw.inTransaction;
	if (own) raw.exec('begin');
	try {
		const { rows: auditRows, anchors } = verifyAuditRows(raw, outside, report);
		const stamps = verifyStamps(raw, report);
		const { rows: liveRows, heads } = verifyLiveRows(raw, anchors, report);
		const documents = verifyDocuments(raw, heads, report);
		verifySnapshots(raw, report);
		return { auditRows, liveRows, documents, anchors: anchors.length, outside: outside.length, stamps, findings };
	} finally {
		if (own) raw.exec('rollback');
	}
}

function* pages<T extends { readonly position: number }>(raw: RawDatabase, sql: string): Generator<T> {
	const statement = raw.prepare(sql);
	for (let after = -1; ;) {
		const rows = statement.all(
			sql
				.split('?')
				.slice(1)
				.map(() => BigInt(after))
		) as T[];
		yield* rows;
		if (rows.length < PAGE) return;
		after = Number(rows.at(-1)!.position);
	}
}
const sequenceOf = (raw: RawDatabase, table: string): number =>
	Number((raw.prepare('select seq from sqlite_sequence where name = ?').get([table]) as { seq: number } | undefined)?.seq ?? 0);

type Anchored = Anchor & { readonly doc: string; readonly by: number };

function verifyAuditRows(raw: RawDatabase, outside: readonly AuditHead[], report: Report): { rows: number; anchors: Anchored[] } {
	const kept = new Map<number, string[]>();
	for (const { position, hash } of outside) if (position > 0) kept.set(position, [...(kept.get(position) ?? []), hash]);
	const anchors: Anchored[] = [];
	let [previous, end, rows] = ['genesis', 0, 0];
	for (const row of pages<AuditTable & { position: number }>(raw, 'select * from audit where position > ? order by position limit 1000')) {
		const position = Number(row.position);
		rows++;
		if (position !== end + 1) report('gap', 'audit', position, `rows ${end + 1} to ${position - 1} are missing`);
		if (row.previous !== previous) report('broken', 'audit', position, 'it does not follow from the row before');
		if (auditDigest({ ...row, at: Number(row.at) }) !== row.hash) report('changed', 'audit', position, 'its content is not what its hash says');
		for (const hash of kept.get(position) ?? []) if (hash !== row.hash) report('outside', 'audit', position, 'the copy outside holds another row here');
		kept.delete(position);
		if (row.action === ANCHOR) readAnchors(row, anchors, report);
		[previous, end] = [row.hash, position];
	}
	if (sequenceOf(raw, 'audit') !== end) report('end', 'audit', end, `the last row given out was ${sequenceOf(raw, 'audit')}`);
	for (const position of kept.keys()) report('outside', 'audit', position, `the copy outside holds this row; here the chain ends at ${end}`);
	return { rows, anchors };
}

function readAnchors(row: AuditTable & { position: number }, into: Anchored[], report: Report): void {
	const position = Number(row.position);
	try {
		for (const [doc, text] of Object.entries(JSON.parse(row.detail) as Record<string, unknown>)) {
			const anchor = anchorOf(text);
			if (anchor === null) report('form', 'audit', position, 'an anchor cannot be read');
			else into.push({ ...anchor, doc, by: position });
		}
	} catch {
		report('form', 'audit', position, 'an anchor cannot be read');
	}
}

function verifyStamps(raw: RawDatabase, report: Report): number {
	const rows = raw.prepare('select * from audit_stamp order by position').all([]) as AuditStampTable[];
	const hashAt = raw.prepare('select hash from audit where position = ?');
	for (const { position, hash, response } of rows) {
		const here = hashAt.get([BigInt(position)]) as { hash: string } | undefined;
		const { imprint } = readStamp(new Uint8Array(response));
		if (imprint !== hash || here?.hash !== hash) report('outside', 'audit', Number(position), 'a time-stamp was given for another row here');
	}
	return rows.length;
}

function verifyLiveRows(raw: RawDatabase, anchors: readonly Anchored[], report: Report): { rows: number; heads: ReadonlyMap<string, Head> } {
	const waiting = new Map<number, Anchored[]>();
	for (const anchor of anchors) waiting.set(anchor.position, [...(waiting.get(anchor.position) ?? []), anchor]);
	const heads = new Map<string, Head>();
	let [end, rows, newForm] = [0, 0, false];
	const all = pages<LiveLogTable>(
		raw,
		`select * from (
			select * from (select position, doc, user, session, device, at, hash, data from live_archive where position > ? order by position limit 1000)
			union all
			select * from (select position, doc, user, session, device, at, hash, data from live_log where position > ? order by position limit 1000)
		) order by position limit 1000`
	);
	for (const { position } of raw.prepare('select position from live_archive where position in (select position from live_log)').all([]) as {
		position: number;
	}[])
		report('form', 'live', Number(position), 'it stands in the log and in the archive');
	for (const row of all) {
		const position = Number(row.position);
		rows++;
		if (position > end + 1) report('gap', row.doc, position, `rows ${end + 1} to ${position - 1} are missing before it`);
		const head = heads.get(row.doc) ?? { count: 0, position: 0, hash: '' };
		if (row.device === null && newForm) report('form', row.doc, position, 'it has the form of rows from before devices were recorded');
		newForm ||= row.device !== null;
		if (chainHash(head.hash, { ...row, position, at: Number(row.at), data: new Uint8Array(row.data) }) !== row.hash)
			report('broken', row.doc, position, `it does not follow from row ${head.position}: one of them was changed, removed or moved`);
		const now = { count: head.count + 1, position, hash: row.hash };
		heads.set(row.doc, now);
		for (const anchor of waiting.get(position) ?? [])
			if (anchor.doc !== row.doc || anchor.count !== now.count || anchor.hash !== row.hash)
				report('anchor', anchor.doc, position, `row ${anchor.by} of the audit vouches for another row here`);
		waiting.delete(position);
		end = Math.max(end, position);
	}
	if (sequenceOf(raw, 'live_log') !== end) report('end', 'live', end, `the last row given out was ${sequenceOf(raw, 'live_log')}`);
	for (const [position, missing] of waiting)
		for (const { doc, by } of missing) report('anchor', doc, position, `row ${by} of the audit vouches for this row, and it is not there`);
	return { rows, heads };
}

function verifyDocuments(raw: RawDatabase, heads: ReadonlyMap<string, Head>, report: Report): number {
	const rows = raw.prepare('select id, head, position, hash from live_document').all([]) as Pick<LiveDocumentTable, 'id' | 'head' | 'position' | 'hash'>[];
	for (const { id, head, position, hash } of rows) {
		const found = heads.get(id) ?? { count: 0, position: 0, hash: '' };
		if (Number(head) !== found.count || Number(position) !== found.position || hash !== found.hash)
			report('end', id, found.position, `its record counts ${head} rows up to ${position}, its log has ${found.count} up to ${found.position}`);
	}
	const known = new Set(rows.map(({ id }) => id));
	for (const [doc, { position }] of heads) if (!known.has(doc)) report('form', doc, position, 'its rows belong to no document');
	return rows.length;
}

/** A snapshot is what people see: it must be its rows and name their authors. */
function verifySnapshots(raw: RawDatabase, report: Report): void {
	const rowsOf = raw.prepare(
		`select position, user, data from (select position, user, data, doc from live_archive union all select position, user, data, doc from live_log) where doc = ? and position <= ? order by position`
	);
	for (const { doc } of raw.prepare('select doc from live_snapshot order by doc').all([]) as { doc: string }[]) {
		const { position, owners, data, v2 } = raw.prepare('select position, owners, data, v2 from live_snapshot where doc = ?').get([doc]) as LiveSnapshotTable;
		const rows = rowsOf.all([doc, BigInt(position)]) as Pick<LiveLogTable, 'user' | 'data'>[];
		try {
			const updates = rows.map((row) => new Uint8Array(row.data));
			const what =
				(JSON.stringify(sorted(JSON.parse(owners) as Record<string, string>)) === JSON.stringify(sorted(ownersIn(rows, updates))) ? null : 'authors') ??
				differs(updates, new Uint8Array(data), Y.applyUpdate) ??
				(v2 === null ? null : differs(updates, new Uint8Array(v2), Y.applyUpdateV2));
			if (what !== null) report('snapshot', doc, Number(position), `it differs from the rows in its ${what}`);
		} catch (error) {
			report('snapshot', doc, Number(position), `it or its rows cannot be read (${error instanceof Error ? error.name : 'Error'})`);
		}
	}
}
const sorted = (owners: Readonly<Record<string, string>>): unknown => Object.entries(owners).sort(([a], [b]) => (a < b ? -1 : 1));

function ownersIn(rows: readonly Pick<LiveLogTable, 'user'>[], updates: readonly Uint8Array[]): Record<string, string> {
	const owners: Record<string, string> = {};
	updates.forEach((update, i) => {
		for (const { id } of Y.decodeUpdate(update).structs) owners[String(id.client)] ??= rows[i]!.user;
	});
	return owners;
}

function differs(updates: readonly Uint8Array[], snapshot: Uint8Array, apply: (doc: Y.Doc, update: Uint8Array) => void): string | null {
	const [replay, shown] = [new Y.Doc(), new Y.Doc()];
	for (const doc of [replay, shown]) keepForeignFormatting(doc);
	try {
		replay.transact(() => {
			for (const update of updates) Y.applyUpdate(replay, update);
		});
		apply(shown, snapshot);
		return difference(replay, shown);
	} finally {
		replay.destroy();
		shown.destroy();
	}
}
