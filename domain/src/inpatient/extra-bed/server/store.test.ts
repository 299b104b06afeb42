import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor, BedId, Outcome } from '../../../kernel/index.ts';
import { tables, testHospital, type Handle, type TestHospital } from '../../../kernel/server/index.ts';
import { demoBed, demoHouse, demoOrganization, demoPerson, demoWards, fixtureId } from '../../../organization/index.ts';
import { removeExtraBed, type WardTables } from '../../../organization/server.ts';
import { demoPatient } from '../../../patient/index.ts';
import { assignBed } from '../../bed-assignment/server/store.ts';
import { boardOf, countersOf, type Board, type ExtraBedAdded } from '../../index.ts';
import { searchPatients, wardBoardView } from '../../server.ts';
import { registry } from '../../ward-board/server/test-registry.ts';

const now = Date.parse('2026-11-21T01:30:00Z');
const signedIn = (username: string): Actor => {
	const { id, name, role, organization, wards } = demoPerson(username);
	return { user: id, name, role, organization, wards, session: 's', steppedUpAt: 0 };
};
const head = signedIn('headnurse1');
const administrator = signedIn('admin1');
const nurse = signedIn('nurse1');
const ward = demoWards.male;
const room = demoHouse.find((one) => one.key === 'male')!.rooms.find((one) => one.name === '206')!;
const other = demoHouse.find((one) => one.key === 'male')!.rooms.find((one) => one.name === '207')!;

let house: TestHospital;
beforeAll(async () => {
	house = await testHospital([...registry, plant()], { seedAt: now });
});
afterAll(async () => {
	await house.close();
});
const code = (outcome: Outcome): string => (outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind);
const board = async (): Promise<Board> => boardOf(await wardBoardView(house.hospital.reader, ward, now))!;
const numbers = async (): Promise<readonly string[]> => (await board()).beds.flatMap((bed) => (bed.extra ? [bed.number] : []));
async function add(actor = head, to = room.id): Promise<ExtraBedAdded> {
	const outcome = await house.execute('inpatient.bed.add-extra', { ward, room: to }, actor);
	if (outcome.kind !== 'done') throw new Error(code(outcome));
	return outcome.events[0] as ExtraBedAdded;
}
const remove = (bed: BedId, actor = head): Promise<Outcome> => house.execute('inpatient.bed.remove-extra', { bed }, actor);

/** Writes past `decide`, in the same writer: what only the database can stop now. */
function plant() {
	const person = demoPatient('male/05');
	const writes: Record<string, (trx: Handle, bed: BedId, at: number) => Promise<unknown>> = {
		'into-removed': (trx, bed, at) =>
			assignBed(trx, {
				organization: demoOrganization.id,
				stay: demoPatient('male/w1').stay,
				patient: demoPatient('male/w1').id,
				ward,
				bed,
				override: null,
				at,
				by: { user: nurse.user, name: nurse.name },
				commandId: null
			}),
		'from-under': (trx, bed, at) => removeExtraBed(trx, bed, { commandId: 'c', by: person.name, at }),
		'ordinary-away': (trx, _, at) => removeExtraBed(trx, demoBed('male', '12'), { commandId: 'c', by: person.name, at }),
		'number-twice': (trx, bed) =>
			sql`insert into ward_bed (id, organization, ward, room, number, position, extra, status) select ${fixtureId('twice')}, organization, ward, room, number, position, extra, status from ward_bed where id = ${bed}`.execute(
				tables(trx)
			)
	};
	return {
		id: 'test.plant',
		tasks: [
			{
				name: 'test.past',
				// Without the guard the same write goes through: so the guard alone stopped it. Rolled back either way.
				async run(trx: Handle, { write, without, bed }: { write: string; without: string | null; bed: BedId }, at: number) {
					if (without !== null) await sql.raw(`drop ${without}`).execute(tables(trx));
					await writes[write]?.(trx, bed, at);
					throw new Error('nothing else stops it');
				}
			}
		]
	};
}
const past = (write: string, bed: BedId, without: string | null = null): Promise<unknown> => house.hospital.writer.task('test.past', { write, without, bed });

