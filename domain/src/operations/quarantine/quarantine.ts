import { z } from 'zod';
import type { PatientId } from '../../kernel/index.ts';

/** A stretch of one clientID's words that a restored server does not have. */
export interface OfferedRun {
	readonly client: number;
	readonly from: number;
	readonly to: number;
	/** the user whose words under this clientID the server already holds; null: it has never seen it, so nobody can say whose they are */
	readonly owner: string | null;
	/** the offerer's own words that hang on words of others in the same offer */
	readonly own: boolean;
}

/** What one person's browser still held of others after a restore. The bytes lie in the table and nowhere else. */
export interface QuarantineItem {
	readonly id: string;
	/** `<kind>/<id>` of the document */
	readonly doc: string;
	/** who offered it: proved by their session, unlike anything inside the bytes */
	readonly by: string;
	readonly at: number;
	readonly runs: readonly OfferedRun[];
	/** deletions of others that were part of it */
	readonly deletions: number;
	readonly bytes: number;
	/** people besides the offerer who offered the very same bytes */
	readonly alsoBy: readonly string[];
	readonly status: 'waiting' | 'accepted' | 'rejected';
	readonly decidedBy: string | null;
	readonly decidedAt: number | null;
	readonly reason: string | null;
}

const reason = z.string().trim().min(4).max(200);
export const decideItemSchema = z.strictObject({ item: z.string().min(8).max(64), reason });
export interface DecideItem extends z.output<typeof decideItemSchema> {}

export interface ItemDecided {
	readonly type: 'operations.quarantine.accepted' | 'operations.quarantine.rejected';
	readonly patient: PatientId | null;
	readonly item: string;
	readonly doc: string;
	readonly by: string;
	readonly reason: string;
}

/** At most this much waits for one person's offers: nobody fills the disk by announcing an old epoch. */
export const QUARANTINE_LIMITS = { itemsPerUser: 200, bytesPerUser: 16 << 20, items: 5000 } as const;
