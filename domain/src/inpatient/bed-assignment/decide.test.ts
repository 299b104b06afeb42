import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BedId, StayId } from '../../kernel/index.ts';
import { mayShareRoom, type Isolation } from '../../nursing/index.ts';
import { BED_STATUSES, ROOM_SEX_RULES, WARD_SEX_RULES } from '../../organization/index.ts';
import { SEXES } from '../../patient/index.ts';
import type { BedEvent, BoardState, Override } from './bed-assignment.ts';
import { decideAssignFromWaiting, decideSendToWaiting, decideSetStatus, decideSwap, decideTransfer } from './decide.ts';
import { actor, bedId, facts, patientId, stayId, ward, type WardInWords } from './fixtures.ts';
import { mayKeepBed, mayMove } from './policy.ts';
import { swapVerdict, targetVerdict } from './verdict.ts';

const mrsa: Isolation = { kind: 'contact', organism: 'MRSA' };
const move = (state: BoardState, name: string, from: string, to: string, override: Override | null = null) =>
	decideTransfer(state, { patient: patientId(name), stay: stayId(name), from: bedId(from), to: bedId(to), override }, facts);
const exchange = (state: BoardState, a: string, aBed: string, b: string, bBed: string) =>
	decideSwap(
		state,
		{ patient: patientId(a), stay: stayId(a), from: bedId(aBed), other: { patient: patientId(b), stay: stayId(b), from: bedId(bBed) }, override: null },
		facts
	);

const two = { rooms: { a: ['1', '2'], b: ['3', '4'] } };

