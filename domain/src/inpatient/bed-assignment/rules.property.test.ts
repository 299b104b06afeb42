import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BedId, StayId } from '../../kernel/index.ts';
import { mayShareRoom, type Isolation } from '../../nursing/index.ts';
import { BED_STATUSES, ROOM_SEX_RULES, WARD_SEX_RULES } from '../../organization/index.ts';
import { SEXES } from '../../patient/index.ts';
import type { BedEvent, BedState, BoardState, Override, PlacedStay } from './bed-assignment.ts';
import { decideAssignFromWaiting, decideSendToWaiting, decideSetStatus, decideSwap, decideTransfer } from './decide.ts';
import { bedId, facts, stayId, ward } from './fixtures.ts';
import { swapVerdict, targetVerdict } from './verdict.ts';

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
				...(event.type === 'inpatient.bed-assignment.bed-released'
					? { status: event.status, reservedFor: event.reservedFor }
					: { status: 'free', reservedFor: null })
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

	/** Any sequence of acts; `assign` is the decision that brings a waiting patient into a bed. */
	const rules = (assign: typeof decideAssignFromWaiting) =>
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
						names.map((name, i) => [name, { sex: traits[i]!.sex, ...(traits[i]!.isolation === null ? {} : { isolation: traits[i]!.isolation as Isolation }) }])
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
									: assign(state, { ...common, to: bedId(bed) }, facts);
					// What the board painted while dragging is what the server says.
					if (kind === 'move' && stay.bed !== null) expect(decided.ok).toBe(agrees(targetVerdict(state, stay.stay, bedId(bed)), override));
					if (kind === 'swap' && stay.bed !== null && second.bed !== null)
						expect(decided.ok).toBe(agrees(swapVerdict(state, stay.stay, second.stay), override));
					if (!decided.ok) continue;
					for (const event of decided.value) if (event.type === 'inpatient.bed-assignment.bed-assigned' && event.override !== null) overridden.add(event.stay);
					state = after(state, decided.value);
					holds(state, overridden);
				}
			}
		);
	const seeing =
		(change: (state: BoardState, bed: BedId) => BoardState): typeof decideAssignFromWaiting =>
		(state, input, told) =>
			decideAssignFromWaiting(change(state, input.to), input, told);
	const everybody = (state: BoardState, change: Partial<PlacedStay>): BoardState => ({
		...state,
		stays: new Map([...state.stays].map(([id, stay]) => [id, { ...stay, ...change }]))
	});
	const theBed = (state: BoardState, id: BedId, change: Partial<BedState>): BoardState => {
		const bed = state.beds.get(id);
		return bed === undefined ? state : { ...state, beds: new Map([...state.beds, [id, { ...bed, ...change }]]) };
	};

	it('after any sequence of moves, swaps, waits and changes of beds', () => {
		fc.assert(rules(decideAssignFromWaiting), { numRuns: 400 });
	});
	it.each<[string, typeof decideAssignFromWaiting]>([
		['isolation', seeing((state) => everybody(state, { isolation: null }))],
		['who lies in the bed', seeing((state, bed) => theBed(state, bed, { occupant: null }))],
		[
			'the ward and its rooms',
			seeing((state) =>
				state.ward === null
					? state
					: { ...state, ward: { ...state.ward, sexRule: 'mixed' }, rooms: new Map([...state.rooms].map(([id, room]) => [id, { ...room, sexRule: 'any' }])) }
			)
		]
	])('a planted fault is found: a decision blind to %s', (_, blind) => {
		expect(() => {
			fc.assert(rules(blind), { numRuns: 2000, seed: 7 });
		}).toThrow();
	});
	const agrees = (verdict: ReturnType<typeof targetVerdict>, override: Override | null): boolean =>
		verdict.kind === 'allowed' || (verdict.kind === 'needs-reason' && override !== null);
	it('a bed id that was never seen is refused, not thrown', () => {
		const state = ward({ rooms, people: { ann: { bed: '1' } } });
		fc.assert(fc.property(fc.string(), (id) => targetVerdict(state, stayId('ann'), id as BedId).kind === 'refused'));
	});
});
