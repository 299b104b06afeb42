import {
	addExtraBed,
	assignFromWaiting,
	removeExtraBed,
	sendToWaiting,
	setBedStatus,
	swap,
	swapVerdict,
	targetVerdict,
	transfer,
	type Board,
	type BoardBed,
	type BoardIncoming,
	type BoardOutgoing,
	type BoardPatient,
	type BoardState,
	type Override,
	type Verdict
} from '@tongping/domain/inpatient';
import { newId, type BedId, type Facts, type RefusalFacts, type Schema, type StayId, type WardId } from '@tongping/domain/kernel';
import type { BedStatus, RoomRules, WardSexRule } from '@tongping/domain/organization';
import type { Pending } from './pending.ts';

/** Another ward of the house, as a place to send somebody to. */
export interface Elsewhere {
	readonly id: WardId;
	readonly name: string;
	readonly sexRule: WardSexRule;
}

/** Somebody in the hand: the patient meant, and where they were when taken up. `from` null: from the waiting list, or from another ward. */
export interface Lifted {
	readonly stay: StayId;
	readonly person: BoardPatient;
	readonly from: BoardBed | null;
	/** asked for by another ward: a bed given here receives them */
	readonly incoming: BoardIncoming | null;
	/** another ward has been asked to take them */
	readonly outgoing: BoardOutgoing | null;
}

/** Where a lifted patient could be put down. */
export type Target = { readonly kind: 'bed'; readonly bed: BoardBed } | { readonly kind: 'waiting' } | { readonly kind: 'ward'; readonly ward: Elsewhere };

const no = (code: string, facts: RefusalFacts): Verdict => ({ kind: 'refused', refusal: { code, facts } });

/** May this patient be offered to that ward? The server decides by the same reasons. */
function sendVerdict({ person, incoming, outgoing }: Lifted, ward: Elsewhere): Verdict {
	const patientName = person.name;
	if (incoming !== null) return no('not-in-this-ward', { patientName, ward: incoming.from });
	if (outgoing !== null && outgoing.declined === null) return no('transfer-open', { patientName, ward: outgoing.to, by: outgoing.by, at: outgoing.at });
	if (person.dischargeNotice !== null) return no('discharge-noticed', { patientName, ...person.dischargeNotice });
	if (person.sex !== 'unknown' && ward.sexRule !== 'mixed' && ward.sexRule !== person.sex)
		return no('ward-sex', { ward: ward.name, rule: ward.sexRule, patientName, sex: person.sex });
	return { kind: 'allowed' };
}

export function verdictFor(state: BoardState, lifted: Lifted, target: Target): Verdict {
	if (target.kind === 'ward') return sendVerdict(lifted, target.ward);
	if (target.kind === 'waiting')
		return lifted.from === null && lifted.incoming === null ? no('already-waiting', { patientName: lifted.person.name }) : { kind: 'allowed' };
	const occupant = target.bed.occupant;
	if (occupant === null || occupant.stay === lifted.stay) return targetVerdict(state, lifted.stay, target.bed.bed);
	return lifted.from === null ? targetVerdict(state, lifted.stay, target.bed.bed) : swapVerdict(state, lifted.stay, occupant.stay);
}

/** One command, ready to send and to lay over the board. `undo` is the command that takes it back, made from the places before. */
export interface Move {
	readonly label: 'transfer' | 'swap' | 'to-waiting' | 'assign' | 'status' | 'bed-added' | 'bed-removed';
	readonly names: readonly string[];
	readonly to: string | null;
	readonly from: string | null;
	send(dispatcher: Dispatcher, commandId: string): Promise<Answer>;
	readonly pending: Pick<Pending, 'decide' | 'stays'>;
	readonly undo: Move | null;
}
export interface Answer {
	readonly ok: boolean;
	readonly code: string;
	readonly message: string;
}
export type Dispatcher = <I>(command: { readonly name: string; readonly schema: Schema<I> }, input: NoInfer<I>, commandId: string) => Promise<Answer>;

const bedOf = (person: Lifted): BedId => {
	if (person.from === null) throw new Error('this patient is in no bed');
	return person.from.bed;
};

export function transferMove(lifted: Lifted, to: BoardBed, override: Override | null, undoable = true): Move {
	const input = { patient: lifted.person.patient, stay: lifted.stay, from: bedOf(lifted), to: to.bed, override };
	return {
		label: 'transfer',
		names: [lifted.person.name],
		from: lifted.from?.number ?? null,
		to: to.number,
		send: (dispatcher, commandId) => dispatcher(transfer, input, commandId),
		pending: { stays: [lifted.stay], decide: (state: BoardState, facts: Facts) => transfer.decide(state, input, facts) },
		undo: undoable && lifted.from !== null ? transferMove({ ...lifted, from: to }, lifted.from, override, false) : null
	};
}

