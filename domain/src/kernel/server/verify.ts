import * as Y from 'yjs';
import { keepForeignFormatting } from '../live.ts';
import { ANCHOR, anchorOf, RIGHTS, type Anchor, type RightsMark } from './audit-anchor.ts';
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
 * `rights`: the record says otherwise than the audit who may write there. `snapshot`: it shows another document than its rows. `form`: it cannot be read as what it should be.
 */
export type FindingKind = 'changed' | 'broken' | 'gap' | 'end' | 'anchor' | 'outside' | 'rights' | 'snapshot' | 'form';
export interface Finding {
	readonly kind: FindingKind;
	/** `audit`, or the live document */
	readonly where: string;
	readonly position: number | null;
	readonly detail: string;
	/** the same for an operator who reads Chinese */
	readonly chinese: string;
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
type Report = (kind: FindingKind, where: string, position: number | null, detail: string, chinese: string) => void;
interface Head {
	count: number;
	position: number;
	hash: string;
	/** when its first row was stored */
	readonly since: number;
}

/** Reads every row of the audit and of all live documents, archived ones too, in one state of the file, and says all that does not hold. */
export function verifyStored(raw: RawDatabase, outside: readonly AuditHead[] = []): Verified {
	const findings: Finding[] = [];
	const report: Report = (kind, where, position, detail, chinese) => findings.push({ kind, where, position, detail, chinese });
	const own = !raw.inTransaction;
	if (own) raw.exec('begin');
	try {
		const { rows: auditRows, anchors, rights } = verifyAuditRows(raw, outside, report);
		const stamps = verifyStamps(raw, report);
		const { rows: liveRows, heads } = verifyLiveRows(raw, anchors, report);
		const documents = verifyDocuments(raw, { heads, anchors, rights }, report);
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
/** The newest a document's rights are vouched for, and when they first were. */
type Vouched = RightsMark & { readonly since: number };

function verifyAuditRows(raw: RawDatabase, outside: readonly AuditHead[], report: Report): { rows: number; anchors: Anchored[]; rights: Map<string, Vouched> } {
	const kept = new Map<number, string[]>();
	for (const { position, hash } of outside) if (position > 0) kept.set(position, [...(kept.get(position) ?? []), hash]);
	const anchors: Anchored[] = [];
	const rights = new Map<string, Vouched>();
	let [previous, end, rows] = ['genesis', 0, 0];
	for (const row of pages<AuditTable & { position: number }>(raw, 'select * from audit where position > ? order by position limit 1000')) {
		const position = Number(row.position);
		rows++;
		if (position !== end + 1) report('gap', 'audit', position, `rows ${end + 1} to ${position - 1} are missing`, `缺第 ${end + 1} 到 ${position - 1} 行`);
		if (row.previous !== previous) report('broken', 'audit', position, 'it does not follow from the row before', '与前一行不衔接');
		if (auditDigest({ ...row, at: Number(row.at) }) !== row.hash)
			report('changed', 'audit', position, 'its content is not what its hash says', '内容与它的散列值不符');
		for (const hash of kept.get(position) ?? [])
			if (hash !== row.hash) report('outside', 'audit', position, 'the copy outside holds another row here', '外部留存的这一行与此不同');
		kept.delete(position);
		if (row.action === ANCHOR) readAnchors(row, anchors, report);
		if (row.action === RIGHTS) readRights(row, rights, report);
		[previous, end] = [row.hash, position];
	}
	if (sequenceOf(raw, 'audit') !== end)
		report('end', 'audit', end, `the last row given out was ${sequenceOf(raw, 'audit')}`, `最后发出的是第 ${sequenceOf(raw, 'audit')} 行`);
	for (const position of kept.keys())
		report('outside', 'audit', position, `the copy outside holds this row; here the chain ends at ${end}`, `外部留存有这一行，这里到第 ${end} 行为止`);
	return { rows, anchors, rights };
}

function readRights({ position, at, detail }: AuditTable & { position: number }, into: Map<string, Vouched>, report: Report): void {
	let read: unknown;
	try {
		read = JSON.parse(detail);
	} catch {
		read = null;
	}
	const { doc, generation, sealed } = (typeof read === 'object' && read !== null ? read : {}) as Partial<Record<string, unknown>>;
	if (typeof doc !== 'string' || typeof generation !== 'number' || typeof sealed !== 'number') {
		report('form', 'audit', Number(position), 'what it says of the rights on a document cannot be read', '其中关于文档权限的内容读不出');
		return;
	}
	into.set(doc, { generation, sealed, since: into.get(doc)?.since ?? Number(at) });
}

function readAnchors(row: AuditTable & { position: number }, into: Anchored[], report: Report): void {
	const position = Number(row.position);
	try {
		for (const [doc, text] of Object.entries(JSON.parse(row.detail) as Record<string, unknown>)) {
			const anchor = anchorOf(text);
			if (anchor === null) report('form', 'audit', position, 'an anchor cannot be read', '锚点读不出');
			else into.push({ ...anchor, doc, by: position });
		}
	} catch {
		report('form', 'audit', position, 'an anchor cannot be read', '锚点读不出');
	}
}

function verifyStamps(raw: RawDatabase, report: Report): number {
	const rows = raw.prepare('select * from audit_stamp order by position').all([]) as AuditStampTable[];
	const hashAt = raw.prepare('select hash from audit where position = ?');
	for (const { position, hash, response } of rows) {
		const here = hashAt.get([BigInt(position)]) as { hash: string } | undefined;
		const { imprint } = readStamp(new Uint8Array(response));
		if (imprint !== hash || here?.hash !== hash)
			report('outside', 'audit', Number(position), 'a time-stamp was given for another row here', '时间戳盖的是另一行');
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
		report('form', 'live', Number(position), 'it stands in the log and in the archive', '同时在日志和归档里');
	for (const row of all) {
		const position = Number(row.position);
		rows++;
		if (position > end + 1)
			report('gap', row.doc, position, `rows ${end + 1} to ${position - 1} are missing before it`, `它之前缺第 ${end + 1} 到 ${position - 1} 行`);
		const head = heads.get(row.doc) ?? { count: 0, position: 0, hash: '', since: Number(row.at) };
		if (row.device === null && newForm)
			report('form', row.doc, position, 'it has the form of rows from before devices were recorded', '是记录设备之前的旧格式');
		newForm ||= row.device !== null;
		if (chainHash(head.hash, { ...row, position, at: Number(row.at), data: new Uint8Array(row.data) }) !== row.hash)
			report(
				'broken',
				row.doc,
				position,
				`it does not follow from row ${head.position}: one of them was changed, removed or moved`,
				`与第 ${head.position} 行不衔接：其中一行被改动、删除或移位`
			);
		const now = { count: head.count + 1, position, hash: row.hash, since: head.since };
		heads.set(row.doc, now);
		for (const anchor of waiting.get(position) ?? [])
			if (anchor.doc !== row.doc || anchor.count !== now.count || anchor.hash !== row.hash)
				report('anchor', anchor.doc, position, `row ${anchor.by} of the audit vouches for another row here`, `审计第 ${anchor.by} 行证明的这一行与此不同`);
		waiting.delete(position);
		end = Math.max(end, position);
	}
	if (sequenceOf(raw, 'live_log') !== end)
		report('end', 'live', end, `the last row given out was ${sequenceOf(raw, 'live_log')}`, `最后发出的是第 ${sequenceOf(raw, 'live_log')} 行`);
	for (const [position, missing] of waiting)
		for (const { doc, by } of missing)
			report('anchor', doc, position, `row ${by} of the audit vouches for this row, and it is not there`, `审计第 ${by} 行证明有这一行，这里没有`);
	return { rows, heads };
}

interface Known {
	readonly heads: ReadonlyMap<string, Head>;
	readonly anchors: readonly Anchored[];
	readonly rights: ReadonlyMap<string, Vouched>;
}
function verifyDocuments(raw: RawDatabase, { heads, anchors, rights }: Known, report: Report): number {
	const rows = raw.prepare('select * from live_document').all([]) as LiveDocumentTable[];
	const vouched = new Map(anchors.map(({ doc, count }) => [doc, count]));
	for (const { id, kind, head, position, hash, anchored, generation, sealed, created_at } of rows) {
		const found = heads.get(id) ?? { count: 0, position: 0, hash: '', since: Infinity };
		if (Number(head) !== found.count || Number(position) !== found.position || hash !== found.hash)
			report(
				'end',
				id,
				found.position,
				`its record counts ${head} rows up to ${position}, its log has ${found.count} up to ${found.position}`,
				`登记是 ${head} 行、到第 ${position} 行，日志里是 ${found.count} 行、到第 ${found.position} 行`
			);
		const may = rights.get(id) ?? { generation: 0, sealed: 0, since: Infinity };
		if (Number(generation) !== may.generation || Number(sealed) !== may.sealed)
			report(
				'rights',
				id,
				null,
				`its record says generation ${generation}${Number(sealed) === 1 ? ', sealed' : ''}, the audit ${may.generation}${may.sealed === 1 ? ', sealed' : ''}`,
				`登记是第 ${generation} 代${Number(sealed) === 1 ? '、已封存' : ''}，审计里是第 ${may.generation} 代${may.sealed === 1 ? '、已封存' : ''}`
			);
		if (Number(anchored) !== (vouched.get(id) ?? 0))
			report(
				'anchor',
				id,
				null,
				`its record says that ${anchored} rows are vouched for, the audit vouches for ${vouched.get(id) ?? 0}`,
				`登记说审计证明了 ${anchored} 行，审计里是 ${vouched.get(id) ?? 0} 行`
			);
		if (!id.startsWith(`${kind}/`)) report('form', id, null, 'its kind is not that of its address', '种类与地址不符');
		if (Number(created_at) !== Math.min(found.since, may.since))
			report('form', id, null, 'it was not made when its first row or right was stored', '建立时间与第一行或第一次权限变更不符');
	}
	const known = new Set(rows.map(({ id }) => id));
	for (const [doc, { position }] of heads) if (!known.has(doc)) report('form', doc, position, 'its rows belong to no document', '这些行不属于任何文档');
	for (const doc of rights.keys())
		if (!known.has(doc)) report('rights', doc, null, 'the audit knows rights on it, and its record is not there', '审计里有它的权限记录，登记却不在了');
	return rows.length;
}

/** A snapshot is what people see: it must be its rows and name their authors. */
function verifySnapshots(raw: RawDatabase, report: Report): void {
	const rowsOf = raw.prepare(
		`select position, user, data from (select position, user, data, doc from live_archive union all select position, user, data, doc from live_log) where doc = ? and position <= ? order by position`
	);
	for (const { doc, first } of raw
		.prepare('select doc, min(position) as first from live_log group by doc having first < (select max(position) from live_archive where doc = live_log.doc)')
		.all([]) as { doc: string; first: number }[])
		report('form', doc, Number(first), 'it stands in the log, and later rows in the archive', '它还在日志里，后面的行却已归档');
	const archived = new Map(
		(raw.prepare('select doc, max(position) as last from live_archive group by doc').all([]) as { doc: string; last: number }[]).map(({ doc, last }) => [
			doc,
			Number(last)
		])
	);
	const shown = raw.prepare('select doc from live_snapshot order by doc').all([]) as { doc: string }[];
	const withSnapshot = new Set(shown.map(({ doc }) => doc));
	for (const doc of archived.keys())
		if (!withSnapshot.has(doc)) report('snapshot', doc, null, 'rows are archived behind a snapshot that is not there', '有归档行，却没有它们的快照');
	for (const { doc } of shown) {
		const { position, owners, data, v2, merged } = raw.prepare('select * from live_snapshot where doc = ?').get([doc]) as LiveSnapshotTable;
		if (Number(merged) > Number(position) || (archived.get(doc) ?? 0) > Number(merged))
			report(
				'snapshot',
				doc,
				Number(position),
				`it was proved up to ${merged}, and rows up to ${archived.get(doc) ?? 0} are archived behind it`,
				`快照核对到第 ${merged} 行，归档却到第 ${archived.get(doc) ?? 0} 行`
			);
		const rows = rowsOf.all([doc, BigInt(position)]) as Pick<LiveLogTable, 'user' | 'data'>[];
		try {
			const updates = rows.map((row) => new Uint8Array(row.data));
			const what =
				(JSON.stringify(sorted(JSON.parse(owners) as Record<string, string>)) === JSON.stringify(sorted(ownersIn(rows, updates))) ? null : 'authors') ??
				differs(updates, new Uint8Array(data), Y.applyUpdate) ??
				(v2 === null ? null : differs(updates, new Uint8Array(v2), Y.applyUpdateV2));
			if (what !== null) report('snapshot', doc, Number(position), `it differs from the rows in its ${what}`, `快照与各行不同：${what}`);
		} catch (error) {
			report(
				'snapshot',
				doc,
				Number(position),
				`it or its rows cannot be read (${error instanceof Error ? error.name : 'Error'})`,
				`快照或其中的行读不出（${error instanceof Error ? error.name : 'Error'}）`
			);
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
