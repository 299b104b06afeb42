import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor, Outcome, WardId } from '../../kernel/index.ts';
import { tables, testHospital, type TestHospital } from '../../kernel/server/index.ts';
import { demoBed, demoPerson, demoWards } from '../../organization/index.ts';
import { demoPatient, type DemoPerson } from '../../patient/index.ts';
import { boardOf, boardStateOf, countersOf, targetVerdict, type Board } from '../index.ts';
import { mayReadPatient, patientBanner, transfersOf, wardBoardView } from '../server.ts';
import { registry } from '../ward-board/server/test-registry.ts';
import { isSamePerson } from './decide.ts';
import type { WardTransferTables } from './server/tables.ts';
import type { TransferRequested } from './ward-transfer.ts';

const signedIn = (username: string): Actor => {
	const { id, name, role, organization, wards } = demoPerson(username);
	return { user: id, name, role, organization, wards, session: 's', steppedUpAt: 0 };
};
const nurse = signedIn('nurse1');
const emergency = signedIn('nurse-gb');
const women = signedIn('nurse-hj');
let house: TestHospital;
beforeAll(async () => {
	house = await testHospital(registry, { seedAt: Date.now() });
});
afterAll(async () => {
	await house.close();
});
const code = (outcome: Outcome): string => (outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind);
const send = (command: string, input: unknown, actor: Actor): Promise<Outcome> => house.execute(`inpatient.ward-transfer.${command}`, input, actor);
const run = async (command: string, input: unknown, actor: Actor): Promise<string> => code(await send(command, input, actor));
const board = async (ward: keyof typeof demoWards): Promise<Board> => boardOf(await wardBoardView(house.hospital.reader, demoWards[ward], Date.now()))!;
const reads = (actor: Actor, person: DemoPerson): Promise<boolean> => mayReadPatient(house.hospital.reader, actor, person.id);
const about = (person: DemoPerson) => ({ patient: person.id, stay: person.stay });
const wristband = (person: DemoPerson) => ({ name: person.name, mrn: person.mrn.slice(-4) });
async function ask(person: DemoPerson, to: WardId, actor: Actor): Promise<string> {
	const outcome = await send('request', { ...about(person), to, reason: '转科治疗' }, actor);
	if (outcome.kind !== 'done') throw new Error(code(outcome));
	return (outcome.events[0] as TransferRequested).transfer;
}

