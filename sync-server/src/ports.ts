import type { IncomingMessage } from 'node:http';
import type { Actor, Admission, LiveMode, LiveShape } from '@tongping/domain/kernel';
import type { LiveAppend, LiveAppended, LiveSnapshot, LoadedLive } from '@tongping/domain/kernel/server';

import type { ForeignRun } from './epoch.ts';

export type { Actor, Admission, LiveAppend, LiveAppended, LiveMode, LiveSnapshot, LoadedLive };

export interface KindRules {
	readonly mode: LiveMode;
	/** version of the document's schema; an editor that names another reads only */
	readonly version: number;
	/** what may stand in which root; unset: anything */
	readonly shape?: LiveShape;
}

export interface Touch {
	readonly actor: Actor;
	readonly kind: string;
	readonly id: string;
	readonly patient: Admission['patient'];
}

/** What one person's browser offered after a restore and this server may not simply believe. */
export interface Aside extends Touch {
	/** the epoch the page comes from */
	readonly epoch: number;
	readonly runs: readonly (ForeignRun & { readonly owner: string | null })[];
	readonly deletions: number;
	readonly update: Uint8Array;
}

/** Everything the rooms need of a hospital. The rooms know no patient, no table and no cookie. */
export interface SyncPorts {
	originAllowed(request: IncomingMessage): boolean;
	authenticate(request: IncomingMessage): Promise<Actor | null>;
	readonly kinds: ReadonlyMap<string, KindRules>;
	/** null = does not exist or may not be seen: the two look the same from outside */
	admit(actor: Actor, kind: string, id: string): Promise<Admission | null>;
	load(doc: string): Promise<LoadedLive>;
	/** Resolves after the commit at synchronous=FULL. Rejects if nothing of the batch is stored. */
	append(entries: readonly LiveAppend[]): Promise<readonly LiveAppended[]>;
	/** true while the disk takes nothing new: edits are not judged, their authors keep them until `Sync.roomAgain` asks for them */
	full?(): boolean;
	saveSnapshot(snapshot: LiveSnapshot): Promise<void>;
	/**
	 * Merges all stored rows of a document into a snapshot off the hot path, proves it equal, and stores it in one commit that archives
	 * the rows. null: nothing new. A load afterwards is this snapshot and the rows after `position`.
	 */
	compact?(doc: string): Promise<{ readonly position: number; readonly v1: Uint8Array; readonly v2: Uint8Array } | null>;
	/** The snapshot in Yjs' second form, if the last compaction left one; never older than what `load` answered before. */
	loadV2?(doc: string): Promise<{ readonly v2: Uint8Array } | null>;
	/** a projection's values for these keys, read after the commit that changed them */
	view(kind: string, id: string, keys: readonly string[] | '*'): Promise<Readonly<Record<string, unknown>>>;
	/** Joining a room is a read, of one patient or of a ward: if it cannot be written down, nobody joins. */
	auditJoin(touch: Touch): Promise<void>;
	auditRefusal(touch: Touch & { readonly reason: string }): Promise<void>;
	/** raised by every restore; unset: never restored */
	epoch?(): number;
	/** Keeps what a browser holds of others after a restore, for an administrator. Resolves when it is on disk; nothing of it is in the document. */
	quarantine?(aside: Aside): Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string }>;
	/** is this session still good; asked every 30 seconds for each that holds a line */
	revalidate(session: string): Promise<boolean>;
	/** who this session's person is now (role, wards), null when it is over; asked before rights are asked again. Unset: as at the join. */
	actorOf?(session: string): Promise<Actor | null>;
	/** something an operator must see; `facts` hold no clinical content */
	alarm(what: string, error: unknown, facts: Readonly<Record<string, string | number>>): void;
}

export interface Limits {
	/** bytes of one frame; the socket is closed beyond it */
	readonly frameBytes: number;
	readonly socketFramesPerSecond: number;
	readonly socketBytesPerSecond: number;
	/** over all sockets of one person; a frame above 4 KiB counts as several here and below */
	readonly userFramesPerSecond: number;
	readonly roomFramesPerSecond: number;
	/** bytes a socket may have waiting before updates are held back and replaced by one diff */
	readonly sendBudget: number;
	/** a socket that stays behind this long is closed */
	readonly lagMs: number;
	/** clocks of one document, tombstones included */
	readonly documentUnits: number;
	/** the part of them one person may use, over all their devices: one who pastes without end must not close it for the others */
	readonly personUnits: number;
	/** an alarm names a document that has come this far */
	readonly warnUnits: number;
	readonly clientsPerUser: number;
	readonly refusalsPerSocket: number;
	readonly awarenessBytes: number;
	/** shortest time between two states of one person, by kind of document */
	readonly awarenessMs: Readonly<Record<LiveMode, number>>;
	/** a document nobody has open leaves the memory after this long */
	readonly evictAfterMs: number;
	/** or when all such documents together hold more bytes, the one left longest ago first */
	readonly idleBytes: number;
	/** a document that has rested this long is compacted, so that the next join is short */
	readonly restMs: number;
	readonly snapshotAfterRows: number;
}

export const defaultLimits: Limits = {
	frameBytes: 1 << 20,
	socketFramesPerSecond: 200,
	socketBytesPerSecond: 1 << 20,
	userFramesPerSecond: 400,
	roomFramesPerSecond: 4000,
	sendBudget: 1 << 20,
	lagMs: 30_000,
	documentUnits: 5_000_000,
	personUnits: 2_500_000,
	warnUnits: 4_000_000,
	clientsPerUser: 4096,
	refusalsPerSocket: 100,
	awarenessBytes: 2048,
	awarenessMs: { projection: 100, draft: 100, session: 33 },
	evictAfterMs: 30_000,
	idleBytes: 32 << 20,
	restMs: 1_000,
	snapshotAfterRows: 2000
};
