import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { sql } from 'kysely';
import type { Actor, Outcome, PatientId, StayId } from '../../../kernel/index.ts';
import { tables, testHospital, type TestHospital } from '../../../kernel/server/index.ts';
import { demoBed, demoOrganization, demoPerson, demoWards, fixtureId } from '../../../organization/index.ts';
import { demoPatient, demoPeople, type DemoPerson } from '../../../patient/index.ts';
import type { WardTables } from '../../../organization/server.ts';
import type { PatientTables } from '../../../patient/server.ts';
import { registry } from '../../ward-board/server/test-registry.ts';
import { boardOf, boardStateOf, type Board } from '../../index.ts';
import type { StayTables } from '../../stay/server/tables.ts';
import { wardBoardView } from '../../ward-board/server/view.ts';
import { boardStateOfWard } from './load.ts';
import { assignBed, releaseBed } from './store.ts';
import type { BedAssignmentTables } from './tables.ts';

const now = Date.parse('2026-11-21T01:30:00Z');
const signedIn = (username: string): Actor => ({
	user: demoPerson(username).id,
	name: demoPerson(username).name,
	role: demoPerson(username).role,
	organization: demoOrganization.id,
	wards: demoPerson(username).wards,
	session: 's',
	steppedUpAt: 0
});
const nurse = signedIn('nurse1');
const second = signedIn('nurse2');
const drop = (person: DemoPerson, from: string, to: string) => ({
	patient: person.id,
	stay: person.stay,
	from: demoBed('male', from),
	to: demoBed('male', to)
});
const refusal = (outcome: Outcome) => (outcome.kind === 'refused' ? outcome.refusal : outcome.kind);

let house: TestHospital;
beforeAll(async () => {
	house = await testHospital([...registry, plant()], { seedAt: now });
});
afterAll(async () => {
	await house.close();
});
const board = async (ward: keyof typeof demoWards = 'male'): Promise<Board> => boardOf(await wardBoardView(house.hospital.reader, demoWards[ward], now))!;

const present = (sex: 'male' | 'female', cohort: string) => ({ ended_by_name: null, active_sex: sex, lock_sex: sex, lock_cohort: cohort }) as const;
const roomOf = async (number: string): Promise<string> =>
	(await tables<WardTables>(house.hospital.reader).selectFrom('ward_bed').select('room').where('id', '=', demoBed('male', number)).executeTakeFirstOrThrow())
		.room;