describe('from one ward to another', () => {
	const person = demoPatient('male/28');

	it('is asked for by the ward that has the patient, and stands in the other ward before anybody moved', async () => {
		const input = { ...about(person), to: demoWards.emergency, reason: '胸痛，转急诊处理' };
		expect(await run('request', input, women)).toBe('forbidden');
		expect(await run('request', { ...input, to: demoWards.female }, nurse)).toBe('ward-sex');
		expect(await run('request', { ...input, to: demoWards.male }, nurse)).toBe('same-ward');
		expect(await reads(emergency, person)).toBe(false);
		expect(await run('request', input, nurse)).toBe('done');
		expect(await run('request', input, nurse)).toBe('transfer-open');
		const there = (await board('emergency')).incoming;
		expect(there).toMatchObject([{ occupant: { name: person.name }, from: '精神科男病区', fromBed: '28', by: '王思齐', reason: '胸痛，转急诊处理' }]);
		const here = await board('male');
		expect(here.beds.find((bed) => bed.number === '28')?.occupant?.patient).toBe(person.id);
		expect(here.outgoing).toMatchObject([{ stay: person.stay, to: '急诊留观', declined: null }]);
	});

	it('lets the other ward read, to prepare, and write nothing yet', async () => {
		expect(await reads(emergency, person)).toBe(true);
		expect(code(await house.execute('nursing.risk.set-diet', { patient: person.id, diet: 'fasting' }, emergency))).toBe('forbidden');
		const recorded = await house.execute('nursing.risk.set-diet', { patient: person.id, diet: 'liquid' }, nurse);
		const felt = registry
			.flatMap((served) => served.projections ?? [])
			.flatMap((one) => (recorded.kind === 'done' ? recorded.events.flatMap(one.affected) : []));
		expect(felt.map((view) => view.id).toSorted()).toEqual([demoWards.male, demoWards.emergency].toSorted());
	});

	it('nobody goes home while another ward is asked', async () => {
		expect(code(await house.execute('inpatient.stay.discharge-notice', about(person), signedIn('resident1')))).toBe('transfer-open');
	});

	it('is received by the other ward alone, off the wristband, into a bed that the rules allow', async () => {
		const [{ transfer } = { transfer: '' }] = (await board('emergency')).incoming;
		const input = { ...about(person), transfer, identified: wristband(person), bed: demoBed('emergency', '06') };
		expect(await run('receive', input, nurse)).toBe('forbidden');
		expect(await run('receive', { ...input, identified: { name: '别人', mrn: person.mrn } }, emergency)).toBe('wristband-differs');
		expect(await run('receive', { ...input, identified: { name: person.name, mrn: '0000' } }, emergency)).toBe('wristband-differs');
		expect(await run('receive', { ...input, patient: demoPatient('male/29').id }, emergency)).toBe('patient-mismatch');
		expect(await run('receive', { ...input, bed: demoBed('male', '12') }, emergency)).toBe('bed-not-in-this-ward');
		expect(await run('receive', { ...input, bed: demoBed('emergency', '01') }, emergency)).toBe('bed-occupied');
		// The other bed of the room holds somebody of unknown sex: a reason is asked for.
		expect(await run('receive', input, emergency)).toBe('sex-unknown');
		expect(await run('receive', { ...input, override: { rule: 'sex-unknown', reason: '单独看护，已告知值班医师' } }, emergency)).toBe('done');
		expect(await run('receive', input, emergency)).toBe('transfer-ended');
		expect(await run('cancel', { ...about(person), transfer, reason: '不转了' }, nurse)).toBe('transfer-ended');
	});

	it('changes both boards, the counters, the banner and every right in the same commit', async () => {
		const [from, to] = [await board('male'), await board('emergency')];
		expect(from.beds.find((bed) => bed.number === '28')).toMatchObject({ occupant: null, status: 'cleaning' });
		expect([...from.outgoing, ...to.incoming.filter((one) => one.occupant.patient === person.id)]).toEqual([]);
		expect(to.beds.find((bed) => bed.number === '06')?.occupant).toMatchObject({ patient: person.id, fromWard: '精神科男病区', nurse: { name: '高斌' } });
		expect(countersOf(from, Date.now()).transferredOutToday).toBe(2);
		expect(countersOf(to, Date.now()).transferredInToday).toBe(2);
		expect(await patientBanner(house.hospital.reader, person.id)).toMatchObject({ ward: { name: '急诊留观' }, bed: '06' });
		expect(code(await house.execute('nursing.risk.set-diet', { patient: person.id, diet: 'fasting' }, emergency))).toBe('done');
		expect(
			code(await house.execute('inpatient.bed-assignment.transfer', { ...about(person), from: demoBed('male', '28'), to: demoBed('male', '12') }, nurse))
		).toBe('forbidden');
		expect(await transfersOf(house.hospital.reader, person.stay)).toMatchObject([{ end: { how: 'received', by: '高斌' } }]);
	});

	it('names who answers for the patient here: somebody of this ward, in a post that fits, by this ward alone', async () => {
		const name = (post: string, user: Actor, by: Actor): Promise<Outcome> =>
			house.execute('inpatient.stay.set-responsible', { ...about(person), post, user: user.user }, by);
		const doctor = signedIn('chief1');
		expect(code(await name('attending', doctor, nurse))).toBe('forbidden');
		expect(code(await name('nurse', nurse, emergency))).toBe('not-of-this-post');
		expect(code(await name('resident', doctor, emergency))).toBe('not-of-this-post');
		expect(code(await name('attending', doctor, emergency))).toBe('done');
		const there = async () => (await board('emergency')).beds.find((bed) => bed.number === '06')?.occupant;
		expect(await there()).toMatchObject({ attending: { name: doctor.name }, nurse: { name: '高斌' } });
		expect(code(await house.execute('inpatient.stay.set-responsible', { ...about(person), post: 'nurse', user: null }, emergency))).toBe('done');
		expect(await there()).toMatchObject({ nurse: null });
	});

	it('goes back by the same way, and may wait there without a bed', async () => {
		const transfer = await ask(person, demoWards.male, emergency);
		expect(await run('receive', { ...about(person), transfer, identified: { name: person.name, mrn: person.mrn }, bed: null }, nurse)).toBe('done');
		const male = await board('male');
		expect(male.waiting.map((entry) => entry.occupant.patient)).toContain(person.id);
		expect(code(await house.execute('inpatient.bed-assignment.assign-from-waiting', { ...about(person), to: demoBed('male', '12') }, nurse))).toBe('done');
		expect((await board('emergency')).beds.find((bed) => bed.number === '06')).toMatchObject({ occupant: null, status: 'cleaning' });
	});
});

