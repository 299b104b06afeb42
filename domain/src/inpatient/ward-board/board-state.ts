import type { BedEvent, BedState, BoardState, PlacedStay } from '../bed-assignment/bed-assignment.ts';
import type { BedStatusSet } from '../bed-assignment/bed-assignment.ts';
import type { ExtraBedAdded, ExtraBedRemoved } from '../extra-bed/extra-bed.ts';
import type { Board, BoardBed, BoardPatient, BoardWaiting } from './ward-board.ts';
import { exhaustive } from '../../kernel/index.ts';

/** The board as `decide` sees it: the same rules colour the targets here and settle the move on the server. */
export function boardStateOf(board: Board): BoardState {
	const stayState = (occupant: BoardPatient, bed: BoardBed | null, by: string | null, at: number | null): readonly [BoardPatient['stay'], PlacedStay] => [
		occupant.stay,
		{
			stay: occupant.stay,
			patient: occupant.patient,
			patientName: occupant.name,
			sex: occupant.sex,
			isolation: occupant.isolation,
			bed: bed?.bed ?? null,
			endedAt: null,
			by,
			at
		}
	];
	const beds = board.beds.map((bed): readonly [BoardBed['bed'], BedState] => [
		bed.bed,
		{
			bed: bed.bed,
			room: bed.room,
			number: bed.number,
			extra: bed.extra,
			status: bed.status,
			reservedFor: bed.reservedFor,
			occupant: bed.occupant?.stay ?? null,
			by: bed.changedBy,
			at: bed.changedAt
		}
	]);
	const inBeds = board.beds.flatMap((bed) => (bed.occupant === null ? [] : [stayState(bed.occupant, bed, bed.changedBy, bed.changedAt)]));
	const waiting = board.waiting.map((entry) => stayState(entry.occupant, null, entry.changedBy, entry.since));
	const coming = board.incoming.map((entry) => stayState(entry.occupant, null, entry.by, entry.at));
	return {
		ward: { id: board.ward.ward.id, name: board.ward.ward.name, sexRule: board.ward.ward.sexRule },
		rooms: new Map(board.ward.rooms.map((room) => [room.id, room])),
		beds: new Map(beds),
		stays: new Map([...coming, ...inBeds, ...waiting])
	};
}

/** What a board can show before the server has answered. */
export type ShownEvent = BedEvent | BedStatusSet | ExtraBedAdded | ExtraBedRemoved;

/** The board with these events laid over it, for the moment between the drop and the server's answer. Marked with the command, so that the real card replaces it. */
export function overlay(board: Board, events: readonly ShownEvent[], commandId: string): Board {
	const people = new Map<string, BoardPatient>();
	for (const occupant of [...board.beds.map((bed) => bed.occupant), ...board.waiting.map((entry) => entry.occupant)])
		if (occupant !== null) people.set(occupant.stay, occupant);
	const beds = new Map(board.beds.map((bed) => [bed.bed, bed]));
	let waiting: readonly BoardWaiting[] = board.waiting;
	for (const event of events) {
		const bed = beds.get(event.bed) ?? newBed(event);
		if (bed === null) continue;
		const changed = { lastCommandId: commandId, changedBy: event.by, changedAt: event.at };
		switch (event.type) {
			case 'inpatient.bed-assignment.bed-released': {
				if (bed.occupant?.stay === event.stay) beds.set(bed.bed, { ...bed, ...changed, occupant: null, status: event.status, reservedFor: event.reservedFor });
				const person = people.get(event.stay);
				if (event.to === 'waiting' && person !== undefined)
					waiting = [...waiting, { occupant: person, since: event.at, lastCommandId: commandId, changedBy: event.by }];
				break;
			}
			case 'inpatient.bed-assignment.bed-assigned': {
				const person = people.get(event.stay);
				if (person !== undefined) beds.set(bed.bed, { ...bed, ...changed, occupant: person, status: 'free', statusNote: null, reservedFor: null });
				waiting = waiting.filter((entry) => entry.occupant.stay !== event.stay);
				break;
			}
			case 'inpatient.bed.status-set':
				beds.set(bed.bed, { ...bed, ...changed, status: event.status, statusNote: event.note === '' ? null : event.note, reservedFor: event.reservedFor });
				break;
			case 'inpatient.bed.extra-added':
				beds.set(bed.bed, { ...bed, ...changed });
				break;
			case 'inpatient.bed.extra-removed':
				beds.delete(bed.bed);
				break;
			default:
				exhaustive(event);
		}
	}
	return { ...board, beds: [...beds.values()].toSorted((a, b) => a.position - b.position), waiting };
}

const newBed = (event: ShownEvent): BoardBed | null =>
	event.type !== 'inpatient.bed.extra-added'
		? null
		: {
				bed: event.bed,
				room: event.room,
				number: event.bedNumber,
				position: event.position,
				extra: true,
				status: 'free',
				statusNote: null,
				reservedFor: null,
				occupant: null,
				lastCommandId: null,
				changedBy: null,
				changedAt: null
			};
