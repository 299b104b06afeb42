import { ok, refuse, type BedId, type Facts, type Refusal, type Result } from '../../kernel/index.ts';
import { mayShareRoom } from '../../nursing/index.ts';
import { EXTRA_BED, type RoomId } from '../../organization/index.ts';
import type { BoardState } from '../bed-assignment/bed-assignment.ts';
import { MOST_EXTRA_IN_ROOM, type AddExtra, type ExtraBedAdded, type ExtraBedRemoved, type RemoveExtra } from './extra-bed.ts';

type Decided<E> = Result<readonly E[], Refusal>;
/** after the beds the ward is made for, in the order of their numbers */
const FIRST_POSITION = 1000;

/** 加1, 加2, … of the ward: the first number no bed stands under. */
export function nextExtra(state: Pick<BoardState, 'beds'>): { readonly number: string; readonly position: number } {
	const taken = new Set([...state.beds.values()].map((bed) => bed.number));
	for (let n = 1; ; n++) if (!taken.has(`${EXTRA_BED}${n}`)) return { number: `${EXTRA_BED}${n}`, position: FIRST_POSITION + n };
}

/** Why no bed can be added to this room now; null: one can. Whoever is to lie in it is judged by the rules of the room when they come. */
export function roomRefusal(state: BoardState, roomId: RoomId): Refusal | null {
	const room = state.rooms.get(roomId);
	if (state.ward === null || room === undefined) return { code: 'room-not-in-this-ward', facts: { ward: state.ward?.name ?? null } };
	const beds = [...state.beds.values()].filter((bed) => bed.room === roomId);
	const letWhole = beds.find((bed) => bed.status === 'private-room' && bed.occupant === null);
	if (letWhole !== undefined) return { code: 'room-let-whole', facts: { room: room.name, bed: letWhole.number } };
	for (const bed of beds) {
		const isolation = (bed.occupant === null ? undefined : state.stays.get(bed.occupant))?.isolation ?? null;
		// Nobody may ever lie beside them: a bed there could only be used against the rule.
		if (isolation !== null && !mayShareRoom(isolation, isolation))
			return { code: 'room-for-one', facts: { room: room.name, bed: bed.number, kind: isolation.kind, organism: isolation.organism } };
	}
	const extra = beds.filter((bed) => bed.extra).length;
	return extra >= MOST_EXTRA_IN_ROOM ? { code: 'room-full', facts: { room: room.name, extra } } : null;
}

export function decideAddExtra(state: BoardState, input: AddExtra, facts: Facts): Decided<ExtraBedAdded> {
	const refusal = roomRefusal(state, input.room);
	if (refusal !== null || state.ward === null) return { ok: false, refusal: refusal ?? { code: 'room-not-in-this-ward', facts: { ward: null } } };
	const { number, position } = nextExtra(state);
	return ok([
		{
			type: 'inpatient.bed.extra-added',
			patient: null,
			ward: state.ward.id,
			room: input.room,
			bed: facts.newId() as BedId,
			bedNumber: number,
			position,
			at: facts.now,
			by: facts.actor.name
		}
	]);
}

/** Empty, kept for nobody, and clean: 加1 comes back as a free bed, so it must not go while it is to be disinfected. */
export function extraBedRefusal(state: BoardState, bedId: BedId): Refusal | null {
	const bed = state.beds.get(bedId);
	if (bed === undefined) return { code: 'extra-bed-gone', facts: { ward: state.ward?.name ?? null } };
	const known = { bed: bed.number, by: bed.by, at: bed.at };
	if (!bed.extra) return { code: 'not-an-extra-bed', facts: { bed: bed.number } };
	// Without the patient's name: an administrator may take beds away and may not read who lies in them.
	if (bed.occupant !== null) return { code: 'extra-bed-occupied', facts: known };
	if (bed.status !== 'free' && bed.status !== 'maintenance') return { code: 'extra-bed-not-ready', facts: { ...known, status: bed.status } };
	return null;
}

export function decideRemoveExtra(state: BoardState, input: RemoveExtra, facts: Facts): Decided<ExtraBedRemoved> {
	const bed = state.beds.get(input.bed);
	const refusal = extraBedRefusal(state, input.bed);
	if (refusal !== null) return { ok: false, refusal };
	if (bed === undefined || state.ward === null) return refuse('extra-bed-gone', { ward: null });
	return ok([
		{
			type: 'inpatient.bed.extra-removed',
			patient: null,
			ward: state.ward.id,
			room: bed.room,
			bed: bed.bed,
			bedNumber: bed.number,
			at: facts.now,
			by: facts.actor.name
		}
	]);
}
