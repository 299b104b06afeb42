import type { BedId, Refusal, RefusalFacts, StayId } from '../../kernel/index.ts';
import { mayShareRoom } from '../../nursing/index.ts';
import type { BedStatus } from '../../organization/index.ts';
import type { BedState, BoardState, PlacedStay } from './bed-assignment.ts';

/** What the board shows on a bed while a card hangs over it: green, amber with the reason asked for, or red with the reason why. */
export type Verdict =
	{ readonly kind: 'allowed' } | { readonly kind: 'needs-reason'; readonly refusal: Refusal } | { readonly kind: 'refused'; readonly refusal: Refusal };
const allowed: Verdict = { kind: 'allowed' };
const refusal = (code: string, facts: RefusalFacts): Refusal => ({ code, facts });
const refused = (code: string, facts: RefusalFacts): Verdict => ({ kind: 'refused', refusal: { code, facts } });

// The next patient must not lie down in the bed of an isolated one before it was disinfected.
export const statusAfter = (leaving: Pick<PlacedStay, 'isolation'>): BedStatus =>
	leaving.isolation === null || leaving.isolation.kind === 'protective' ? 'free' : 'disinfecting';

/** The patient is gone for good: what was an ordinary bed is cleaned before the next one. */
export const statusLeft = (leaving: Pick<PlacedStay, 'isolation'>): BedStatus => {
	const next = statusAfter(leaving);
	return next === 'free' ? 'cleaning' : next;
};

/** Those who would lie in the same room, without the ones about to leave it. */
function roomMates(state: BoardState, target: BedState, leaving: readonly StayId[]): PlacedStay[] {
	const mates: PlacedStay[] = [];
	for (const bed of state.beds.values()) {
		if (bed.room !== target.room || bed.bed === target.bed || bed.occupant === null || leaving.includes(bed.occupant)) continue;
		const stay = state.stays.get(bed.occupant);
		if (stay !== undefined) mates.push(stay);
	}
	return mates;
}

export const occupiedBy = (state: BoardState, bed: BedState): Refusal =>
	refusal('bed-occupied', {
		bed: bed.number,
		patientName: (bed.occupant === null ? null : state.stays.get(bed.occupant)?.patientName) ?? null,
		by: bed.by,
		at: bed.at
	});

const bedNumber = (state: BoardState, stay: PlacedStay): string | null => (stay.bed === null ? null : (state.beds.get(stay.bed)?.number ?? null));

