import { createHash } from 'node:crypto';
import * as Y from 'yjs';
import { anchorText, RIGHTS } from './audit-anchor.ts';
import { auditDigest, type AuditHead, type AuditTable } from './audit.ts';
import type { RawDatabase } from './bind-guard.ts';
import { chainHash } from './live-chain.ts';
import { changeLiveRights, sealLive, type LiveLogTable } from './live-log.ts';
import { tables, task } from './module.ts';
import { testHospital, type TestHospital } from './test-hospital.ts';

/** mulberry32: a failing run prints its seed and can be replayed. */
export function seededRandom(seed: number): (below: number) => number {
	let state = seed >>> 0;
	return (below) => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
	};
}
type Random = ReturnType<typeof seededRandom>;
const pick = <T>(random: Random, list: readonly T[]): T => list[random(list.length)]!;

/** A small house with a past: several documents, some rows archived behind a snapshot, audit lines, anchors, and a head kept outside. */
export async function houseWithPast(seed: number): Promise<{ house: TestHospital; outside: readonly AuditHead[] }> {
	const random = seededRandom(seed);
	const rights = task<{ readonly doc: string; readonly seal: boolean }, void>({
		name: 'past.rights',
		run: (trx, { doc, seal }, now) => (seal ? sealLive : changeLiveRights)(trx, doc, now)
	});
	const house = await testHospital([{ id: 'past', tasks: [rights] }]);
	const { writer } = house.hospital;
	const docs = ['note/a', 'note/b', 'report/c'].map((name) => ({ name, doc: new Y.Doc(), rows: 0 }));
	const outside: AuditHead[] = [];
	for (let i = 0; i < 36; i++) {
		const { name, doc } = pick(random, docs);
		const before = Y.encodeStateVector(doc);
		doc.getText('text').insert(0, `${i} `);
		const user = `u${random(3)}`;
		await writer.append([
			{ doc: name, generation: 0, update: Y.encodeStateAsUpdate(doc, before), user: `${name}-author`, session: `s-${user}`, device: `d-${user}` }
		]);
		await writer.task('kernel.audit', {
			organization: 'o',
			user,
			session: `s-${user}`,
			action: 'read',
			purpose: 'chart',
			patient: `p${random(3)}`,
			outcome: 'done',
			detail: { i }
		});
		if (i % 9 === 8) outside.push((await writer.task('kernel.anchor', {})) as AuditHead);
		if (i === 20) await archive(house, docs[0]!.name, docs[0]!.doc);
	}
	for (const [doc, seal] of [
		['note/a', true],
		['note/empty', true],
		['note/open', false]
	] as const)
		await writer.task('past.rights', { doc, seal });
	outside.push((await writer.task('kernel.anchor', {})) as AuditHead);
	for (const { doc } of docs) doc.destroy();
	return { house, outside };
}

async function archive(house: TestHospital, name: string, doc: Y.Doc): Promise<void> {
	const rows = await tables<{ live_log: LiveLogTable }>(house.hospital.reader)
		.selectFrom('live_log')
		.select(['position', 'hash'])
		.where('doc', '=', name)
		.orderBy('position')
		.execute();
	const last = rows.at(-1);
	if (last === undefined) return;
	const owners = Object.fromEntries([...Y.snapshot(doc).sv.keys()].map((client) => [client, `${name}-author`]));
	const done = await house.hospital.writer.task('kernel.live-compact', {
		doc: name,
		position: Number(last.position),
		hash: last.hash,
		rows: rows.length,
		owners,
		v1: Y.encodeStateAsUpdate(doc),
		v2: Y.encodeStateAsUpdateV2(doc)
	});
	if (!(done as { ok: boolean }).ok) throw new Error(JSON.stringify(done));
}

type Rows<T> = readonly (T & { readonly position: number })[];
interface Stored {
	readonly raw: RawDatabase;
	readonly random: Random;
	readonly live: Rows<LiveLogTable>;
	readonly audit: Rows<AuditTable>;
	tableOf(position: number): 'live_log' | 'live_archive';
}
const exec = (raw: RawDatabase, sql: string, ...values: readonly unknown[]): void => {
	const { changes } = raw.prepare(sql).run(values.map((value) => (typeof value === 'number' ? BigInt(value) : value)));
	if (changes === 0) throw new Error(`nothing changed: ${sql}`);
};
const other = (text: string, random: Random): string => (random(2) === 0 ? `${text}x` : text.length > 1 ? text.slice(1) : `${text}yy`);
function flipped(data: Uint8Array, random: Random): Uint8Array {
	const copy = new Uint8Array(data);
	copy[random(copy.length)]! ^= 1 << random(8);
	return copy;
}

