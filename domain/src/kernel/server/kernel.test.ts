import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { command, type Event } from '../command.ts';
import type { OrganizationId, PatientId, UserId } from '../id.ts';
import { ok, refuse } from '../result.ts';
import { verifyAudit } from './audit.ts';
import { bindable } from './bind-guard.ts';
import { assertDurable, openWriting } from './database.ts';
import { handle, tables, type Served } from './module.ts';
import { testHospital, type TestHospital } from './test-hospital.ts';
import { WriteLoop } from './write-loop.ts';

interface Taken extends Event {
	readonly type: 'test.seat.taken';
	readonly seat: string;
}
interface SeatTables {
	test_seat: { seat: string; patient: string };
}
interface Take {
	readonly seat: string;
	readonly patient: string;
	readonly explode?: boolean | undefined;
}
const take = command<Take, { holder: string | null; seat: string } | null, Taken>()({
	name: 'test.seat.take',
	schema: z.strictObject({ seat: z.string(), patient: z.string(), explode: z.boolean().optional() }),
	patient: (input) => input.patient as PatientId,
	patientOf: (_state, input) => (input.seat === 'other' ? 'somebody-else' : input.patient) as PatientId,
	policy: (actor) => actor.role === 'nurse',
	decide: (state, input) =>
		state?.holder ? refuse('seat-taken', { by: state.holder }) : ok([{ type: 'test.seat.taken', patient: input.patient as PatientId, seat: input.seat }])
});
const served: Served = {
	id: 'test/seat',
	migrations: [{ id: 'test/seat/1', sql: ['create table test_seat (seat text primary key, patient text not null)'] }],
	handlers: [
		handle(take, {
			load: async (trx, input) => ({
				seat: input.seat,
				holder: (await tables<SeatTables>(trx).selectFrom('test_seat').select('patient').where('seat', '=', input.seat).executeTakeFirst())?.patient ?? null
			}),
			save: async (trx, events, _context, _state, input) => {
				for (const event of events) await tables<SeatTables>(trx).insertInto('test_seat').values({ seat: event.seat, patient: event.patient! }).execute();
				if (input.explode) throw new Error('planted');
			}
		})
	]
};
const nurse: Actor = { user: 'u1' as UserId, name: '王思齐', role: 'nurse', organization: 'o1' as OrganizationId, wards: '*', session: 's1', steppedUpAt: 0 };