/** Writes past `decide`, in the same writer: what only the database can stop now. */
function plant() {
	return {
		id: 'test.plant',
		tasks: [
			{
				name: 'test.assign',
				run: (trx: never, { person, bed, override }: { person: DemoPerson; bed: ReturnType<typeof demoBed>; override: string | null }, at: number) =>
					assignBed(trx, {
						organization: demoOrganization.id,
						stay: person.stay,
						patient: person.id,
						ward: demoWards[person.ward],
						bed,
						override,
						at,
						by: { user: nurse.user, name: nurse.name },
						commandId: null
					})
			},
			{
				// Gone home in one write, and back again: only for what others are told meanwhile.
				name: 'test.left',
				async run(trx: never, { stay, bed }: { stay: StayId; bed: ReturnType<typeof demoBed> | null }, at: number) {
					await releaseBed(trx, stay, at, second.name);
					const set = bed === null ? { ended_at: at, ended_by: second.name } : { ended_at: null, ended_by: null };
					await tables<StayTables>(trx).updateTable('inpatient_stay').set(set).where('id', '=', stay).execute();
					if (bed === null) return;
					const person = demoPeople.find((one) => one.stay === stay)!;
					const by = { user: nurse.user, name: nurse.name };
					const { organization, ward } = { organization: demoOrganization.id, ward: demoWards[person.ward] };
					await assignBed(trx, { organization, stay, patient: person.id, ward, bed, override: null, at, by, commandId: null });
				}
			},
			{
				name: 'test.stretch',
				run: (trx: never, { id, endedAt }: { id: string; endedAt: number }) =>
					tables<BedAssignmentTables>(trx).updateTable('bed_assignment').set({ ended_at: endedAt }).where('id', '=', id).execute()
			},
			{
				name: 'test.stay',
				run: (trx: never, { stay, set }: { stay: StayId; set: Partial<StayTables['inpatient_stay']> }) =>
					tables<StayTables>(trx).updateTable('inpatient_stay').set(set).where('id', '=', stay).execute()
			},
			{
				// The same write in a database without this one trigger: if it goes through there, the trigger alone stops it. Rolled back.
				name: 'test.without',
				async run(trx: never, { trigger, task, input }: { trigger: string; task: string; input: unknown }, at: number) {
					await sql.raw(`drop trigger ${trigger}`).execute(tables(trx));
					const write = plant().tasks.find((candidate) => candidate.name === task);
					await write?.run(trx, input as never, at);
					throw new Error('nothing else stops it');
				}
			},
			{
				name: 'test.sql',
				run: (
					trx: never,
					{ table, values }: { table: keyof (BedAssignmentTables & StayTables & PatientTables); values: readonly Record<string, string | number | null>[] }
				) =>
					tables<BedAssignmentTables & StayTables & PatientTables>(trx)
						.insertInto(table)
						.values(values as never)
						.execute()
			}
		] as { name: string; run: (trx: never, input: never, at: number) => Promise<unknown> }[]
	};
}
interface Newcomer {
	readonly id: PatientId;
	readonly stay: StayId;
	readonly name: string;
	readonly sex: 'male' | 'female' | 'unknown';
}
/** Registered and in the male ward, waiting for a bed. */
async function arrive(people: readonly Newcomer[]): Promise<void> {
	const organization = demoOrganization.id;
	await house.hospital.writer.task('test.sql', {
		table: 'patient',
		values: people.map((p) => ({
			id: p.id,
			organization,
			mrn: p.name,
			name: p.name,
			pinyin: '',
			initials: '',
			search_key: '',
			sex: p.sex,
			birth_date: null,
			source: null,
			created_at: now
		}))
	});
	await house.hospital.writer.task('test.sql', {
		table: 'inpatient_stay',
		values: people.map((p) => ({
			id: p.stay,
			organization,
			patient: p.id,
			ward: demoWards.male,
			admitted_at: now,
			in_ward_since: now,
			payer: '自费',
			waiting_since: now
		}))
	});
}