/** Sets a table's end so that the missing rows were never given out: what somebody does who knows SQLite. */
const forgetEnd = (raw: RawDatabase, table: 'audit' | 'live_log'): void => {
	if (table === 'audit') exec(raw, `update sqlite_sequence set seq = (select coalesce(max(position), 0) from audit) where name = 'audit'`);
	else
		exec(
			raw,
			`update sqlite_sequence set seq = max((select coalesce(max(position), 0) from live_log), (select coalesce(max(position), 0) from live_archive)) where name = 'live_log'`
		);
};
/** Makes a document's record fit the rows that are left. */
function fitRecord(raw: RawDatabase, doc: string): void {
	const rows = raw
		.prepare(
			'select position, hash from (select position, hash, doc from live_archive union all select position, hash, doc from live_log) where doc = ? order by position'
		)
		.all([doc]) as { position: number; hash: string }[];
	const last = rows.at(-1);
	exec(raw, 'update live_document set head = ?, position = ?, hash = ? where id = ?', rows.length, Number(last?.position ?? 0), last?.hash ?? '', doc);
}

/** Makes all records fit what is left of the audit. */
function fitToAudit(raw: RawDatabase): void {
	raw.exec('update live_document set anchored = 0, generation = 0, sealed = 0');
	for (const { action, detail } of raw.prepare('select action, detail from audit order by position').all([]) as { action: string; detail: string }[]) {
		if (action === 'anchor')
			for (const [doc, text] of Object.entries(JSON.parse(detail) as Record<string, string>))
				exec(raw, 'update live_document set anchored = ? where id = ?', Number(text.split(' ')[1]), doc);
		if (action !== RIGHTS) continue;
		const { doc, generation, sealed } = JSON.parse(detail) as { doc: string; generation: number; sealed: number };
		exec(raw, 'update live_document set generation = ?, sealed = ? where id = ?', generation, sealed, doc);
	}
	raw.exec('delete from live_document where head = 0 and generation = 0');
}

