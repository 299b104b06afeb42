import type { Board, BoardBed, BoardIncoming, BoardOutgoing, BoardPatient } from '@tongping/domain/inpatient';
import type { StayId } from '@tongping/domain/kernel';

/** Who and what an id on the page stands for, on the board as it is shown now. */
export const bedIn = (board: Board | null, id: string | null | undefined): BoardBed | null => board?.beds.find((bed) => bed.bed === id) ?? null;
export const incomingIn = (board: Board | null, stay: string | null | undefined): BoardIncoming | null =>
	board?.incoming.find((one) => one.occupant.stay === stay) ?? null;
export const outgoingIn = (board: Board | null, stay: StayId): BoardOutgoing | null => board?.outgoing.find((one) => one.stay === stay) ?? null;

/** Everybody who is in this ward, in a bed or waiting for one. */
export function hereIn(board: Board | null, stay: string | null | undefined): { readonly person: BoardPatient; readonly bed: BoardBed | null } | null {
	const bed = board?.beds.find((one) => one.occupant?.stay === stay) ?? null;
	const person = bed?.occupant ?? board?.waiting.find((one) => one.occupant.stay === stay)?.occupant ?? null;
	return stay === null || stay === undefined || person === null ? null : { person, bed };
}