describe('a move', () => {
	it('is on the board with its command, its author and its time, and the old bed is empty', async () => {
		const person = demoPatient('male/13');
		const outcome = await house.execute('inpatient.bed-assignment.transfer', drop(person, '13', '15'), nurse, 'move-1');
		expect(outcome).toMatchObject({
			kind: 'done',
			events: [{ type: 'inpatient.bed-assignment.bed-released' }, { type: 'inpatient.bed-assignment.bed-assigned', ward: demoWards.male }]
		});
		const after = await board();
		expect(after.beds.find((bed) => bed.number === '15')).toMatchObject({ occupant: { name: '杜若愚' }, lastCommandId: 'move-1', changedBy: '王思齐' });
		expect(after.beds.find((bed) => bed.number === '13')).toMatchObject({ occupant: null, status: 'free', lastCommandId: 'move-1' });
		expect(await house.execute('inpatient.bed-assignment.transfer', drop(person, '13', '15'), nurse, 'move-1')).toEqual(outcome);
		expect(refusal(await house.execute('inpatient.bed-assignment.transfer', drop(person, '13', '04'), second))).toMatchObject({
			code: 'stale-source-bed',
			facts: { bed: '15', by: '王思齐' }
		});
		await house.execute('inpatient.bed-assignment.transfer', drop(person, '15', '13'), nurse);
	});

	it('tells the loser who lies there, who put them there and when', async () => {
		const [a, b] = await Promise.all([
			house.execute('inpatient.bed-assignment.transfer', drop(demoPatient('male/05'), '05', '23'), nurse),
			house.execute('inpatient.bed-assignment.transfer', drop(demoPatient('male/10'), '10', '23'), second)
		]);
		expect(a.kind).toBe('done');
		expect(refusal(b)).toMatchObject({ code: 'bed-occupied', facts: { bed: '23', patientName: '张伟明', by: '王思齐', at: expect.any(Number) } });
		await house.execute('inpatient.bed-assignment.transfer', drop(demoPatient('male/05'), '23', '05'), nurse);
	});

	it('swaps in one command, waits and comes back', async () => {
		const [a, b] = [demoPatient('male/05'), demoPatient('male/10')];
		const swapped = await house.execute(
			'inpatient.bed-assignment.swap',
			{ patient: a.id, stay: a.stay, from: demoBed('male', '05'), other: { patient: b.id, stay: b.stay, from: demoBed('male', '10') } },
			nurse
		);
		expect(swapped.kind === 'done' && swapped.events).toHaveLength(4);
		expect((await board()).beds.filter((bed) => ['05', '10'].includes(bed.number)).map((bed) => bed.occupant?.name)).toEqual(['刘洋', '张伟明']);
		expect((await house.execute('inpatient.bed-assignment.send-to-waiting', { patient: a.id, stay: a.stay, from: demoBed('male', '10') }, nurse)).kind).toBe(
			'done'
		);
		expect((await board()).waiting.map((entry) => entry.occupant.name)).toContain('张伟明');
		expect((await house.execute('inpatient.bed-assignment.assign-from-waiting', { patient: a.id, stay: a.stay, to: demoBed('male', '10') }, nurse)).kind).toBe(
			'done'
		);
		expect((await board()).waiting.map((entry) => entry.occupant.name)).not.toContain('张伟明');
	});

	it('tells who has left, by whom and when, also of the other one of a swap; of a stranger it tells nothing', async () => {
		const [a, gone] = [demoPatient('male/13'), demoPatient('male/28')];
		const swap = (other: DemoPerson, actor = nurse) =>
			house.execute(
				'inpatient.bed-assignment.swap',
				{
					patient: a.id,
					stay: a.stay,
					from: demoBed('male', '13'),
					other: { patient: other.id, stay: other.stay, from: demoBed(other.ward, other.bed ?? '') }
				},
				actor
			);
		await house.hospital.writer.task('test.left', { stay: gone.stay, bed: null });
		expect(refusal(await swap(gone))).toMatchObject({ code: 'stay-ended', facts: { patientName: gone.name, by: '赵文博', at: expect.any(Number) } });
		await house.hospital.writer.task('test.left', { stay: gone.stay, bed: demoBed('male', '28') });
		expect(refusal(await swap(demoPatient('female/02')))).toMatchObject({ code: 'not-in-this-ward', facts: { patientName: null } });
	});

	it('is judged by the same state that the browser makes of the board', async () => {
		for (const ward of ['male', 'female', 'emergency'] as const) {
			const shown = await board(ward);
			const [server, browser] = [await boardStateOfWard(house.hospital.reader, demoWards[ward]), boardStateOf(shown)];
			expect([...browser.beds.values()]).toEqual([...server.beds.values()]);
			for (const stay of server.stays.values())
				expect(browser.stays.get(stay.stay)).toMatchObject({ bed: stay.bed, sex: stay.sex, patient: stay.patient, endedAt: null });
			// Those on the way from another ward are judged as well before they are here, and are in no ward's state on the server but their own.
			const coming = shown.incoming.map((one) => one.occupant.stay);
			expect(coming.filter((stay) => server.stays.has(stay))).toEqual([]);
			expect([...browser.stays.keys()].toSorted()).toEqual([...server.stays.keys(), ...coming].toSorted());
		}
	});
});