/** Everything somebody with the file, SQLite and this source code may try. Each returns true if it changed something. */
export const TAMPERINGS: Readonly<Record<string, (stored: Stored) => boolean>> = {
	'a field of a live row': ({ raw, random, live, tableOf }) => {
		const row = pick(random, live);
		const field = pick(random, ['doc', 'user', 'session', 'device', 'hash'] as const);
		const value =
			field === 'doc'
				? pick(
						random,
						['note/a', 'note/b', 'report/c', 'note/none'].filter((doc) => doc !== row.doc)
					)
				: other(String(row[field]), random);
		exec(raw, UPDATE_LIVE[tableOf(row.position)][field], value, row.position);
		return true;
	},
	'the bytes of a live row': ({ raw, random, live, tableOf }) => {
		const row = pick(random, live);
		exec(raw, UPDATE_LIVE[tableOf(row.position)].data, flipped(row.data, random), row.position);
		return true;
	},
	'the time of a live row': ({ raw, random, live, tableOf }) => {
		const row = pick(random, live);
		exec(raw, UPDATE_LIVE[tableOf(row.position)].at, row.at + 1 + random(10_000), row.position);
		return true;
	},
	'the old form of a live row': ({ raw, random, live, tableOf }) => {
		const row = pick(random, live);
		exec(raw, UPDATE_LIVE[tableOf(row.position)].device, null, row.position);
		return true;
	},
	'a live row removed': ({ raw, random, live, tableOf }) => {
		const { position, doc } = pick(random, live);
		exec(raw, DELETE_LIVE[tableOf(position)], position);
		if (random(2) === 0) fitRecord(raw, doc);
		return true;
	},
	'two live rows change places': ({ raw, random, live, tableOf }) => {
		const [a, b] = [pick(random, live), pick(random, live)];
		if (a.position === b.position) return false;
		for (const [row, at] of [
			[a, b.position],
			[b, a.position]
		] as const)
			exec(raw, REPLACE_LIVE[tableOf(at)], row.doc, row.user, row.session, row.device, row.at, row.hash, row.data, at);
		return true;
	},
	'the end of the live log cut off': ({ raw, random, live, tableOf }) => {
		const cut = live.slice(-1 - random(Math.min(8, live.length - 1)));
		for (const { position } of cut) exec(raw, DELETE_LIVE[tableOf(position)], position);
		for (const doc of new Set(cut.map(({ doc }) => doc))) fitRecord(raw, doc);
		forgetEnd(raw, 'live_log');
		return true;
	},
	'the end of one document cut off': ({ raw, random, live, tableOf }) => {
		const doc = pick(random, live).doc;
		const own = live.filter((row) => row.doc === doc);
		for (const { position } of own.slice(-1 - random(own.length))) exec(raw, DELETE_LIVE[tableOf(position)], position);
		fitRecord(raw, doc);
		forgetEnd(raw, 'live_log');
		return true;
	},
	'a live row put in at the end': ({ raw, random, live }) => {
		const model = pick(random, live);
		const position = live.at(-1)!.position + 1;
		exec(
			raw,
			'insert into live_log (position, doc, user, session, device, at, hash, data) values (?, ?, ?, ?, ?, ?, ?, ?)',
			position,
			model.doc,
			model.user,
			model.session,
			model.device,
			model.at,
			model.hash,
			model.data
		);
		if (random(2) === 0) fitRecord(raw, model.doc);
		return true;
	},
	'a live row changed and its chain written anew': ({ raw, random, live, tableOf }) => {
		const changed = pick(random, live);
		let previous = '';
		for (const row of live.filter(({ doc }) => doc === changed.doc)) {
			const mine = row.position === changed.position ? { ...row, user: other(row.user, random) } : row;
			const hash = chainHash(previous, mine);
			exec(raw, UPDATE_LIVE[tableOf(row.position)].user, mine.user, row.position);
			exec(raw, UPDATE_LIVE[tableOf(row.position)].hash, hash, row.position);
			previous = hash;
		}
		fitRecord(raw, changed.doc);
		return true;
	},
	'a live row changed, its chain, the anchors and the audit written anew': ({ raw, random, live, audit, tableOf }) => {
		const changed = pick(random, live);
		const hashes = new Map<number, string>();
		let previous = '';
		for (const row of live.filter(({ doc }) => doc === changed.doc)) {
			const mine = row.position === changed.position ? { ...row, at: row.at + 7 } : row;
			previous = chainHash(previous, mine);
			hashes.set(row.position, previous);
			exec(raw, UPDATE_LIVE[tableOf(row.position)].at, mine.at, row.position);
			exec(raw, UPDATE_LIVE[tableOf(row.position)].hash, previous, row.position);
		}
		fitRecord(raw, changed.doc);
		rewriteAudit(raw, audit, (row) => {
			if (row.action !== 'anchor') return row;
			const detail = Object.fromEntries(
				Object.entries(JSON.parse(row.detail) as Record<string, string>).map(([doc, text]) => {
					const [position, count, hash] = text.split(' ');
					return [
						doc,
						doc === changed.doc ? anchorText({ position: Number(position), count: Number(count), hash: hashes.get(Number(position)) ?? hash! }) : text
					];
				})
			);
			return { ...row, detail: JSON.stringify(detail) };
		});
		return true;
	},
	'a field of an audit row': ({ raw, random, audit }) => {
		const row = pick(random, audit);
		const field = pick(random, ['organization', 'user', 'session', 'action', 'purpose', 'outcome', 'detail', 'previous', 'hash'] as const);
		exec(raw, UPDATE_AUDIT[field], other(row[field], random), row.position);
		return true;
	},
	'whom an audit row is about, or when': ({ raw, random, audit }) => {
		const row = pick(random, audit);
		if (random(2) === 0) exec(raw, UPDATE_AUDIT.at, Number(row.at) - 1 - random(100), row.position);
		else exec(raw, UPDATE_AUDIT.patient, row.patient === null ? 'p1' : random(2) === 0 ? null : `${row.patient}0`, row.position);
		return true;
	},
	'an audit row removed': ({ raw, random, audit }) => {
		exec(raw, 'delete from audit where position = ?', pick(random, audit).position);
		forgetEnd(raw, 'audit');
		return true;
	},
	'two audit rows change places': ({ raw, random, audit }) => {
		const [a, b] = [pick(random, audit), pick(random, audit)];
		if (a.position === b.position) return false;
		exec(raw, 'update audit set position = -1 where position = ?', a.position);
		exec(raw, 'update audit set position = ? where position = ?', a.position, b.position);
		exec(raw, 'update audit set position = ? where position = -1', b.position);
		return true;
	},
	'the end of the audit cut off': ({ raw, random, audit }) => {
		exec(raw, 'delete from audit where position > ?', audit.length - 1 - random(Math.min(10, audit.length - 1)));
		forgetEnd(raw, 'audit');
		if (random(2) === 0) fitToAudit(raw);
		return true;
	},
	'the whole audit written anew': ({ raw, random, audit }) => {
		const changed = pick(random, audit).position;
		rewriteAudit(raw, audit, (row) => (row.position === changed ? { ...row, user: other(row.user, random) } : row));
		return true;
	},
	'the record of a document': ({ raw, random, live }) => {
		const { doc } = pick(random, live);
		if (random(2) === 0) exec(raw, 'update live_document set head = head - 1 where id = ?', doc);
		else
			exec(
				raw,
				'update live_document set hash = ? where id = ?',
				createHash('sha256')
					.update(String(random(1e6)))
					.digest('hex'),
				doc
			);
		return true;
	},
	'the seal of a document': ({ raw, random }) => {
		exec(raw, 'update live_document set sealed = 1 - sealed where id = ?', pick(random, RECORDS));
		return true;
	},
	'the generation of the rights on a document': ({ raw, random }) => {
		exec(raw, 'update live_document set generation = generation + ? where id = ?', random(2) === 0 ? 1 + random(5) : -1 - random(5), pick(random, RECORDS));
		return true;
	},
	'the seal taken off, and the audit of it written anew': ({ raw, audit }) => {
		exec(raw, `update live_document set sealed = 0 where id = 'note/a'`);
		rewriteAudit(raw, audit, (row) =>
			row.action === RIGHTS && row.detail.includes('note/a') ? { ...row, detail: row.detail.replace('"sealed":1', '"sealed":0') } : row
		);
		return true;
	},
	'the kind, the birth or the vouched rows of a document': ({ raw, random }) => {
		const doc = pick(random, RECORDS);
		const what = random(3);
		if (what === 0) exec(raw, `update live_document set kind = 'board' where id = ?`, doc);
		else if (what === 1) exec(raw, 'update live_document set created_at = created_at + ? where id = ?', random(2) === 0 ? 1 : -1 - random(9), doc);
		else exec(raw, 'update live_document set anchored = anchored + 1 where id = ?', doc);
		return true;
	},
	'the whole record of a document removed': ({ raw, random }) => {
		exec(raw, 'delete from live_document where id = ?', pick(random, RECORDS));
		return true;
	},
	'a record put in for a document that never was': ({ raw, random }) => {
		exec(
			raw,
			`insert into live_document (id, kind, head, position, hash, anchored, generation, sealed, created_at) values (?, 'note', 0, 0, '', 0, 0, 0, 1)`,
			`note/new${random(1e6)}`
		);
		return true;
	},
	'up to where a snapshot was proved': ({ raw, random }) => {
		exec(raw, 'update live_snapshot set merged = merged + ?', random(2) === 0 ? 1 + random(9) : -1);
		return true;
	},
	'the snapshot before archived rows removed': ({ raw }) => {
		exec(raw, 'delete from live_snapshot');
		return true;
	},
	'rows sent to the archive, or brought back before later ones': ({ raw, random, live, tableOf }) => {
		const row = pick(random, live);
		// The newest archived row back in the log is how a half-done archiving looks, and nothing depends on it.
		if (tableOf(row.position) === 'live_archive' && !live.some(({ position }) => position > row.position && tableOf(position) === 'live_archive')) return false;
		const into = tableOf(row.position) === 'live_log' ? 'live_archive' : 'live_log';
		exec(raw, MOVE_LIVE[into], row.position);
		exec(raw, DELETE_LIVE[tableOf(row.position)], row.position);
		return true;
	},
	'the snapshot people are shown': ({ raw, random }) => {
		const doc = new Y.Doc();
		doc.getText('text').insert(0, `forged ${random(1e6)}`);
		exec(raw, random(2) === 0 ? 'update live_snapshot set data = ?' : 'update live_snapshot set v2 = ?', Y.encodeStateAsUpdate(doc));
		doc.destroy();
		return true;
	},
	'the authors of the snapshot': ({ raw, random }) => {
		exec(raw, `update live_snapshot set owners = replace(owners, 'author', ?)`, `thief${random(1e6)}`);
		return true;
	}
};