describe('transfer', () => {
	it('is two events: the old bed released, the new one assigned', () => {
		expect(move(ward({ ...two, people: { ann: { bed: '1' } } }), 'ann', '1', '3')).toMatchObject({
			ok: true,
			value: [
				{ type: 'inpatient.bed-assignment.bed-released', bed: bedId('1'), bedNumber: '1', to: 'bed', status: 'free', by: '赵文博' },
				{ type: 'inpatient.bed-assignment.bed-assigned', bed: bedId('3'), bedNumber: '3', patientName: 'ann', from: bedId('1') }
			]
		});
	});
	it('leaves the bed of an isolated patient to be disinfected', () => {
		expect(move(ward({ ...two, people: { ann: { bed: '1', isolation: mrsa } } }), 'ann', '1', '3')).toMatchObject({ value: [{ status: 'disinfecting' }, {}] });
		expect(move(ward({ ...two, people: { ann: { bed: '1', isolation: { kind: 'protective', organism: null } } } }), 'ann', '1', '3')).toMatchObject({
			value: [{ status: 'free' }, {}]
		});
	});

	it.each<[string, WardInWords, string, Record<string, unknown>]>([
		[
			'names the holder, who put them there and when',
			{ ...two, people: { ann: { bed: '1' }, bea: { bed: '3' } } },
			'bed-occupied',
			{ bed: '3', patientName: 'bea', by: '王思齐', at: 1000 }
		],
		[
			'a bed that is being cleaned',
			{ ...two, people: { ann: { bed: '1' } }, beds: { '3': { status: 'cleaning' } } },
			'bed-not-ready',
			{ bed: '3', status: 'cleaning' }
		],
		[
			'a bed kept for somebody else',
			{ ...two, people: { ann: { bed: '1' }, bea: {} }, beds: { '3': { status: 'reserved', reservedFor: 'bea' } } },
			'bed-not-ready',
			{ status: 'reserved' }
		],
		['a man in a ward for women', { ...two, people: { ann: { bed: '1', sex: 'male' } } }, 'ward-sex', { rule: 'female', sex: 'male' }],
		['a woman to a room kept for men', { ...two, sexRule: 'mixed', roomRule: 'male', people: { ann: { bed: '1' } } }, 'room-sex', { sex: 'male' }],
		[
			'a woman to a room where a man lies',
			{ ...two, sexRule: 'mixed', roomRule: 'same-sex', people: { ann: { bed: '1' }, bob: { bed: '4', sex: 'male' } } },
			'room-sex',
			{ holder: 'bob', holderBed: '4' }
		],
		['somebody whose sex nobody knows, without a reason', { ...two, people: { ann: { bed: '1', sex: 'unknown' } } }, 'sex-unknown', { holder: 'ann' }],
		[
			'a room where somebody of unknown sex lies',
			{ ...two, sexRule: 'mixed', roomRule: 'same-sex', people: { ann: { bed: '1' }, xan: { bed: '4', sex: 'unknown' } } },
			'sex-unknown',
			{ holder: 'xan' }
		],
		[
			'the room of an isolated patient',
			{ ...two, people: { ann: { bed: '1' }, bea: { bed: '4', isolation: mrsa } } },
			'isolation-conflict',
			{ isolated: 'room', holder: 'bea', kind: 'contact', organism: 'MRSA' }
		],
		[
			'an isolated patient to the healthy',
			{ ...two, people: { ann: { bed: '1', isolation: mrsa }, bea: { bed: '4' } } },
			'isolation-conflict',
			{ isolated: 'patient', kind: 'contact' }
		],
		[
			'another organism',
			{ ...two, people: { ann: { bed: '1', isolation: mrsa }, bea: { bed: '4', isolation: { kind: 'contact', organism: 'VRE' } } } },
			'isolation-conflict',
			{}
		],
		[
			'another way of spreading',
			{ ...two, people: { ann: { bed: '1', isolation: mrsa }, bea: { bed: '4', isolation: { kind: 'droplet', organism: 'MRSA' } } } },
			'isolation-conflict',
			{}
		],
		[
			'two whose organism nobody knows yet',
			{
				...two,
				people: { ann: { bed: '1', isolation: { kind: 'contact', organism: null } }, bea: { bed: '4', isolation: { kind: 'contact', organism: null } } }
			},
			'isolation-conflict',
			{}
		],
		[
			'two protected patients',
			{
				...two,
				people: { ann: { bed: '1', isolation: { kind: 'protective', organism: null } }, bea: { bed: '4', isolation: { kind: 'protective', organism: null } } }
			},
			'isolation-conflict',
			{}
		],
		['one who has left', { ...two, people: { ann: { bed: '1', endedAt: 1500 } } }, 'stay-ended', { patientName: 'ann', at: 1500 }],
		['one who was moved meanwhile', { ...two, people: { ann: { bed: '2' } } }, 'stale-source-bed', { from: '1', bed: '2', by: '王思齐' }],
		['one who waits meanwhile', { ...two, people: { ann: {} } }, 'stale-source-bed', { from: '1', bed: null }]
	])('refuses %s', (_, words, code, told) => {
		expect(move(ward(words), 'ann', '1', '3')).toMatchObject({ ok: false, refusal: { code, facts: told } });
	});

	it('refuses somebody else than the sender meant, another ward, an unknown bed and the same bed', () => {
		const state = ward({ ...two, people: { ann: { bed: '1' } } });
		const input = { patient: patientId('ann'), stay: stayId('ann'), from: bedId('1'), to: bedId('3'), override: null };
		const code = (change: Partial<typeof input>, of = state) => {
			const r = decideTransfer(of, { ...input, ...change }, facts);
			return r.ok ? 'ok' : r.refusal.code;
		};
		expect(code({ patient: patientId('bea') })).toBe('patient-mismatch');
		expect(code({ stay: stayId('bea') })).toBe('not-in-this-ward');
		expect(code({ from: bedId('99') })).toBe('not-in-this-ward');
		expect(code({ to: bedId('99') })).toBe('bed-not-in-this-ward');
		expect(code({ to: bedId('1') })).toBe('same-bed');
		expect(code({}, { ...state, ward: null })).toBe('not-in-this-ward');
	});
	it('lets a reason through by the name of its rule, writes it down, and only where it was needed', () => {
		const override: Override = { rule: 'sex-unknown', reason: '急诊送来,身份待核' };
		expect(move(ward({ ...two, people: { ann: { bed: '1', sex: 'unknown' } } }), 'ann', '1', '3', override)).toMatchObject({
			ok: true,
			value: [{}, { override }]
		});
		expect(move(ward({ ...two, people: { ann: { bed: '1' } } }), 'ann', '1', '3', override)).toMatchObject({ ok: true, value: [{}, { override: null }] });
		expect(move(ward({ ...two, people: { ann: { bed: '1', sex: 'male' } } }), 'ann', '1', '3', override)).toMatchObject({
			ok: false,
			refusal: { code: 'ward-sex' }
		});
	});
	it('lets the same organism lie together, and a patient into the bed kept for them', () => {
		expect(move(ward({ ...two, people: { ann: { bed: '1', isolation: mrsa }, bea: { bed: '4', isolation: mrsa } } }), 'ann', '1', '3').ok).toBe(true);
		expect(move(ward({ ...two, people: { ann: { bed: '1' } }, beds: { '3': { status: 'reserved', reservedFor: 'ann' } } }), 'ann', '1', '3').ok).toBe(true);
	});
});

