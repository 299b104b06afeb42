import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { command, type Event } from '../command.ts';
import type { OrganizationId, UserId } from '../id.ts';
import { ok } from '../result.ts';
import type { AuditTable } from './audit.ts';
import type { LiveLogTable } from './live-log.ts';
import { handle, tables, type Served } from './module.ts';
import { testHospital, type TestHospital } from './test-hospital.ts';
import type { Trouble } from './troubles.ts';
import { WriteClock } from './write-clock.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 5, 1, 8);

interface Lying {
	id: number;
	since: number;
	ended_at: number | null;
}
interface Moved extends Event {
	readonly type: 'test.bed.moved';
}
/** A bed move as the wards make it: the running interval ends now, the next begins now. The database refuses one that ends before it began. */
const move = command<Record<string, never>, null, Moved>()({
	name: 'test.bed.move',
	schema: z.strictObject({}),
	patient: () => null,
	patientOf: () => null,
	policy: () => true,
	decide: () => ok([{ type: 'test.bed.moved', patient: null }])
});
const served: Served = {
	id: 'test/bed',
	migrations: [
		{
			id: 'test/bed/1',
			sql: ['create table test_lying (id integer primary key, since integer not null, ended_at integer, check (ended_at is null or ended_at >= since))']
		}
	],
	handlers: [
		handle(move, {
			load: async () => null,
			save: async (trx, _events, { now }) => {
				const beds = tables<{ test_lying: Lying }>(trx);
				await beds.updateTable('test_lying').set({ ended_at: now }).where('ended_at', 'is', null).execute();
				await beds
					.insertInto('test_lying')
					.values({ id: null as never, since: now, ended_at: null })
					.execute();
			}
		})
	]
};
const actor: Actor = { user: 'u1' as UserId, name: '王思齐', role: 'nurse', organization: 'o1' as OrganizationId, wards: '*', session: 's1', steppedUpAt: 0 };

let house: TestHospital | undefined;
afterEach(async () => {
	await house?.close();
	house = undefined;
});

it.each([
	['an hour', HOUR],
	['a day', 24 * HOUR]
])('a clock that steps back %s: stored times never go back, every move is done, the operator is told once and told when it is over', async (_what, back) => {
	let [wall, steady] = [START, 0];
	const pass = (ms: number): void => {
		wall += ms;
		steady += ms;
	};
	const raised: unknown[] = [];
	house = await testHospital([served], { clocks: { wall: () => wall, steady: () => steady }, onFault: (error) => raised.push(error) });
	const { hospital, execute } = house;
	const work = async (): Promise<void> => {
		pass(60_000);
		expect(await execute('test.bed.move', {}, actor)).toMatchObject({ kind: 'done' });
		expect(await hospital.writer.append([{ doc: 'note/n', generation: 0, update: new Uint8Array([0, 0]), user: 'u1', session: 's1' }])).toMatchObject([
			{ ok: true }
		]);
	};
	for (let i = 0; i < 5; i++) await work();
	wall -= back;
	for (let i = 0; i < 20; i++) await work();
	expect(raised.map((error) => (error as Trouble).kind)).toEqual(['clock-back']);
	expect(hospital.troubles.list()).toMatchObject([{ kind: 'clock-back' }]);
	expect(hospital.writer.stats().aheadMs).toBeGreaterThan(back / 2);
	// Twice the step later both clocks agree, and the alarm is over.
	for (let i = 0; i < 30; i++) {
		pass((2 * back) / 30);
		await work();
	}
	expect(hospital.troubles.list()).toEqual([]);
	expect(hospital.writer.stats().aheadMs).toBe(0);

	const audit = await tables<{ audit: AuditTable }>(hospital.reader).selectFrom('audit').select('at').orderBy('position').execute();
	const log = await tables<{ live_log: LiveLogTable }>(hospital.reader).selectFrom('live_log').select('at').orderBy('position').execute();
	for (const rows of [audit, log]) {
		const times = rows.map(({ at }) => Number(at));
		expect(times).toEqual(times.toSorted((a, b) => a - b));
		expect(new Set(times).size).toBe(times.length);
		expect(times.at(-1)).toBe(wall);
	}
});

it('starts no earlier than the last time on disk, whatever the clock says after a restart', () => {
	let [wall, steady] = [START - 24 * HOUR, 0];
	const clock = new WriteClock(START, { wall: () => wall, steady: () => steady });
	expect(clock.now()).toBe(START);
	wall += 1000;
	steady += 1000;
	expect(clock.now()).toBe(START + 500);
	expect(clock.aheadMs).toBe(24 * HOUR - 500);
});

it('a jump forward is followed, and what time synchronisation does every day is no alarm', () => {
	let wall = START;
	const clock = new WriteClock(0, { wall: () => wall, steady: () => 0 });
	expect(clock.now()).toBe(START);
	wall += HOUR;
	expect(clock.now()).toBe(START + HOUR);
	wall -= 400;
	expect(clock.now()).toBe(START + HOUR);
	expect(clock.aheadMs).toBe(0);
});

it('this test finds a clock that goes back: with the bare clock of the machine the next move is a fault', async () => {
	let wall = START;
	house = await testHospital([served], { clocks: { wall: () => wall, steady: () => 0 } });
	const { hospital, execute } = house;
	// The planted fault: the clock of stored times is the machine's.
	const bare = WriteClock.prototype.now;
	WriteClock.prototype.now = () => wall;
	try {
		expect(await execute('test.bed.move', {}, actor)).toMatchObject({ kind: 'done' });
		wall -= HOUR;
		await expect(execute('test.bed.move', {}, actor)).rejects.toThrow(/CHECK/);
	} finally {
		WriteClock.prototype.now = bare;
	}
	expect(hospital.writer.stats().faults).toBe(1);
});