describe('who is refused', () => {
	const person = demoPatient('female/06');
	const input = { patient: person.id, stay: person.stay, from: demoBed('female', '06'), to: demoBed('female', '04') };
	it('somebody of another ward, by the ward the server finds', async () => {
		expect((await house.execute('inpatient.bed-assignment.transfer', input, nurse)).kind).toBe('forbidden');
		expect((await house.execute('inpatient.bed-assignment.transfer', { ...input, to: demoBed('male', '04') }, nurse)).kind).toBe('forbidden');
		expect((await house.execute('inpatient.bed.set-status', { bed: demoBed('female', '04'), status: 'cleaning' }, nurse)).kind).toBe('forbidden');
		expect((await house.execute('inpatient.bed-assignment.transfer', input, signedIn('admin1'))).kind).toBe('forbidden');
		expect((await house.execute('inpatient.bed-assignment.transfer', { ...input, stay: fixtureId('nobody') }, signedIn('chief1'))).kind).toBe('forbidden');
	});
	it('the wrong patient, a bed of another ward, a stranger key', async () => {
		expect(
			refusal(await house.execute('inpatient.bed-assignment.transfer', { ...input, patient: demoPatient('female/01').id }, signedIn('resident2')))
		).toMatchObject({ code: 'patient-mismatch' });
		expect(refusal(await house.execute('inpatient.bed-assignment.transfer', { ...input, to: demoBed('male', '04') }, signedIn('attending1')))).toMatchObject({
			code: 'bed-not-in-this-ward'
		});
		expect((await house.execute('inpatient.bed-assignment.transfer', { ...input, force: true }, signedIn('resident2'))).kind).toBe('invalid');
	});
});

describe('one bed and a thousand drops', () => {
	it('has one winner and 999 refusals that name them', async () => {
		const people = Array.from({ length: 1000 }, (_, i) => ({
			id: fixtureId<'patient'>(`crowd/${i}`),
			stay: fixtureId<'stay'>(`crowd-stay/${i}`),
			name: `众${i}`,
			sex: 'male' as const
		}));
		for (let i = 0; i < people.length; i += 200) await arrive(people.slice(i, i + 200));
		const outcomes = await Promise.all(
			people.map((p, i) =>
				house.execute('inpatient.bed-assignment.assign-from-waiting', { patient: p.id, stay: p.stay, to: demoBed('male', '12') }, i % 2 === 0 ? nurse : second)
			)
		);
		const winners = people.filter((_, i) => outcomes[i]?.kind === 'done');
		expect(winners).toHaveLength(1);
		for (const outcome of outcomes)
			if (outcome.kind !== 'done')
				expect(refusal(outcome)).toMatchObject({
					code: 'bed-occupied',
					facts: { bed: '12', patientName: winners[0]!.name, by: expect.any(String), at: expect.any(Number) }
				});
		const rows = await tables<BedAssignmentTables>(house.hospital.reader)
			.selectFrom('bed_assignment')
			.selectAll()
			.where('bed', '=', demoBed('male', '12'))
			.where('ended_at', 'is', null)
			.execute();
		expect(rows).toHaveLength(1);
	}, 60_000);
});

