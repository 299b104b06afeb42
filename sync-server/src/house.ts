import type { CommitQueue } from './commit-queue.ts';
import type { Limits, SyncPorts } from './ports.ts';
import type { Room } from './room.ts';

/** What all rooms of a server share. */
export interface House {
	readonly limits: Limits;
	readonly ports: SyncPorts;
	readonly queue: CommitQueue;
	onRefusal(reason: string): void;
	/** the room cannot be trusted any more; the next join loads it again */
	onGone(room: Room): void;
	/** many rows have gathered; a compaction would shorten joins and loads */
	onGrown(room: Room): void;
	onChanged(room: Room): void;
}