function rewriteAudit(raw: RawDatabase, audit: Rows<AuditTable>, change: (row: AuditTable & { position: number }) => AuditTable & { position: number }): void {
	let previous = 'genesis';
	for (const row of audit) {
		const mine = { ...change(row), at: Number(row.at), previous };
		const hash = auditDigest(mine);
		exec(raw, 'update audit set user = ?, detail = ?, previous = ?, hash = ? where position = ?', mine.user, mine.detail, previous, `${hash}~`, row.position);
		previous = hash;
	}
	exec(raw, `update audit set hash = replace(hash, '~', '')`);
}

/** documents with rows and without, sealed and open */
const RECORDS = ['note/a', 'note/b', 'report/c', 'note/empty', 'note/open'] as const;
const MOVE_LIVE = {
	live_archive:
		'insert into live_archive (position, doc, user, session, device, at, hash, data) select * from (select position, doc, user, session, device, at, hash, data from live_log where position = ?)',
	live_log:
		'insert into live_log (position, doc, user, session, device, at, hash, data) select * from (select position, doc, user, session, device, at, hash, data from live_archive where position = ?)'
} as const;
const updateLive = (table: string) =>
	({
		doc: `update ${table} set doc = ? where position = ?`,
		user: `update ${table} set user = ? where position = ?`,
		session: `update ${table} set session = ? where position = ?`,
		device: `update ${table} set device = ? where position = ?`,
		at: `update ${table} set at = ? where position = ?`,
		hash: `update ${table} set hash = ? where position = ?`,
		data: `update ${table} set data = ? where position = ?`
	}) as const;