describe('the write door', () => {
	let house: TestHospital;
	beforeEach(async () => {
		house = await testHospital([served]);
	});
	afterEach(async () => {
		await house.close();
	});
	const count = (table: string): number => Number((openCount(table) as { n: number }).n);
	const openCount = (table: string): unknown => {
		const { raw } = openWriting(`${house.dataDir}/tongping.db`);
		try {
			return raw.prepare(`select count(*) as n from ${table}`).get([]);
		} finally {
			raw.close();
		}
	};

	it('gives one winner and names the holder to the loser', async () => {
		const outcomes = await Promise.all(Array.from({ length: 50 }, (_, i) => house.execute('test.seat.take', { seat: 'a', patient: `p${i}` }, nurse)));
		expect(outcomes.filter((outcome) => outcome.kind === 'done')).toHaveLength(1);
		for (const outcome of outcomes.slice(1)) expect(outcome).toEqual({ kind: 'refused', refusal: { code: 'seat-taken', facts: { by: 'p0' } } });
	});

	it('answers the same commandId with the same answer and does nothing twice', async () => {
		const first = await house.execute('test.seat.take', { seat: 'b', patient: 'p1' }, nurse, 'command-1');
		const again = await house.execute('test.seat.take', { seat: 'b', patient: 'p1' }, nurse, 'command-1');
		expect(again).toEqual(first);
		expect(await house.execute('test.seat.take', { seat: 'c', patient: 'p1' }, nurse, 'command-1')).toMatchObject({
			kind: 'refused',
			refusal: { code: 'command-id-reused' }
		});
		expect(count('outbox')).toBe(1);
	});

	it('refuses a write meant for another patient, unknown keys and the wrong role, and keeps nothing', async () => {
		expect(await house.execute('test.seat.take', { seat: 'other', patient: 'p1' }, nurse)).toMatchObject({
			kind: 'refused',
			refusal: { code: 'patient-mismatch' }
		});
		expect(await house.execute('test.seat.take', { seat: 'a', patient: 'p1', admin: 1 }, nurse)).toMatchObject({ kind: 'invalid' });
		expect(await house.execute('test.seat.take', { seat: 'a', patient: 'p1' }, { ...nurse, role: 'resident' })).toEqual({ kind: 'forbidden' });
		expect(count('test_seat')).toBe(0);
	});

	it('rolls back rows, outbox and audit of a command that throws, and only that one', async () => {
		const [broken, fine] = await Promise.allSettled([
			house.execute('test.seat.take', { seat: 'x', patient: 'p1', explode: true }, nurse),
			house.execute('test.seat.take', { seat: 'y', patient: 'p2' }, nurse)
		]);
		expect(broken.status).toBe('rejected');
		expect(fine).toMatchObject({ status: 'fulfilled', value: { kind: 'done' } });
		expect([count('test_seat'), count('outbox'), count('audit')]).toEqual([1, 1, 1]);
		expect(await verifyAudit(house.hospital.reader)).toEqual({ rows: 1, brokenAt: null });
	});

	it('finds a changed, a removed and a reordered audit row', async () => {
		for (let i = 0; i < 5; i++) await house.execute('test.seat.take', { seat: `s${i}`, patient: `p${i}` }, nurse);
		expect((await verifyAudit(house.hospital.reader)).brokenAt).toBeNull();
		const { raw } = openWriting(`${house.dataDir}/tongping.db`);
		expect(() => raw.exec(`update audit set user = 'x' where position = 2`)).toThrow(/never changed/);
		for (const trigger of ['audit_no_update', 'audit_no_delete']) raw.exec(`drop trigger ${trigger}`);
		raw.exec(`update audit set user = 'x' where position = 4`);
		expect((await verifyAudit(house.hospital.reader)).brokenAt).toBe(4);
		raw.exec(`delete from audit where position = 2`);
		expect((await verifyAudit(house.hospital.reader)).brokenAt).toBe(3);
		raw.close();
	});

	it('stores live updates contiguously, refuses a stale generation and a sealed document', async () => {
		const entry = { doc: 'note/n1', generation: 0, update: new Uint8Array([1, 2]), user: 'u1', session: 's1' };
		const results = await house.hospital.writer.append([entry, entry, { ...entry, generation: 3 }]);
		expect(results.map((result) => (result.ok ? 'stored' : result.reason))).toEqual(['stored', 'stored', 'generation']);
	});
});

describe('the guard before the driver', () => {
	it.each([[true], [undefined], [new Date()], [{}], ['a\0b'], ['\ud800'], [Number.NaN], [2n ** 60n]])('refuses %s', (value) => {
		expect(() => bindable(value)).toThrow(TypeError);
	});
	it('binds whole numbers as integers', () => {
		expect(bindable(12)).toBe(12n);
	});
});

it('refuses to run without FULL', () => {
	const { raw } = openWriting(':memory:', 'NORMAL');
	expect(() => {
		assertDurable(raw);
	}).toThrow(/FULL/);
	raw.close();
});

it('a full disk stores nothing of a batch, says that it is the storage, and goes on when there is room', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'tongping-full-'));
	const opened = openWriting(join(folder, 'tongping.db'));
	const loop = new WriteLoop(opened, [served]);
	const pages = Number(Object.values(opened.raw.prepare('pragma page_count').get([]) as Record<string, unknown>)[0]);
	opened.raw.exec(`pragma max_page_count = ${pages}`);
	const append = { kind: 'append', entries: [{ doc: 'note/n1', generation: 0, update: new Uint8Array(200_000), user: 'u1', session: 's1' }] } as const;
	const full = await loop.run([append, append]);
	expect(full.answers).toEqual([expect.objectContaining({ kind: 'fault', storage: true }), expect.objectContaining({ kind: 'fault', storage: true })]);
	opened.raw.exec('pragma max_page_count = 100000');
	expect((opened.raw.prepare('select count(*) as n from live_log').get([]) as { n: number }).n).toBe(0);
	expect((await loop.run([append])).answers[0]).toMatchObject({ kind: 'appended', results: [{ ok: true }] });
	loop.close();
	rmSync(folder, { recursive: true });
});
