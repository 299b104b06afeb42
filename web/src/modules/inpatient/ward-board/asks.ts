import type { BoardIncoming, BoardOutgoing, BoardPatient } from '@tongping/domain/inpatient';
import type { BedId, StayId, WardId } from '@tongping/domain/kernel';
import type { RoomId } from '@tongping/domain/organization';

/** A bed that could take somebody who arrives. */
export interface BedChoice {
	readonly bed: BedId;
	readonly number: string;
	readonly room: string;
	/** why a reason must be given for this bed; null: it is simply free */
	readonly why: string | null;
}

/** Says what was done, and lets `Z` take it back. */
export type Offer = (title: string, detail: string, back: (() => void) | null) => void;

/** What the board asks the transfer between wards to talk over; the route joins the two. */
export type TransferAsk =
	| { readonly kind: 'request'; readonly person: BoardPatient; readonly bed: string | null; readonly to: WardId | null }
	| { readonly kind: 'cancel'; readonly person: BoardPatient; readonly outgoing: BoardOutgoing }
	| { readonly kind: 'receive'; readonly incoming: BoardIncoming; readonly bed: BedId | null; readonly beds: readonly BedChoice[] }
	| { readonly kind: 'decline'; readonly incoming: BoardIncoming };

/** Where the menu was opened: on a card or on somebody in no bed, or on the rooms (one of them, or all) for a bed to be added. */
export type MenuAt =
	| { readonly kind: 'card'; readonly bed: BedId | null; readonly stay: StayId | null; readonly anchor: HTMLElement }
	| { readonly kind: 'rooms'; readonly room: RoomId | null; readonly anchor: HTMLElement };

/** What this person may do here; the server asks again. */
export interface May {
	readonly move: boolean;
	readonly keepBeds: boolean;
	readonly addBeds: boolean;
}
