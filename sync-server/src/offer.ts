import type { Entry } from './commit-queue.ts';
import type { Connection, Slot } from './connection.ts';

/** One update before the gate. `connection` null: the server's own words. */
export interface Offer {
	readonly connection: Connection | null;
	readonly slot: Slot;
	readonly update: Uint8Array;
	readonly diff: boolean;
	readonly attempts: number;
	/** the sender's own part of an offer after a restore */
	readonly parted?: true;
}

/** Rights that changed more often than this between gate and disk are an attack or a fault. */
export const MOST_ATTEMPTS = 5;
export const again = ({ connection, slot, update, diff, attempts }: Entry): Offer => ({ connection, slot, update, diff, attempts: attempts + 1 });
