import type { BoardIncoming, BoardOutgoing, BoardPatient } from '@tongping/domain/inpatient';
import type { BedId, WardId } from '@tongping/domain/kernel';

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