describe('taken back or sent back', () => {
	it('leaves no right behind in a ward that never had the patient', async () => {
		const person = demoPatient('male/32');
		const transfer = await ask(person, demoWards.emergency, nurse);
		expect(await reads(emergency, person)).toBe(true);
		expect(await run('cancel', { ...about(person), transfer, reason: '选错病区' }, emergency)).toBe('forbidden');
		expect(await run('cancel', { ...about(person), transfer, reason: '选错病区' }, nurse)).toBe('done');
		expect(await reads(emergency, person)).toBe(false);
		expect((await board('emergency')).incoming.map((one) => one.occupant.patient)).not.toContain(person.id);
		expect(await run('receive', { ...about(person), transfer, identified: wristband(person), bed: null }, emergency)).toBe('transfer-ended');
	});

	it('tells the ward that asked who sent the patient back, and why, until it asks again', async () => {
		const person = demoPatient('male/34');
		const transfer = await ask(person, demoWards.emergency, nurse);
		expect(await run('decline', { ...about(person), transfer, reason: '留观床已满' }, nurse)).toBe('forbidden');
		expect(await run('decline', { ...about(person), transfer, reason: '留观床已满' }, emergency)).toBe('done');
		expect((await board('male')).outgoing).toMatchObject([{ stay: person.stay, declined: { by: '高斌', reason: '留观床已满' } }]);
		await ask(person, demoWards.emergency, nurse);
		expect((await board('male')).outgoing).toMatchObject([{ stay: person.stay, declined: null }]);
	});

	it('two wards, two beds, two nurses at once: one ends it, the other is told by whom and how', async () => {
		const person = demoPatient('male/35');
		const transfer = await ask(person, demoWards.emergency, nurse);
		const receive = { ...about(person), transfer, identified: wristband(person), bed: null };
		const outcomes = await Promise.all([send('receive', receive, emergency), send('cancel', { ...about(person), transfer, reason: '不转了' }, nurse)]);
		expect(outcomes.map(code).toSorted()).toEqual(['done', 'transfer-ended']);
		const lost = outcomes.find((outcome) => outcome.kind === 'refused');
		expect(lost?.kind === 'refused' ? lost.refusal.facts : {}).toMatchObject({ by: expect.any(String), at: expect.any(Number), how: expect.any(String) });
	});
});

describe('what the database holds by itself', () => {
	it('one open transfer a stay, a ward that is not the own, a bed in the ward of the patient', async () => {
		const person = demoPatient('male/37');
		await ask(person, demoWards.emergency, nurse);
		const writer = tables<WardTransferTables>(house.hospital.reader);
		expect(
			await writer.selectFrom('inpatient_ward_transfer').select('id').where('stay', '=', person.stay).where('ended_at', 'is', null).execute()
		).toHaveLength(1);
		const state = boardStateOf(await board('emergency'));
		expect(state.stays.get(person.stay)).toMatchObject({ bed: null });
		expect(targetVerdict(state, person.stay, demoBed('emergency', '05')).kind).toBe('refused');
	});
});

describe('the wristband', () => {
	const person = { name: '柯明远', mrn: 'ZY260137' };
	it.each([
		['柯明远', 'ZY260137', true],
		['柯明远', 'zy260137', true],
		['柯明远', '0137', true],
		['柯明远', '137', false],
		['柯明远', '0138', false],
		['柯鸣远', '0137', false]
	])('%s with %s: %s', (name, mrn, same) => {
		expect(isSamePerson(person, { name, mrn })).toBe(same);
	});
});

describe('two wards reach for one patient at once', () => {
	const person = demoPatient('emergency/01');
	const lying = async (): Promise<readonly string[]> =>
		(await Promise.all((['male', 'emergency'] as const).map(board))).flatMap((one) =>
			[...one.beds.map((bed) => bed.occupant), ...one.waiting.map((entry) => entry.occupant)].flatMap((who) =>
				who?.stay === person.stay ? [one.ward.ward.name] : []
			)
		);
	const place = async (ward: 'male' | 'emergency') => (await board(ward)).beds.find((bed) => bed.occupant?.stay === person.stay)?.bed ?? null;
	const freeIn = async (ward: 'male' | 'emergency') => {
		const shown = await board(ward);
		const from = await place(ward);
		return shown.beds.find((bed) => bed.occupant === null && bed.bed !== from && targetVerdict(boardStateOf(shown), person.stay, bed.bed).kind === 'allowed')
			?.bed;
	};

	it('whoever comes first: the patient is in one bed of one ward, and the other is refused', async () => {
		let { transfer } = (await board('male')).incoming.find((one) => one.occupant.stay === person.stay)!;
		for (const sourceFirst of [false, true]) {
			const from = await place('emergency');
			const [to, free] = [await freeIn('male'), await freeIn('emergency')];
			const receiving = () => run('receive', { ...about(person), transfer, identified: wristband(person), bed: to }, nurse);
			const within = () =>
				house
					.execute(
						free === undefined ? 'inpatient.bed-assignment.send-to-waiting' : 'inpatient.bed-assignment.transfer',
						{ ...about(person), from, ...(free === undefined ? {} : { to: free }) },
						emergency
					)
					.then(code);
			const [received, moved] = sourceFirst ? await Promise.all([within(), receiving()]).then(([a, b]) => [b, a]) : await Promise.all([receiving(), within()]);
			// Moved within the old ward, the patient is still the one who was asked for; once received, the old ward has no say.
			expect([received, moved]).toEqual(sourceFirst ? ['done', 'done'] : ['done', 'forbidden']);
			expect(await lying()).toEqual(['精神科男病区']);
			expect(await place('male')).toBe(to);
			if (sourceFirst) continue;
			const back = await ask(person, demoWards.emergency, nurse);
			expect(code(await house.execute('inpatient.bed.set-status', { bed: from, status: 'free' }, emergency))).toBe('done');
			expect(await run('receive', { ...about(person), transfer: back, identified: wristband(person), bed: from }, emergency)).toBe('done');
			transfer = (await ask(person, demoWards.male, emergency)) as typeof transfer;
		}
	});
});
