import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { Bucket } from './bucket.ts';
import { CommitQueue } from './commit-queue.ts';
import { Connection } from './connection.ts';
import { defaultLimits, type Actor, type Admission, type KindRules, type Limits, type SyncPorts } from './ports.ts';
import { heartbeat, type Present } from './presence.ts';
import { ProjectionFeed, type Cause } from './projection-feed.ts';
import { closeCode } from './protocol/index.ts';
import { Room } from './room.ts';
import type { Transport } from './transport.ts';
import { WsTransport } from './ws-transport.ts';

export { defaultLimits, type Limits, type SyncPorts, type KindRules, type Touch } from './ports.ts';
export type { Cause, ViewMeta } from './projection-feed.ts';
export type { Present } from './presence.ts';
export { compactorOf, createCompactor, type Compacted, type Compactor } from './compaction/index.ts';
export { ownersOf } from './gate/index.ts';
export { Packet, type Receiver, type Transport } from './transport.ts';

/** Who came through the door, for which document, and what their request said about their client. */
export interface Entrance {
	readonly actor: Actor;
	readonly kind: string;
	readonly id: string;
	readonly rules: KindRules;
	readonly admission: Admission;
	/** the schema version the client names */
	readonly version: string | null;
	/** our own client: it understands admission notices and is told by close codes why it was turned away */
	readonly live: boolean;
	/** epoch ms before its session was checked */
	readonly admittedFrom: number;
}
export interface TurnedAway {
	readonly status: 401 | 403 | 404 | 503;
	readonly code: number;
	readonly reason: string;
	readonly live: boolean;
}

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
	/** The session ended: its sockets close with 4401 and nothing they still had on the way is stored. */
	dropSession(session: string): void;
	dropUser(user: string): void;
	stats(): SyncStats;
	close(): Promise<void>;
}

const PATH = /^\/sync\/([a-z][a-z0-9-]{0,63})\/([A-Za-z0-9._~-]{1,128})$/u;
const HEARTBEAT_MS = 15_000;
/** A board that says nothing for five seconds is shown as stale. */
const BOARD_HEARTBEAT_MS = 2_000;
const REVALIDATE_MS = 30_000;
const REVOKED_MEMORY_MS = 60_000;

interface OpenRoom {
	readonly room: Room;
	readonly ready: Promise<void>;
	feed: ProjectionFeed | null;
	idleTimer: NodeJS.Timeout | null;
}

let running: SyncServer | null = null;
export function createSync(ports: SyncPorts, options: Partial<Limits> = {}): Sync {
	running = new SyncServer(ports, { ...defaultLimits, ...options });
	return running;
}
/** Who is in the rooms of one kind now, by the id of the document: for lists that show it. Empty where no rooms run. */
export const presentIn = (kind: string): ReadonlyMap<string, readonly Present[]> => running?.presentIn(kind) ?? new Map();

class SyncServer implements Sync {
	readonly #ports: SyncPorts;
	readonly #limits: Limits;
	readonly #queue: CommitQueue;
	readonly #sockets: WebSocketServer;
	readonly #rooms = new Map<string, OpenRoom>();
	readonly #connections = new Map<Connection, Room>();
	readonly #users = new Map<string, Bucket>();
	readonly #refusals = new Map<string, number>();
	/** sessions that ended while one of their sockets was still on its way in */
	readonly #revoked = new Map<string, number>();
	readonly #timers: NodeJS.Timeout[];
	#closing = false;