/** The rules of place alone: ward, room, isolation, state of the bed. `leaving` are the stays that go away in the same command. */
export function placeVerdict(state: BoardState, stayId: StayId, bedId: BedId, leaving: readonly StayId[]): Verdict {
	const stay = state.stays.get(stayId);
	const bed = state.beds.get(bedId);
	const ward = state.ward;
	if (stay === undefined || ward === null) return refused('not-in-this-ward', { patientName: stay?.patientName ?? null, ward: ward?.name ?? null });
	if (stay.endedAt !== null) return refused('stay-ended', { patientName: stay.patientName, by: stay.by, at: stay.endedAt });
	const room = bed === undefined ? undefined : state.rooms.get(bed.room);
	if (bed === undefined || room === undefined) return refused('bed-not-in-this-ward', { ward: ward.name });
	if (bed.occupant === stayId) return refused('same-bed', { bed: bed.number, patientName: stay.patientName });
	if (bed.occupant !== null && !leaving.includes(bed.occupant)) return { kind: 'refused', refusal: occupiedBy(state, bed) };
	const handedOver = bed.occupant !== null;
	const keptForThem = (bed.status === 'reserved' || bed.status === 'disinfecting') && bed.reservedFor === stayId;
	if (!handedOver && bed.status !== 'free' && !keptForThem) return refused('bed-not-ready', { bed: bed.number, status: bed.status, by: bed.by, at: bed.at });

	if (stay.sex !== 'unknown' && ward.sexRule !== 'mixed' && ward.sexRule !== stay.sex)
		return refused('ward-sex', { ward: ward.name, rule: ward.sexRule, patientName: stay.patientName, sex: stay.sex });
	if (stay.sex !== 'unknown' && (room.sexRule === 'male' || room.sexRule === 'female') && room.sexRule !== stay.sex)
		return refused('room-sex', { bed: bed.number, room: room.name, sex: room.sexRule, patientName: stay.patientName, holder: null, holderBed: null });

	const mates = roomMates(state, bed, leaving);
	const other = room.sexRule === 'same-sex' && stay.sex !== 'unknown' ? mates.find((mate) => mate.sex !== 'unknown' && mate.sex !== stay.sex) : undefined;
	if (other !== undefined)
		return refused('room-sex', {
			bed: bed.number,
			room: room.name,
			sex: other.sex,
			patientName: stay.patientName,
			holder: other.patientName,
			holderBed: bedNumber(state, other)
		});

	const clash = mates.find((mate) => !mayShareRoom(stay.isolation, mate.isolation));
	if (clash !== undefined) {
		const isolation = clash.isolation ?? stay.isolation;
		return refused('isolation-conflict', {
			bed: bed.number,
			room: room.name,
			patientName: stay.patientName,
			holder: clash.patientName,
			holderBed: bedNumber(state, clash),
			isolated: clash.isolation === null ? 'patient' : 'room',
			kind: isolation?.kind ?? null,
			organism: isolation?.organism ?? null
		});
	}

	// Nobody can say which rule holds until somebody says who this is: a person decides, by name and with a reason.
	const sexMatters = ward.sexRule !== 'mixed' || room.sexRule !== 'any';
	if (sexMatters && stay.sex === 'unknown')
		return { kind: 'needs-reason', refusal: refusal('sex-unknown', { bed: bed.number, patientName: stay.patientName, holder: stay.patientName }) };
	const unknownMate = room.sexRule === 'same-sex' ? mates.find((mate) => mate.sex === 'unknown') : undefined;
	if (unknownMate !== undefined)
		return { kind: 'needs-reason', refusal: refusal('sex-unknown', { bed: bed.number, patientName: stay.patientName, holder: unknownMate.patientName }) };
	return allowed;
}

/** May this stay be put into this empty bed, now? */
export const targetVerdict = (state: BoardState, stay: StayId, bed: BedId): Verdict => placeVerdict(state, stay, bed, []);

/** May these two change places? The worse of the two answers. */
export function swapVerdict(state: BoardState, stay: StayId, other: StayId): Verdict {
	const mine = state.stays.get(stay)?.bed;
	const theirs = state.stays.get(other)?.bed;
	if (mine === undefined || mine === null || theirs === undefined || theirs === null)
		return refused('not-in-this-ward', { patientName: state.stays.get(other)?.patientName ?? null, ward: state.ward?.name ?? null });
	if (stay === other) return refused('same-bed', { bed: state.beds.get(mine)?.number ?? null, patientName: state.stays.get(stay)?.patientName ?? null });
	const verdicts = [crossing(state, stay, theirs, other, mine), crossing(state, other, mine, stay, theirs)];
	return verdicts.find((v) => v.kind === 'refused') ?? verdicts.find((v) => v.kind === 'needs-reason') ?? allowed;
}

/** Puts the counterpart where it is going before asking, so that two patients swapping inside one room are judged side by side. */
function crossing(state: BoardState, stay: StayId, to: BedId, counterpart: StayId, counterpartTo: BedId): Verdict {
	const beds = new Map(state.beds);
	const stays = new Map(state.stays);
	const target = beds.get(counterpartTo);
	const moved = stays.get(counterpart);
	if (target !== undefined && moved !== undefined) {
		const left = beds.get(to);
		const mayFollow = mayShareRoom(state.stays.get(stay)?.isolation ?? null, moved.isolation);
		if (left !== undefined) beds.set(to, { ...left, occupant: null, status: mayFollow ? 'free' : statusAfter(moved) });
		beds.set(counterpartTo, { ...target, occupant: counterpart });
		stays.set(counterpart, { ...moved, bed: counterpartTo });
	}
	return placeVerdict({ ...state, beds, stays }, stay, to, []);
}