describe('the database holds where the rules are bypassed', () => {
	const past = (key: string, bed: ReturnType<typeof demoBed>, override: string | null = null) =>
		house.hospital.writer.task('test.assign', { person: demoPatient(key), bed, override });
	it('a second name in one bed', async () => {
		await expect(past('male/w1', demoBed('male', '01'))).rejects.toThrow(/UNIQUE/u);
	});
	it('a second bed for one stay', async () => {
		await expect(past('male/01', demoBed('male', '04'))).rejects.toThrow(/UNIQUE/u);
	});
	it('two people in one bed, or one stay in two beds, at the same hour of the past', async () => {
		const [person, other] = [demoPatient('male/w2'), demoPatient('male/13')];
		for (const [from, to] of [
			['13', '15'],
			['15', '13']
		] as const) {
			await new Promise((resolve) => setTimeout(resolve, 5));
			expect((await house.execute('inpatient.bed-assignment.transfer', drop(other, from, to), nurse)).kind).toBe('done');
		}
		const kept = await tables<BedAssignmentTables>(house.hospital.reader)
			.selectFrom('bed_assignment')
			.selectAll()
			.where('stay', '=', other.stay)
			.where('ended_at', 'is not', null)
			.orderBy('started_at')
			.execute();
		const past = kept.find((row) => Number(row.ended_at) > Number(row.started_at));
		if (past === undefined) throw new Error('the moves above left no history');
		const write = (changes: Partial<typeof past>) =>
			house.hospital.writer.task('test.sql', { table: 'bed_assignment', values: [{ ...past, id: fixtureId('overlap'), ...changes }] });
		const [from, until] = [Number(past.started_at), Number(past.ended_at)];
		await expect(write({ stay: person.stay, patient: person.id, started_at: from + 1, ended_at: until + 5 })).rejects.toThrow(/one bed overlap/u);
		await expect(write({ bed: demoBed('male', '04'), room: await roomOf('04'), started_at: from, ended_at: until })).rejects.toThrow(/one stay overlap/u);
		await expect(write({ stay: person.stay, patient: person.id, started_at: until - 1, ended_at: null, ...present('male', 'none') })).rejects.toThrow(
			/one bed overlap/u
		);
		// A change of what is written already meets the same wall.
		const longAgo = { started_at: from - 9_000, ended_at: from - 8_000, bed: demoBed('male', '04'), room: await roomOf('04') };
		await write(longAgo);
		await expect(house.hospital.writer.task('test.stretch', { id: fixtureId('overlap'), endedAt: until })).rejects.toThrow(/one stay overlap/u);
		await house.hospital.writer.task('test.stretch', { id: fixtureId('overlap'), endedAt: from });
	});
	it('a bed of another ward', async () => {
		await expect(past('female/w1', demoBed('male', '04'))).rejects.toThrow(/FOREIGN KEY|CHECK/u);
	});
	it('somebody of unknown sex in a ward for one, without a reason', async () => {
		const stranger: Newcomer = { id: fixtureId('stranger'), stay: fixtureId('stranger-stay'), name: '无名', sex: 'unknown' };
		await arrive([stranger]);
		const assign = (override: string | null) =>
			house.hospital.writer.task('test.assign', { person: { ...stranger, ward: 'male' }, bed: demoBed('male', '04'), override });
		await expect(assign(null)).rejects.toThrow(/CHECK/u);
		await assign('身份待核，先行安置');
		const about = { patient: stranger.id, stay: stranger.stay };
		expect((await house.execute('inpatient.bed-assignment.send-to-waiting', { ...about, from: demoBed('male', '04') }, nurse)).kind).toBe('done');
		expect((await house.execute('inpatient.bed.set-status', { bed: demoBed('male', '04'), status: 'free' }, nurse)).kind).toBe('done');
	});
	it('a woman in the room of a man, in a ward for both', async () => {
		for (const number of ['02', '04']) {
			const { id: patient, stay } = demoPatient(`emergency/${number}`);
			const waits = { patient, stay, from: demoBed('emergency', number) };
			expect((await house.execute('inpatient.bed-assignment.send-to-waiting', waits, signedIn('chief1'))).kind).toBe('done');
		}
		await expect(past('emergency/04', demoBed('emergency', '02'))).rejects.toThrow(/FOREIGN KEY/u);
	});
	it.each([
		['of another ward, in a bed that would suit', 'male/w1', 'emergency', '06'],
		['who has left the hospital', 'male/left', 'male', '04']
	] as const)('somebody %s', async (_, key, ward, number) => {
		const input = { person: { ...demoPatient(key), ward }, bed: demoBed(ward, number), override: null };
		await expect(house.hospital.writer.task('test.without', { trigger: 'inpatient_bed_in_ward', task: 'test.assign', input })).rejects.toThrow(
			'nothing else stops it'
		);
		await expect(house.hospital.writer.task('test.assign', input)).rejects.toThrow('the patient is not in the ward of this bed');
	});
	it.each([
		['goes to another ward', { ward: demoWards.emergency }],
		['leaves the hospital', { ended_at: now, ended_by: '王思齐' }]
	])('somebody who %s and keeps the bed', async (_, set) => {
		const input = { stay: demoPatient('male/10').stay, set };
		await expect(house.hospital.writer.task('test.without', { trigger: 'inpatient_ward_of_bed', task: 'test.stay', input })).rejects.toThrow(
			'nothing else stops it'
		);
		await expect(house.hospital.writer.task('test.stay', input)).rejects.toThrow('the patient still lies in a bed of the ward');
	});
	it('somebody healthy beside an isolated patient', async () => {
		await expect(past('male/w1', demoBed('male', '60'))).rejects.toThrow(/FOREIGN KEY/u);
	});
	it('two stays of one patient at once, and a stay that ends before it begins', async () => {
		const row = {
			organization: demoOrganization.id,
			patient: demoPatient('male/01').id,
			ward: demoWards.male,
			admitted_at: now,
			in_ward_since: now,
			payer: '自费',
			ended_at: null
		};
		await expect(house.hospital.writer.task('test.sql', { table: 'inpatient_stay', values: [{ id: fixtureId('double'), ...row }] })).rejects.toThrow(/UNIQUE/u);
		await expect(
			house.hospital.writer.task('test.sql', { table: 'inpatient_stay', values: [{ id: fixtureId('backwards'), ...row, ended_at: now - 1 }] })
		).rejects.toThrow(/CHECK/u);
	});
	it('keeps the locks true when isolation is found later: the same organism may follow, others may not', async () => {
		const [first, mate] = [demoPatient('male/49'), demoPatient('male/w1')];
		const chief = signedIn('chief1');
		for (const person of [first, mate])
			expect((await house.execute('nursing.risk.set-isolation', { patient: person.id, isolation: { kind: 'contact', organism: 'VRE' } }, chief)).kind).toBe(
				'done'
			);
		await house.execute('inpatient.bed.set-status', { bed: demoBed('male', '50'), status: 'free' }, nurse);
		await house.execute('inpatient.bed.set-status', { bed: demoBed('male', '51'), status: 'free' }, nurse);
		expect(
			(await house.execute('inpatient.bed-assignment.assign-from-waiting', { patient: mate.id, stay: mate.stay, to: demoBed('male', '50') }, nurse)).kind
		).toBe('done');
		await expect(past('male/w2', demoBed('male', '51'))).rejects.toThrow(/FOREIGN KEY/u);
	});
});

