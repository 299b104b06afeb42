import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { COMMIT_BARS_MS, testHospital, type AnchorState, type TestHospital, type Troubled } from '@tongping/domain/kernel/server';
import type { SyncStats } from '@tongping/sync-server';
import { readExposition } from './exposition.fixtures.ts';
import { exposition } from './exposition.ts';
import { HttpCount } from './http-count.ts';
import { families } from './metrics.ts';
import { quantile, Watch } from './watch.ts';
import { registry } from '../../domain/src/registry.ts';

const PATIENT = '欧阳静怡';
let house: TestHospital;
let stats: SyncStats;
let troubled: readonly Troubled[] = [];
let anchored: AnchorState | null = null;
beforeAll(async () => {
	house = await testHospital(registry);
});
afterAll(() => house.close());

const fresh = (): SyncStats => ({
	rooms: 2,
	connections: 5,
	queued: 1,
	commits: 7,
	rows: 9,
	updates: 40,
	lastCommitMs: 3,
	maxCommitMs: 8,
	faults: 0,
	refusals: { sealed: 3, [`denied:${PATIENT}`]: 1, 'denied:plan': 2 },
	byRoom: [
		{ room: 'note/0190-aa', connections: 2, behind: 1, present: 2 },
		{ room: 'note/0190-bb', connections: 1, behind: 0, present: 1 },
		{ room: 'ward-board/w1', connections: 2, behind: 0, present: 0 }
	]
});
const watching = (): Watch => {
	stats = fresh();
	return new Watch({
		dataDir: tmpdir(),
		sync: () => stats,
		writer: () => house.hospital.writer.stats(),
		epoch: () => 3,
		troubles: () => troubled,
		anchors: () => anchored,
		people: () => new Map([['0190-aa', [{ name: '王思齐' }, { name: '王思齐' }]]])
	});
};
const scrape = async (watch: Watch) =>
	exposition(
		await families({
			watch,
			http: new HttpCount(),
			reader: house.hospital.reader,
			scrapeToken: null,
			sync: () => stats,
			writer: () => house.hospital.writer.stats(),
			listeners: () => new Map([['websocket', 4]])
		})
	);

it('everything the issue asks for can be scraped, with labels from closed lists and no id', async () => {
	const watch = watching();
	await house.hospital.writer.task('kernel.audit', {
		organization: 'o',
		user: 'u',
		session: 's',
		action: 'read',
		purpose: 'treatment',
		patient: null,
		outcome: 'done',
		detail: {}
	});
	await watch.look(Date.now());
	const text = await scrape(watch);
	const { values, types, labels } = readExposition(text);
	expect(values.get('tongping_room_connections{kind="note"}')).toBe(3);
	expect(values.get('tongping_sockets_behind')).toBe(1);
	expect(values.get('tongping_refusals_total{reason="denied"}')).toBe(3);
	expect(values.get('tongping_acks_total')).toBe(40);
	expect(values.get('tongping_epoch')).toBe(3);
	expect(values.get('tongping_audit_rows_total')).toBe(1);
	expect(values.get('tongping_commit_seconds_count')).toBeGreaterThanOrEqual(1);
	expect(values.get('tongping_disk_free_bytes')).toBeGreaterThan(0);
	expect(values.get('tongping_alarm{kind="disk-low"}')).toBeDefined();
	expect(types.get('tongping_commit_seconds')).toBe('histogram');
	expect([...(labels.get('tongping_refusals_total.reason') ?? [])]).toEqual(['sealed', 'denied']);
	for (const secret of ['0190', PATIENT, 'plan', 'w1']) expect(text).not.toContain(secret);
});

it('counts what happened between two looks, and raises an alarm for a load that failed', async () => {
	const watch = watching();
	await watch.look(1000);
	stats = { ...stats, updates: 55, refusals: { ...stats.refusals, sealed: 10 } };
	watch.fault('a document could not be loaded', new Error(PATIENT), { room: 'note/0190-aa' });
	const sample = await watch.look(6000);
	expect(sample).toMatchObject({ updates: 15, refusals: 7, behind: 1, faults: { 'load-failed': 1 } });
	expect(watch.now().alarms).toMatchObject([{ kind: 'load-failed', clearedAt: null }]);
	expect(watch.now().rooms.map(({ kind, id, people }) => ({ kind, id, people }))).toContainEqual({ kind: 'note', id: '0190-aa', people: ['王思齐'] });
	expect(JSON.stringify(watch.now())).not.toContain(PATIENT);
	expect(readExposition(await scrape(watch)).values.get('tongping_alarm{kind="load-failed"}')).toBe(1);
});

it('a clock set back and a place outside that fails are alarms of their own, seen while they hold', async () => {
	const watch = watching();
	await watch.look(1000);
	expect(readExposition(await scrape(watch)).values.has('tongping_outside_lag_rows{place="copy"}')).toBe(false);
	troubled = [
		{ kind: 'clock-back', since: 2000, facts: { aheadMs: 90_000 } },
		{ kind: 'anchor-copy', since: 3000, facts: { code: 'EIO', position: 1 } }
	];
	const head = { position: 0, at: 900, hash: 'a'.repeat(64) };
	anchored = { copy: { on: true, head, failedSince: Date.now() - 61_000 }, stamp: { on: false, head: null, failedSince: null } };
	for (let at = 6000; at < 60_000; at += 5000) await watch.look(at);
	expect(watch.now().alarms.map(({ kind, clearedAt }) => [kind, clearedAt])).toEqual(
		expect.arrayContaining([
			['clock', null],
			['anchor', null]
		])
	);
	expect(watch.now()).toMatchObject({ troubles: troubled, anchors: { copy: { head: { position: 0, at: 900 } } } });
	const { values } = readExposition(await scrape(watch));
	expect(values.get('tongping_alarm{kind="clock"}')).toBe(1);
	expect(values.get('tongping_alarms_total{kind="anchor"}')).toBe(1);
	expect(values.get('tongping_trouble{kind="clock-back"}')).toBe(1);
	expect(values.get('tongping_trouble{kind="disk-full"}')).toBe(0);
	expect(values.get('tongping_outside_failed_seconds{place="copy"}')).toBeGreaterThanOrEqual(61);
	expect(values.get('tongping_outside_lag_rows{place="copy"}')).toBe(values.get('tongping_audit_rows_total'));
	expect(values.has('tongping_outside_lag_rows{place="stamp"}')).toBe(false);
	expect(values.get('tongping_quarantine_waiting')).toBe(0);
	troubled = [];
	for (let at = 60_000; at < 100_000; at += 5000) await watch.look(at);
	expect(watch.now().alarms.filter(({ kind, clearedAt }) => clearedAt === null && kind !== 'back-pressure')).toEqual([]);
});

it('reads quantiles from counts', () => {
	const counts = [...COMMIT_BARS_MS, 0].map(() => 0);
	expect(quantile(counts, 0.5)).toBeNull();
	counts[3] = 98;
	counts[9] = 2;
	expect([quantile(counts, 0.5), quantile(counts, 0.99)]).toEqual([5, 50]);
});