export function swapMove(lifted: Lifted, other: BoardBed, override: Override | null, undoable = true): Move {
	const person = other.occupant;
	const from = lifted.from;
	if (person === null || from === null) throw new Error('a swap needs a patient in each bed');
	const input = {
		patient: lifted.person.patient,
		stay: lifted.stay,
		from: from.bed,
		other: { patient: person.patient, stay: person.stay, from: other.bed },
		override
	};
	return {
		label: 'swap',
		names: [lifted.person.name, person.name],
		from: from.number,
		to: other.number,
		send: (dispatcher, commandId) => dispatcher(swap, input, commandId),
		pending: { stays: [lifted.stay, person.stay], decide: (state: BoardState, facts: Facts) => swap.decide(state, input, facts) },
		undo: undoable ? swapMove({ ...lifted, from: other }, { ...from, occupant: person }, override, false) : null
	};
}

export function waitingMove(lifted: Lifted, reason: string, undoable = true): Move {
	const from = lifted.from;
	if (from === null) throw new Error('this patient is waiting already');
	const input = { patient: lifted.person.patient, stay: lifted.stay, from: from.bed, reason };
	return {
		label: 'to-waiting',
		names: [lifted.person.name],
		from: from.number,
		to: null,
		send: (dispatcher, commandId) => dispatcher(sendToWaiting, input, commandId),
		pending: { stays: [lifted.stay], decide: (state: BoardState, facts: Facts) => sendToWaiting.decide(state, input, facts) },
		undo: undoable ? assignMove({ ...lifted, from: null }, from, null, false) : null
	};
}

export function assignMove(lifted: Lifted, to: BoardBed, override: Override | null, undoable = true): Move {
	const input = { patient: lifted.person.patient, stay: lifted.stay, to: to.bed, override };
	return {
		label: 'assign',
		names: [lifted.person.name],
		from: null,
		to: to.number,
		send: (dispatcher, commandId) => dispatcher(assignFromWaiting, input, commandId),
		pending: { stays: [lifted.stay], decide: (state: BoardState, facts: Facts) => assignFromWaiting.decide(state, input, facts) },
		undo: undoable ? waitingMove({ ...lifted, from: to }, '', false) : null
	};
}

export function statusMove(bed: BoardBed, status: BedStatus, note: string, reservedFor: StayId | null): Move {
	const input = { bed: bed.bed, status, note, reservedFor };
	return {
		label: 'status',
		names: [],
		from: null,
		to: bed.number,
		send: (dispatcher, commandId) => dispatcher(setBedStatus, input, commandId),
		pending: { stays: [], decide: (state: BoardState, facts: Facts) => setBedStatus.decide(state, input, facts) },
		undo: null
	};
}

export function addBedMove(ward: WardId, room: Pick<RoomRules, 'id' | 'name'>): Move {
	const input = { ward, room: room.id };
	// One and the same card until the server's own takes its place.
	const expected = newId();
	return {
		label: 'bed-added',
		names: [room.name],
		from: null,
		to: null,
		send: (dispatcher, commandId) => dispatcher(addExtraBed, input, commandId),
		pending: { stays: [], decide: (state: BoardState, facts: Facts) => addExtraBed.decide(state, input, { ...facts, newId: () => expected }) },
		undo: null
	};
}

export function removeBedMove(bed: BoardBed, ward: WardId, room: Pick<RoomRules, 'id' | 'name'> | null): Move {
	const input = { bed: bed.bed };
	return {
		label: 'bed-removed',
		names: [],
		from: null,
		to: bed.number,
		send: (dispatcher, commandId) => dispatcher(removeExtraBed, input, commandId),
		pending: { stays: [], decide: (state: BoardState, facts: Facts) => removeExtraBed.decide(state, input, facts) },
		undo: room === null ? null : addBedMove(ward, room)
	};
}

/** The move a drop means, once its questions are answered. */
export function moveFor(lifted: Lifted, target: Exclude<Target, { kind: 'ward' }>, override: Override | null): Move {
	if (target.kind === 'waiting') return waitingMove(lifted, '');
	if (lifted.from === null) return assignMove(lifted, target.bed, override);
	return target.bed.occupant === null ? transferMove(lifted, target.bed, override) : swapMove(lifted, target.bed, override);
}

/** The patient as the board has them now: moved by somebody else since they were taken up, or gone. */
export function lift(board: Board, stay: StayId): Lifted | null {
	const from = board.beds.find((bed) => bed.occupant?.stay === stay) ?? null;
	const here = from?.occupant ?? board.waiting.find((entry) => entry.occupant.stay === stay)?.occupant ?? null;
	const incoming = here === null ? (board.incoming.find((entry) => entry.occupant.stay === stay) ?? null) : null;
	const person = here ?? incoming?.occupant ?? null;
	return person === null ? null : { stay, person, from, incoming, outgoing: board.outgoing.find((entry) => entry.stay === stay) ?? null };
}