describe('decide and the database never disagree', () => {
	it('over seeded moves on a real file nothing that decide lets through is stopped below it', async () => {
		const chief = { ...signedIn('chief1'), role: 'head-nurse' as const };
		const seed = 20261121;
		const choices = fc.sample(fc.record({ who: fc.nat(), bed: fc.nat(), kind: fc.nat(3), isolate: fc.nat(9) }), { numRuns: 250, seed });
		for (const choice of choices) {
			const ward = choice.who % 3 === 0 ? 'emergency' : choice.who % 3 === 1 ? 'male' : 'female';
			const state = await boardStateOfWard(house.hospital.reader, demoWards[ward]);
			const stays = [...state.stays.values()].filter((stay) => !stay.patientName.startsWith('众'));
			const beds = [...state.beds.values()];
			const stay = stays[choice.who % stays.length]!;
			const bed = beds[choice.bed % beds.length]!;
			const override = { rule: 'sex-unknown', reason: '身份待核，先行安置' };
			const about = { patient: stay.patient satisfies PatientId, stay: stay.stay satisfies StayId };
			if (choice.isolate === 0)
				await house.execute(
					'nursing.risk.set-isolation',
					{ patient: stay.patient, isolation: choice.bed % 2 === 0 ? { kind: 'contact', organism: 'MRSA' } : null },
					chief
				);
			if (choice.kind === 3) await house.execute('inpatient.bed.set-status', { bed: bed.bed, status: 'free' }, chief);
			// A refusal is an answer; a fault of the database would reject here and fail the test (seed above).
			else if (stay.bed === null) await house.execute('inpatient.bed-assignment.assign-from-waiting', { ...about, to: bed.bed, override }, chief);
			else if (choice.kind === 2) await house.execute('inpatient.bed-assignment.send-to-waiting', { ...about, from: stay.bed }, chief);
			else if (bed.occupant === null) await house.execute('inpatient.bed-assignment.transfer', { ...about, from: stay.bed, to: bed.bed, override }, chief);
			else
				await house.execute(
					'inpatient.bed-assignment.swap',
					{ ...about, from: stay.bed, other: { patient: state.stays.get(bed.occupant)!.patient, stay: bed.occupant, from: bed.bed }, override },
					chief
				);
		}
		const active = await tables<BedAssignmentTables>(house.hospital.reader)
			.selectFrom('bed_assignment')
			.select(['bed', 'stay'])
			.where('ended_at', 'is', null)
			.execute();
		expect(new Set(active.map((row) => row.bed)).size).toBe(active.length);
		expect(new Set(active.map((row) => row.stay)).size).toBe(active.length);
	}, 60_000);
});