const UPDATE_LIVE = { live_log: updateLive('live_log'), live_archive: updateLive('live_archive') } as const;
const DELETE_LIVE = { live_log: 'delete from live_log where position = ?', live_archive: 'delete from live_archive where position = ?' } as const;
const replaceLive = (table: string): string =>
	'update TABLE set doc = ?, user = ?, session = ?, device = ?, at = ?, hash = ?, data = ? where position = ?'.replace('TABLE', table);
const REPLACE_LIVE = { live_log: replaceLive('live_log'), live_archive: replaceLive('live_archive') } as const;
const updateAudit = (field: string): string => 'update audit set FIELD = ? where position = ?'.replace('FIELD', field);
const UPDATE_AUDIT = Object.fromEntries(
	['organization', 'user', 'session', 'action', 'purpose', 'outcome', 'detail', 'previous', 'hash', 'at', 'patient'].map((field) => [field, updateAudit(field)])
) as Record<'organization' | 'user' | 'session' | 'action' | 'purpose' | 'outcome' | 'detail' | 'previous' | 'hash' | 'at' | 'patient', string>;

export interface TamperRuns {
	readonly runs: number;
	readonly seed: number;
	readonly byKind: Readonly<Record<string, number>>;
	readonly missed: readonly { readonly run: number; readonly kind: string }[];
}

const ALL_LIVE = `select position, doc, user, session, device, at, hash, data from live_archive
	union all select position, doc, user, session, device, at, hash, data from live_log order by position`;

/** Each run changes the file one way and asks `find` whether it is found; then the file is as it was. */
export function tamperRuns(raw: RawDatabase, { runs, seed }: { readonly runs: number; readonly seed: number }, find: () => boolean): TamperRuns {
	raw.exec('drop trigger if exists audit_no_update');
	raw.exec('drop trigger if exists audit_no_delete');
	const number = <T extends { position: number; at: number }>(rows: readonly unknown[]): T[] =>
		(rows as T[]).map((row) => ({ ...row, position: Number(row.position), at: Number(row.at) }));
	const live = number<LiveLogTable>(raw.prepare(ALL_LIVE).all([])).map((row) => ({ ...row, data: new Uint8Array(row.data) }));
	const audit = number<AuditTable & { position: number }>(raw.prepare('select * from audit order by position').all([]));
	const archived = new Set((raw.prepare('select position from live_archive').all([]) as { position: number }[]).map(({ position }) => Number(position)));
	const kinds = Object.keys(TAMPERINGS);
	const byKind: Record<string, number> = {};
	const missed: { run: number; kind: string }[] = [];
	for (let run = 0; run < runs; run++) {
		const random = seededRandom(seed * 1_000_003 + run);
		const kind = kinds[run % kinds.length]!;
		raw.exec('savepoint tampering');
		const changed = TAMPERINGS[kind]!({ raw, random, live, audit, tableOf: (position) => (archived.has(position) ? 'live_archive' : 'live_log') });
		if (changed) {
			byKind[kind] = (byKind[kind] ?? 0) + 1;
			if (!find()) missed.push({ run, kind });
		}
		raw.exec('rollback to tampering');
		raw.exec('release tampering');
	}
	return { runs, seed, byKind, missed };
}