	constructor(ports: SyncPorts, limits: Limits) {
		this.#ports = ports;
		this.#limits = limits;
		this.#queue = new CommitQueue(ports);
		this.#sockets = new WebSocketServer({
			noServer: true,
			maxPayload: limits.frameBytes,
			perMessageDeflate: false,
			clientTracking: false,
			skipUTF8Validation: true
		});
		this.#timers = [
			setInterval(() => {
				this.#beatBoards();
			}, BOARD_HEARTBEAT_MS),
			setInterval(() => {
				this.#beat();
			}, HEARTBEAT_MS),
			setInterval(() => {
				this.#revalidate();
			}, REVALIDATE_MS)
		];
		for (const timer of this.#timers) timer.unref();
	}

	upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
		const url = new URL(request.url ?? '/', 'http://localhost');
		if (!url.pathname.startsWith('/sync/')) return false;
		// An upgraded socket that dies early raises errors nobody else listens for.
		const ignore = (): void => {
			socket.destroy();
		};
		socket.on('error', ignore);
		this.#admit(request, socket, head, url)
			.catch((error: unknown) => {
				this.#ports.alarm('a join failed', error, {});
				refuseUpgrade(socket, 500);
			})
			.finally(() => {
				socket.off('error', ignore);
				socket.on('error', ignore);
			});
		return true;
	}

	async #admit(request: IncomingMessage, socket: Duplex, head: Buffer, url: URL): Promise<void> {
		const entrance = await this.enter(request, url);
		if (socket.destroyed) return;
		// Browsers hide the status of a refused upgrade, so our own client is told by a close code; everybody else gets plain HTTP.
		if ('status' in entrance && !(entrance.live && entrance.code >= 4000)) {
			refuseUpgrade(socket, entrance.status);
			return;
		}
		this.#sockets.handleUpgrade(request, socket, head, (ws) => {
			const line = new WsTransport(ws);
			if ('status' in entrance) line.close(entrance.code, entrance.reason);
			else this.attach(line, entrance);
		});
	}

	async enter(request: IncomingMessage, url: URL): Promise<Entrance | TurnedAway> {
		const live = url.searchParams.get('live') === '1';
		if (this.#closing) return { status: 503, code: closeCode.goingAway, reason: 'the server is restarting', live };
		if (!this.#ports.originAllowed(request)) return { status: 403, code: closeCode.goingAway, reason: 'foreign origin', live };
		const admittedFrom = Date.now();
		const actor = await this.#ports.authenticate(request);
		const as = url.searchParams.get('as');
		// Another tab may have signed somebody else in: one person's unsent words must never come in under another's name.
		if (actor === null || (as !== null && as !== actor.user)) return { status: 401, code: closeCode.signedOut, reason: 'signed out', live };
		const [, kind = '', id = ''] = PATH.exec(url.pathname) ?? [];
		const rules = this.#ports.kinds.get(kind);
		const admission = rules === undefined ? null : await this.#ports.admit(actor, kind, id);
		if (rules === undefined || admission === null) {
			if (rules !== undefined) await this.#ports.auditRefusal({ actor, kind, id, patient: null, reason: 'not-admitted' });
			return { status: 404, code: closeCode.notFound, reason: 'not found', live };
		}
		return { actor, kind, id, rules, admission, version: url.searchParams.get('v'), live, admittedFrom };
	}

	attach(line: Transport, entrance: Entrance): void {
		const { kind, id, rules, admission, actor } = entrance;
		const connection = new Connection({ ...entrance, line, limits: this.#limits });
		const early: Buffer[] = [];
		let earlyBytes = 0;
		let room: Room | null = null;
		line.receiver = {
			onClose: () => {
				connection.gone = true;
				this.#connections.delete(connection);
				if (room === null) return;
				room.leave(connection);
				this.#whenIdle(room);
			},
			onMisuse: (reason) => {
				connection.close(closeCode.malformed, reason);
			},
			onFrame: (bytes) => {
				if (connection.gone) return;
				if (room !== null) {
					this.#receive(connection, room, bytes);
					return;
				}
				earlyBytes += bytes.length;
				if (early.length > 1000 || earlyBytes > 4 * this.#limits.frameBytes) connection.close(closeCode.tooSlow, 'too much before the document was loaded');
				else early.push(Buffer.from(bytes));
			}
		};
		this.#join(connection, kind, id, rules, admission).then(
			(joined) => {
				if (joined === null) return;
				room = joined;
				for (const bytes of early.splice(0)) this.#receive(connection, joined, bytes);
			},
			(error: unknown) => {
				this.#ports.alarm('a document could not be loaded', error, { room: `${kind}/${id}`, session: actor.session });
				connection.close(closeCode.fault, 'the document could not be loaded');
			}
		);
	}

	async #join(connection: Connection, kind: string, id: string, rules: KindRules, admission: Admission): Promise<Room | null> {
		const opened = this.#open(kind, id, rules);
		await opened.ready;
		await this.#ports.auditJoin({ actor: connection.actor, kind, id, patient: admission.patient });
		// Rights may have changed while the document was loading.
		const now = await this.#ports.admit(connection.actor, kind, id);
		if (connection.gone) {
			this.#whenIdle(opened.room);
			return null;
		}
		if (now === null) {
			connection.close(closeCode.notFound, 'not found');
			return null;
		}
		// A session that was only locked may come back: what counts is an end after this socket was let in.
		if ((this.#revoked.get(connection.actor.session) ?? 0) >= connection.admittedFrom) {
			connection.close(closeCode.signedOut, 'signed out');
			return null;
		}
		if (opened.room.isGone) {
			connection.close(closeCode.fault, 'the document was closed');
			return null;
		}
		connection.admission = now;
		this.#connections.set(connection, opened.room);
		opened.room.join(connection);
		return opened.room;
	}

	#receive(connection: Connection, room: Room, bytes: Uint8Array): void {
		// What one read of the socket brought after its budget was spent waits here; the socket itself is not read meanwhile.
		if (connection.resting) {
			connection.inbox.push(Buffer.from(bytes));
			return;
		}
		const now = Date.now();
		let rest: number;
		try {
			rest = Math.max(room.receive(connection, bytes, now), this.#userBucket(connection.actor).take(1, now));
		} catch (error) {
			room.fail('a frame could not be handled', error);
			return;
		}
		if (rest <= 0 || connection.gone) return;
		connection.resting = true;
		connection.line.pause();
		setTimeout(() => {
			connection.resting = false;
			const waiting = connection.inbox.splice(0);
			for (const frame of waiting) if (!connection.gone) this.#receive(connection, room, frame);
			if (!connection.resting) connection.line.resume();
		}, rest).unref();
	}

	#userBucket(actor: Actor): Bucket {
		let bucket = this.#users.get(actor.user);
		if (bucket === undefined)
			this.#users.set(actor.user, (bucket = new Bucket(this.#limits.userFramesPerSecond, this.#limits.userFramesPerSecond * 5, Date.now())));
		return bucket;
	}

	#open(kind: string, id: string, rules: KindRules): OpenRoom {
		const name = `${kind}/${id}`;
		const known = this.#rooms.get(name);
		if (known !== undefined && !known.room.isGone) return known;
		const room = new Room({
			kind,
			id,
			rules,
			limits: this.#limits,
			ports: this.#ports,
			queue: this.#queue,
			onRefusal: (reason) => {
				this.#refusals.set(reason, (this.#refusals.get(reason) ?? 0) + 1);
			},
			onGone: (gone) => {
				if (this.#rooms.get(name)?.room === gone) this.#rooms.delete(name);
			}
		});
		const opened: OpenRoom = { room, feed: null, idleTimer: null, ready: this.#load(room, () => opened) };
		opened.ready.catch(() => {
			if (this.#rooms.get(name) === opened) this.#rooms.delete(name);
		});
		this.#rooms.set(name, opened);
		return opened;
	}

	async #load(room: Room, opened: () => OpenRoom): Promise<void> {
		await room.open();
		if (room.rules.mode !== 'projection') return;
		const feed = new ProjectionFeed(room, this.#ports);
		opened().feed = feed;
		await feed.changed('*');
	}

	projectionChanged(kind: string, id: string, keys: readonly string[] | '*', cause: Cause = {}): void {
		const opened = this.#rooms.get(`${kind}/${id}`);
		if (opened === undefined) return;
		opened.ready
			.then(() => opened.feed?.changed(keys, cause))
			.catch((error: unknown) => {
				opened.room.fail('a projection could not be brought up to date', error);
			});
	}

	recheck(kind: string, id: string): void {
		const opened = this.#rooms.get(`${kind}/${id}`);
		opened?.ready.then(
			() => {
				opened.room.recheck();
			},
			() => undefined
		);
	}

	recheckUser(user: string): void {
		for (const room of new Set([...this.#connections].filter(([connection]) => connection.actor.user === user).map(([, room]) => room))) room.recheck();
	}

	dropSession(session: string): void {
		this.#revoked.set(session, Date.now());
		this.#drop((connection) => connection.actor.session === session);
	}

	dropUser(user: string): void {
		this.#drop((connection) => connection.actor.user === user);
	}

	#drop(matches: (connection: Connection) => boolean): void {
		for (const [connection, room] of [...this.#connections]) if (matches(connection)) room.expel(connection, closeCode.signedOut, 'signed out');
	}

	#beatBoards(): void {
		const now = Date.now();
		for (const connection of this.#connections.keys()) {
			if (connection.admission.mode === 'projection' && now - connection.lastSentAt > BOARD_HEARTBEAT_MS - 100 && connection.lag === null)
				connection.send(heartbeat);
		}
	}

	#beat(): void {
		const now = Date.now();
		for (const connection of this.#connections.keys()) {
			if (!connection.line.alive()) {
				connection.line.terminate();
				continue;
			}
			if (now - connection.lastSentAt > HEARTBEAT_MS / 2) connection.send(heartbeat);
		}
		for (const [session, at] of this.#revoked) if (now - at > REVOKED_MEMORY_MS) this.#revoked.delete(session);
		const present = new Set([...this.#connections.keys()].map((connection) => connection.actor.user as string));
		for (const user of this.#users.keys()) if (!present.has(user)) this.#users.delete(user);
	}

	#revalidate(): void {
		for (const session of new Set([...this.#connections.keys()].map((connection) => connection.actor.session))) {
			this.#ports.revalidate(session).then(
				(good) => {
					if (!good) this.dropSession(session);
				},
				(error: unknown) => {
					this.#ports.alarm('a session could not be checked', error, {});
				}
			);
		}
	}

	#whenIdle(room: Room): void {
		const opened = this.#rooms.get(room.name);
		if (opened?.room !== room || !room.idle) return;
		if (opened.idleTimer !== null) clearTimeout(opened.idleTimer);
		opened.idleTimer = setTimeout(() => {
			if (!room.idle) return;
			this.#evict(room).catch((error: unknown) => {
				room.fail('a snapshot could not be stored', error);
			});
		}, this.#limits.evictAfterMs);
		opened.idleTimer.unref();
	}

	async #evict(room: Room): Promise<void> {
		if (room.wantsSnapshot) await room.saveSnapshot();
		if (room.idle) room.end(closeCode.goingAway, 'idle');
	}

	presentIn(kind: string): ReadonlyMap<string, readonly Present[]> {
		const rooms = [...this.#rooms.values()].filter(({ room }) => room.name.startsWith(`${kind}/`) && room.presence.size > 0);
		return new Map(rooms.map(({ room }) => [room.name.slice(kind.length + 1), room.presence.people()]));
	}

	stats(): SyncStats {
		const { commits, rows, updates, lastMs, maxMs, faults } = this.#queue.stats;
		const byRoom = [...this.#rooms.values()].map(({ room }) => ({
			room: room.name,
			connections: room.connections.size,
			behind: [...room.connections].filter((connection) => connection.lag !== null).length,
			present: room.presence.size
		}));
		return {
			rooms: this.#rooms.size,
			connections: this.#connections.size,
			queued: this.#queue.length,
			commits,
			rows,
			updates,
			lastCommitMs: lastMs,
			maxCommitMs: maxMs,
			faults,
			refusals: Object.fromEntries(this.#refusals),
			byRoom
		};
	}

	async close(): Promise<void> {
		this.#closing = true;
		for (const timer of this.#timers) clearInterval(timer);
		for (const connection of this.#connections.keys()) connection.line.pause();
		// What was accepted is stored and acknowledged before the doors close.
		await this.#queue.idle();
		const open = [...this.#connections.keys()];
		for (const { room } of [...this.#rooms.values()]) room.end(closeCode.goingAway, 'the server is restarting');
		for (let waited = 0; waited < 1000 && open.some((connection) => this.#connections.has(connection)); waited += 20)
			await new Promise((resolve) => setTimeout(resolve, 20));
		this.#sockets.close();
	}
}

const STATUS: Readonly<Record<number, string>> = {
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	500: 'Internal Server Error',
	503: 'Service Unavailable'
};
function refuseUpgrade(socket: Duplex, status: number): void {
	if (socket.destroyed) return;
	socket.end(`HTTP/1.1 ${status} ${STATUS[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