describe('an extra bed', () => {
	it('stands on the board under the next number, is counted apart, and takes a patient', async () => {
		const added = await add();
		expect(added).toMatchObject({ bedNumber: '加1', ward, room: room.id });
		const shown = (await board()).beds.find((bed) => bed.bed === added.bed);
		expect(shown).toMatchObject({ number: '加1', extra: true, room: room.id, status: 'free', occupant: null, changedBy: '李秀兰' });
		expect(countersOf(await board(), now)).toMatchObject({ beds: 60, extra: 1 });
		const person = demoPatient('male/w1');
		const place = { patient: person.id, stay: person.stay, to: added.bed };
		expect(code(await house.execute('inpatient.bed-assignment.assign-from-waiting', place, nurse))).toBe('done');
		expect((await searchPatients(house.hospital.reader, nurse, '加1', { now })).map((found) => found.patient.name)).toEqual([person.name]);

		expect(code(await remove(added.bed))).toBe('extra-bed-occupied');
		await expect(past('from-under', added.bed)).rejects.toThrow(/somebody lies in this bed/);
		await expect(past('from-under', added.bed, 'trigger ward_bed_removed_under')).rejects.toThrow(/nothing else stops it/);

		const back = { patient: person.id, stay: person.stay, from: added.bed };
		expect(code(await house.execute('inpatient.bed-assignment.send-to-waiting', back, nurse))).toBe('done');
		expect(code(await remove(added.bed))).toBe('done');
		expect(await numbers()).toEqual([]);
		expect(code(await house.execute('inpatient.bed-assignment.assign-from-waiting', place, nurse))).toBe('bed-not-in-this-ward');
		await expect(past('into-removed', added.bed)).rejects.toThrow(/this bed was taken away/);
		await expect(past('into-removed', added.bed, 'trigger bed_assignment_into_removed')).rejects.toThrow(/nothing else stops it/);
		expect(code(await remove(added.bed))).toBe('extra-bed-gone');
	});

	it('gives its number to the next one after it went, and never to two at once', async () => {
		const [one, two] = await Promise.all([add(), add(head, other.id)]);
		expect([one.bedNumber, two.bedNumber]).toEqual(['加1', '加2']);
		await expect(past('number-twice', one.bed)).rejects.toThrow(/UNIQUE|unique/);
		await expect(past('number-twice', one.bed, 'index ward_bed_number')).rejects.toThrow(/nothing else stops it/);
		await remove(one.bed);
		const third = await add(administrator, other.id);
		expect(third).toMatchObject({ bedNumber: '加1', room: other.id });
		expect(third.bed).not.toBe(one.bed);
		// The first 加1 is still told of, for those who once lay in it.
		const kept = await tables<WardTables>(house.hospital.reader).selectFrom('ward_bed').selectAll().where('id', '=', one.bed).executeTakeFirstOrThrow();
		expect(kept).toMatchObject({ number: '加1', removed_by: '李秀兰' });
		for (const { bed } of [two, third]) expect(code(await remove(bed, administrator))).toBe('done');
	});

	it('is not for nurses, for other wards, nor for an ordinary bed', async () => {
		expect(code(await house.execute('inpatient.bed.add-extra', { ward, room: room.id }, nurse))).toBe('forbidden');
		expect(code(await house.execute('inpatient.bed.add-extra', { ward: demoWards.emergency, room: room.id }, head))).toBe('forbidden');
		expect(code(await house.execute('inpatient.bed.add-extra', { ward: demoWards.female, room: room.id }, head))).toBe('room-not-in-this-ward');
		const elsewhere = { ...administrator, organization: fixtureId<'organization'>('another') };
		expect(code(await house.execute('inpatient.bed.add-extra', { ward, room: room.id }, elsewhere))).toBe('forbidden');
		expect(code(await remove(demoBed('male', '12')))).toBe('not-an-extra-bed');
		await expect(past('ordinary-away', demoBed('male', '12'))).rejects.toThrow(/CHECK|constraint/i);
	});
});