describe('swap', () => {
	it('is one decision with four events, both released before either is assigned', () => {
		const result = exchange(ward({ ...two, people: { ann: { bed: '1' }, bea: { bed: '3' } } }), 'ann', '1', 'bea', '3');
		expect(result.ok && result.value.map((e) => [e.type.split('.').at(-1), e.patientName, e.bedNumber])).toEqual([
			['bed-released', 'ann', '1'],
			['bed-released', 'bea', '3'],
			['bed-assigned', 'ann', '3'],
			['bed-assigned', 'bea', '1']
		]);
	});
	it('judges both at their new places: inside one room, and against those who stay', () => {
		expect(
			exchange(ward({ ...two, sexRule: 'mixed', roomRule: 'same-sex', people: { ann: { bed: '1' }, bea: { bed: '2' } } }), 'ann', '1', 'bea', '2').ok
		).toBe(true);
		expect(
			exchange(ward({ ...two, sexRule: 'mixed', roomRule: 'same-sex', people: { ann: { bed: '1' }, bob: { bed: '3', sex: 'male' } } }), 'ann', '1', 'bob', '3')
				.ok
		).toBe(true);
		expect(
			exchange(
				ward({ ...two, sexRule: 'mixed', roomRule: 'same-sex', people: { ann: { bed: '1' }, eve: { bed: '2' }, bob: { bed: '3', sex: 'male' } } }),
				'ann',
				'1',
				'bob',
				'3'
			)
		).toMatchObject({ refusal: { code: 'room-sex', facts: { patientName: 'bob', holder: 'eve' } } });
	});
	it('never lays anybody in the bed of an isolated patient unwashed', () => {
		expect(exchange(ward({ ...two, people: { ann: { bed: '1', isolation: mrsa }, bea: { bed: '3' } } }), 'ann', '1', 'bea', '3')).toMatchObject({
			refusal: { code: 'bed-not-ready', facts: { status: 'disinfecting' } }
		});
	});
	it('refuses when either was moved meanwhile, or is meant twice', () => {
		const state = ward({ ...two, people: { ann: { bed: '1' }, bea: { bed: '4' } } });
		expect(exchange(state, 'ann', '1', 'bea', '3')).toMatchObject({ refusal: { code: 'stale-source-bed', facts: { patientName: 'bea' } } });
		expect(exchange(state, 'ann', '1', 'ann', '1')).toMatchObject({ refusal: { code: 'same-bed' } });
	});
});

