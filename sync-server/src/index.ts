import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Entrance } from './connection.ts';
import type { TurnedAway } from './entrance.ts';
import { defaultLimits, type Limits, type SyncPorts } from './ports.ts';
import type { Present } from './presence.ts';
import type { Cause } from './projection-feed.ts';
import { SyncServer } from './server.ts';
import type { Transport } from './transport.ts';

export { defaultLimits, type Limits, type SyncPorts, type KindRules, type Touch, type Aside } from './ports.ts';
export type { Cause, ViewMeta } from './projection-feed.ts';
export type { Present } from './presence.ts';
export { compactorOf, createCompactor, type Compacted, type Compactor } from './compaction/index.ts';
export { ownersOf } from './gate/index.ts';
export type { Entrance } from './connection.ts';
export type { TurnedAway } from './entrance.ts';
export { HttpChannels } from './http-channel.ts';
export { Packet, type Receiver, type Transport } from './transport.ts';

export interface SyncStats {
	readonly rooms: number;
	readonly connections: number;
	readonly queued: number;
	readonly commits: number;
	readonly rows: number;
	readonly updates: number;
	readonly lastCommitMs: number;
	readonly maxCommitMs: number;
	readonly faults: number;
	readonly refusals: Readonly<Record<string, number>>;
	readonly byRoom: readonly { readonly room: string; readonly connections: number; readonly behind: number; readonly present: number }[];
}

export interface Sync {
	/** False for paths that are not ours. Answers foreign origins 403, strangers 401, unknown and forbidden rooms alike 404. */
	upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
	/** The door every kind of line enters by: origin, session, `as`, kind and rights are checked, refusals audited. `url` is that of the document, `/sync/<kind>/<id>?v=&live=&as=`. */
	enter(request: IncomingMessage, url: URL): Promise<Entrance | TurnedAway>;
	/** Joins a line to the document it was let in for. Call it in the turn `enter` resolved: messages are awaited from now on. */
	attach(line: Transport, entrance: Entrance): void;
	/** Tables behind a projection changed; a room nobody watches is brought up to date when somebody joins. */
	projectionChanged(kind: string, id: string, keys: readonly string[] | '*', cause?: Cause): void;
	/** Rights on a document changed (role, ward, signature, seal): open connections are asked again now. */
	recheck(kind: string, id: string): void;
	/** The same for everything somebody has open. */
	recheckUser(user: string): void;
	/** The same for everything anybody has open of one patient. */
	recheckPatient(patient: string): void;
	/** The session ended: its sockets close with 4401 and nothing they still had on the way is stored. */
	dropSession(session: string): void;
	dropUser(user: string): void;
	/** Nothing is stored any more (the disk has failed): every document closes with 1011 and this reason, so that no page goes on saying saved. */
	closeAll(reason: string): void;
	/** The disk takes writes again: everybody whose words it did not take is asked for them. */
	roomAgain(): void;
	stats(): SyncStats;
	close(): Promise<void>;
}

let running: SyncServer | null = null;
export function createSync(ports: SyncPorts, options: Partial<Limits> = {}): Sync {
	running = new SyncServer(ports, { ...defaultLimits, ...options });
	return running;
}
/** Who is in the rooms of one kind now, by the id of the document: for lists that show it. Empty where no rooms run. */
export const presentIn = (kind: string): ReadonlyMap<string, readonly Present[]> => running?.presentIn(kind) ?? new Map();
