import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boardOf, boardStateOf, countersOf, targetVerdict } from './index.ts';
import { testHospital, type TestHospital } from '../kernel/server/index.ts';
import { teamOf } from '../identity-access/server.ts';
import { demoBed, demoOrganization, demoWards } from '../organization/index.ts';
import { demoPatient, demoPeople } from '../patient/index.ts';
import { registry } from './ward-board/server/test-registry.ts';
import { wardBoardView } from './ward-board/server/view.ts';

const now = Date.parse('2026-11-21T01:30:00Z');
let house: TestHospital;
beforeAll(async () => {
	house = await testHospital(registry, { seedAt: now });
});
afterAll(async () => {
	await house.close();
});
const boardOfWard = async (ward: keyof typeof demoWards) => {
	const board = boardOf(await wardBoardView(house.hospital.reader, demoWards[ward], now));
	if (board === null) throw new Error('no board');
	return board;
};

describe('the demo hospital', () => {
	it('has 110 beds in three wards, one extra bed, and 84 people of whom two left today', async () => {
		const [male, female, emergency] = await Promise.all((['male', 'female', 'emergency'] as const).map(boardOfWard));
		expect([male!.beds.length, female!.beds.length, emergency!.beds.length]).toEqual([60, 45, 6]);
		expect(female!.beds.filter((bed) => bed.extra)).toHaveLength(1);
		expect(demoPeople).toHaveLength(84);
		expect([...male!.beds, ...female!.beds, ...emergency!.beds].filter((bed) => bed.occupant !== null)).toHaveLength(79);
		expect([male!.waiting.length, female!.waiting.length, emergency!.waiting.length]).toEqual([2, 1, 0]);
		expect([male!.incoming.length, female!.incoming.length, emergency!.outgoing.length]).toEqual([1, 1, 3]);
		expect(emergency!.outgoing.filter((asked) => asked.declined !== null)).toHaveLength(1);
	});

	it('tells every kind of state a card can have', async () => {
		const boards = await Promise.all((['male', 'female', 'emergency'] as const).map(boardOfWard));
		const people = boards.flatMap((board) => board.beds.flatMap((bed) => (bed.occupant === null ? [] : [bed.occupant])));
		expect(new Set(people.map((person) => person.allergy.status))).toEqual(new Set(['unknown', 'none-known', 'listed']));
		expect(new Set(people.map((person) => person.level?.level))).toEqual(new Set(['special', 'first', 'second', 'third']));
		expect(new Set(people.flatMap((person) => (person.isolation === null ? [] : [person.isolation.kind])))).toEqual(
			new Set(['contact', 'droplet', 'airborne', 'protective'])
		);
		expect(new Set(people.flatMap((person) => (person.earlyWarning.kind === 'absent' ? [person.earlyWarning.reason] : [])))).toEqual(
			new Set(['under-16', 'pregnancy', 'age-unknown', 'no-vitals'])
		);
		expect(new Set(people.flatMap((person) => person.risks.map((risk) => risk.kind)))).toEqual(
			new Set(['fall', 'pressure', 'suicide', 'impulsive', 'absconding'])
		);
		expect(people.filter((person) => person.alike !== null).length).toBeGreaterThanOrEqual(8);
		expect(people.some((person) => person.diet?.diet === 'fasting')).toBe(true);
		expect(people.filter((person) => person.restraint !== null)).toHaveLength(2);
		for (const person of people) expect(person.diagnosis).not.toBeNull();
		expect(people.flatMap((person) => (person.earlyWarning.kind === 'score' && person.earlyWarning.risk === 'high' ? [person.name] : []))).toEqual(
			expect.arrayContaining(['韩书远', '沈若溪'])
		);
		expect(countersOf(boards[0]!, now)).toMatchObject({ beds: 60, occupied: 42, waiting: 2, critical: 1, serious: 2, special: 1, isolated: 3, restrained: 1 });
		expect(countersOf(boards[0]!, now)).toMatchObject({ dischargedToday: 1, transferredInToday: 1, transferredOutToday: 1, incoming: 1 });
		expect(countersOf(boards[1]!, now)).toMatchObject({ beds: 44, extra: 1, dischargedToday: 1 });
		expect(countersOf(boards[2]!, now)).toMatchObject({ transferredInToday: 1, transferredOutToday: 1 });
	});

	it('breaks none of its own rules: everybody could be put where they lie', async () => {
		for (const ward of ['male', 'female', 'emergency'] as const) {
			const state = boardStateOf(await boardOfWard(ward));
			for (const stay of state.stays.values()) {
				if (stay.bed === null) continue;
				const bed = state.beds.get(stay.bed)!;
				const without = {
					...state,
					beds: new Map([...state.beds, [bed.bed, { ...bed, occupant: null, status: 'free' as const }]]),
					stays: new Map([...state.stays, [stay.stay, { ...stay, bed: null }]])
				};
				expect([stay.patientName, targetVerdict(without, stay.stay, bed.bed).kind]).toEqual([
					stay.patientName,
					stay.sex === 'unknown' ? 'needs-reason' : 'allowed'
				]);
			}
		}
	});

	it('counts somebody under every word of the head at any hour it is opened', async () => {
		const night = await testHospital(registry, { seedAt: Date.parse('2026-11-20T16:20:00Z') });
		const board = boardOf(await wardBoardView(night.hospital.reader, demoWards.male, Date.parse('2026-11-20T16:20:00Z')))!;
		expect(countersOf(board, Date.parse('2026-11-20T16:20:00Z'))).toMatchObject({ dischargedToday: 1, transferredInToday: 1, transferredOutToday: 1 });
		await night.close();
	});

	it('has in each ward a nurse, a head nurse, a resident and an attending who can be chosen', async () => {
		for (const ward of ['male', 'female', 'emergency'] as const) {
			const team = await teamOf(house.hospital.reader, demoOrganization.id, demoWards[ward]);
			expect(new Set(team.map((one) => one.role))).toEqual(new Set(['nurse', 'head-nurse', 'resident', 'attending', 'chief']));
			expect(team.filter((one) => one.role === 'nurse').length).toBeGreaterThan(1);
		}
	});

	it('has free beds where the journeys look for them', async () => {
		const male = await boardOfWard('male');
		expect(male.beds.find((bed) => bed.bed === demoBed('male', '12'))).toMatchObject({ number: '12', occupant: null, status: 'free' });
		expect(male.beds.find((bed) => bed.number === '05')?.occupant?.patient).toBe(demoPatient('male/05').id);
	});
});