describe('waiting and the state of beds', () => {
	it('sends away and takes back', () => {
		const state = ward({ ...two, people: { ann: { bed: '1' }, bea: {} } });
		expect(decideSendToWaiting(state, { patient: patientId('ann'), stay: stayId('ann'), from: bedId('1'), reason: '' }, facts)).toMatchObject({
			ok: true,
			value: [{ to: 'waiting', bedNumber: '1' }]
		});
		expect(decideAssignFromWaiting(state, { patient: patientId('bea'), stay: stayId('bea'), to: bedId('3'), override: null }, facts)).toMatchObject({
			ok: true,
			value: [{ from: null, bedNumber: '3' }]
		});
		expect(decideAssignFromWaiting(state, { patient: patientId('ann'), stay: stayId('ann'), to: bedId('3'), override: null }, facts)).toMatchObject({
			refusal: { code: 'already-in-bed', facts: { bed: '1' } }
		});
	});
	it('changes the state of an empty bed only', () => {
		const state = ward({ ...two, people: { ann: { bed: '1' } } });
		const set = (number: string) => decideSetStatus(state, { bed: bedId(number), status: 'cleaning', note: '', reservedFor: null }, facts);
		expect(set('3')).toMatchObject({ ok: true, value: [{ status: 'cleaning', patient: null }] });
		expect(set('1')).toMatchObject({ refusal: { code: 'bed-occupied', facts: { patientName: 'ann' } } });
	});
});

describe('who may', () => {
	const state = ward({ ...two, people: { ann: { bed: '1' } } });
	it.each([
		['nurse', true, true],
		['head-nurse', true, true],
		['resident', true, false],
		['attending', true, false],
		['chief', true, false],
		['pharmacist', false, false],
		['radiologist', false, false],
		['reviewing-radiologist', false, false],
		['administrator', false, false]
	] as const)('%s of the ward: moves %s, keeps beds %s; nobody of another ward does', (role, moves, keeps) => {
		expect([mayMove(actor(role), state), mayKeepBed(actor(role), state)]).toEqual([moves, keeps]);
		expect([mayMove(actor(role, []), state), mayKeepBed(actor(role, []), state)]).toEqual([false, false]);
		expect(mayMove(actor(role, '*'), { ...state, ward: null })).toBe(false);
	});
});

describe('the rules hold whatever is done', () => {
	const names = ['ann', 'bea', 'cat', 'dan', 'eli', 'fay'];
	const numbers = ['1', '2', '3', '4', '5', '6', '7'];
	const rooms = { a: ['1', '2', '3'], b: ['4', '5'], c: ['6', '7'] };
	const isolation = fc.option(
		fc.record({ kind: fc.constantFrom('contact', 'droplet', 'protective' as const), organism: fc.constantFrom('MRSA', 'VRE', null) }),
		{ freq: 2 }
	);
	const person = fc.record({ sex: fc.constantFrom(...SEXES), isolation });
	const act = fc.record({
		kind: fc.constantFrom('move', 'swap', 'away', 'back', 'status' as const),
		who: fc.constantFrom(...names),
		other: fc.constantFrom(...names),
		bed: fc.constantFrom(...numbers),
		status: fc.constantFrom(...BED_STATUSES),
		reason: fc.boolean()
	});

	function after(state: BoardState, events: readonly BedEvent[]): BoardState {
		const beds = new Map(state.beds);
		const stays = new Map(state.stays);
		for (const event of events) {
			const bed = beds.get(event.bed)!;
			const stay = stays.get(event.stay)!;
			const assigned = event.type === 'inpatient.bed-assignment.bed-assigned';
			// A second name in one bed would show here even where `decide` only overwrote it.
			if (assigned) expect(bed.occupant).toBeNull();
			beds.set(bed.bed, {
				...bed,
				occupant: assigned ? stay.stay : null,
				status: event.type === 'inpatient.bed-assignment.bed-released' ? event.status : 'free'
			});
			stays.set(stay.stay, { ...stay, bed: assigned ? bed.bed : null });
		}
		return { ...state, beds, stays };
	}

	function holds(state: BoardState, overridden: ReadonlySet<StayId>): void {
		const seen = new Set<StayId>();
		for (const bed of state.beds.values()) {
			if (bed.occupant === null) continue;
			expect(seen.has(bed.occupant)).toBe(false);
			seen.add(bed.occupant);
			expect(state.stays.get(bed.occupant)?.bed).toBe(bed.bed);
			expect(bed.status).toBe('free');
		}
		for (const stay of state.stays.values()) if (stay.bed !== null) expect(state.beds.get(stay.bed)?.occupant).toBe(stay.stay);
		const inBeds = [...state.beds.values()].flatMap((bed) =>
			bed.occupant === null ? [] : [{ room: state.rooms.get(bed.room)!, stay: state.stays.get(bed.occupant)! }]
		);
		for (const { room, stay } of inBeds) {
			if (state.ward!.sexRule !== 'mixed') expect(stay.sex === state.ward!.sexRule || overridden.has(stay.stay)).toBe(true);
			if (room.sexRule === 'male' || room.sexRule === 'female') expect(stay.sex === room.sexRule || overridden.has(stay.stay)).toBe(true);
			for (const other of inBeds) {
				if (other.stay === stay || other.room !== room) continue;
				if (room.sexRule === 'same-sex' && stay.sex !== 'unknown' && other.stay.sex !== 'unknown') expect(stay.sex).toBe(other.stay.sex);
				expect(mayShareRoom(stay.isolation, other.stay.isolation)).toBe(true);
			}
		}
	}

	it('after any sequence of moves, swaps, waits and changes of beds', () => {
		fc.assert(
			fc.property(
				fc.constantFrom(...WARD_SEX_RULES),
				fc.constantFrom(...ROOM_SEX_RULES),
				fc.array(person, { minLength: 6, maxLength: 6 }),
				fc.array(act, { maxLength: 40 }),
				(sexRule, roomRule, traits, acts) => {
					let state = ward({
						sexRule,
						roomRule,
						rooms,
						people: Object.fromEntries(
							names.map((name, i) => [
								name,
								{ sex: traits[i]!.sex, ...(traits[i]!.isolation === null ? {} : { isolation: traits[i]!.isolation as Isolation }) }
							])
						)
					});
					const overridden = new Set<StayId>();
					for (const { kind, who, other, bed, status, reason } of acts) {
						const stay = state.stays.get(stayId(who))!;
						const second = state.stays.get(stayId(other))!;
						const override: Override | null = reason ? { rule: 'sex-unknown', reason: '身份待核' } : null;
						const common = { patient: stay.patient, stay: stay.stay, override };
						const from = stay.bed ?? bedId('1');
						if (kind === 'status') {
							const set = decideSetStatus(state, { bed: bedId(bed), status, note: '', reservedFor: null }, facts);
							if (set.ok) state = { ...state, beds: new Map([...state.beds, [bedId(bed), { ...state.beds.get(bedId(bed))!, status }]]) };
							holds(state, overridden);
							continue;
						}
						const decided =
							kind === 'move'
								? decideTransfer(state, { ...common, from, to: bedId(bed) }, facts)
								: kind === 'swap'
									? decideSwap(state, { ...common, from, other: { patient: second.patient, stay: second.stay, from: second.bed ?? bedId('2') } }, facts)
									: kind === 'away'
										? decideSendToWaiting(state, { patient: stay.patient, stay: stay.stay, from, reason: '' }, facts)
										: decideAssignFromWaiting(state, { ...common, to: bedId(bed) }, facts);
						// What the board painted while dragging is what the server says.
						if (kind === 'move' && stay.bed !== null) expect(decided.ok).toBe(agrees(targetVerdict(state, stay.stay, bedId(bed)), override));
						if (kind === 'swap' && stay.bed !== null && second.bed !== null)
							expect(decided.ok).toBe(agrees(swapVerdict(state, stay.stay, second.stay), override));
						if (!decided.ok) continue;
						for (const event of decided.value)
							if (event.type === 'inpatient.bed-assignment.bed-assigned' && event.override !== null) overridden.add(event.stay);
						state = after(state, decided.value);
						holds(state, overridden);
					}
				}
			),
			{ numRuns: 400 }
		);
	});
	const agrees = (verdict: ReturnType<typeof targetVerdict>, override: Override | null): boolean =>
		verdict.kind === 'allowed' || (verdict.kind === 'needs-reason' && override !== null);
	it('a bed id that was never seen is refused, not thrown', () => {
		const state = ward({ rooms, people: { ann: { bed: '1' } } });
		fc.assert(fc.property(fc.string(), (id) => targetVerdict(state, stayId('ann'), id as BedId).kind === 'refused'));
	});
});
