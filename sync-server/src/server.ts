import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Bucket, REST_MS } from './bucket.ts';
import { CommitQueue } from './commit-queue.ts';
import { Connection, type Desk, type Entrance } from './connection.ts';
import { enter, openLine, refuseUpgrade, type TurnedAway } from './entrance.ts';
import type { Sync, SyncStats } from './index.ts';
import type { Limits, SyncPorts } from './ports.ts';
import { heartbeat, type Present } from './presence.ts';
import type { Cause } from './projection-feed.ts';
import { closeCode } from './protocol/index.ts';
import type { Room } from './room.ts';
import { costOf } from './quota.ts';
import { Rooms } from './rooms.ts';
import type { Transport } from './transport.ts';

const HEARTBEAT_MS = 15_000;
/** A board that says nothing for five seconds is shown as stale. */
const BOARD_HEARTBEAT_MS = 2_000;
/** Everybody's session and rights are asked again once in this time, also those that end by the clock; what an event ends is asked at once. */
const ROUND_MS = 30_000;
const ROUND_STEP_MS = 1_000;
const REVOKED_MEMORY_MS = 60_000;
const MOST_EARLY = 1000;
/** The longest a client is given to answer our goodbye at a restart. */
const CLOSING_MS = 1000;

/** All lines and all documents of one process. */
export class SyncServer implements Sync, Desk {
	readonly #ports: SyncPorts;
	readonly #limits: Limits;
	readonly #queue: CommitQueue;
	readonly #rooms: Rooms;
	/** lines that have joined a document */
	readonly #connections = new Set<Connection>();
	readonly #users = new Map<string, Bucket>();
	/** sessions that ended while one of their sockets was still on its way in */
	readonly #revoked = new Map<string, number>();
	readonly #timers: NodeJS.Timeout[];
	#roundAt: SetIterator<Connection> | null = null;
	#closing = false;

	constructor(ports: SyncPorts, limits: Limits) {
		this.#ports = ports;
		this.#limits = limits;
		this.#queue = new CommitQueue(ports);
		this.#rooms = new Rooms(ports, limits, this.#queue);
		this.#timers = [
			setInterval(() => {
				this.#beatBoards();
			}, BOARD_HEARTBEAT_MS),
			setInterval(() => {
				this.#beat();
			}, HEARTBEAT_MS),
			setInterval(() => {
				this.#round();
			}, ROUND_STEP_MS)
		];
		for (const timer of this.#timers) timer.unref();
	}

	upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
		if (!request.url?.startsWith('/sync/')) return false;
		// An upgraded socket that dies early raises errors nobody else listens for.
		socket.on('error', destroyed);
		this.#upgrade(request, socket, head).catch((error: unknown) => {
			this.#ports.alarm('a join failed', error, {});
			refuseUpgrade(socket, 500);
		});
		return true;
	}

	async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
		const entrance = await this.enter(request, new URL(request.url ?? '/', 'http://localhost'));
		const line = openLine(request, socket, head, entrance, this.#limits.frameBytes);
		if (line !== null && !('status' in entrance)) this.attach(line, entrance);
	}

	async enter(request: IncomingMessage, url: URL): Promise<Entrance | TurnedAway> {
		if (this.#closing) return { status: 503, code: closeCode.goingAway, reason: 'the server is restarting', live: url.searchParams.get('live') === '1' };
		return enter(this.#ports, request, url);
	}

	attach(line: Transport, entrance: Entrance): void {
		const connection = new Connection(line, entrance, this.#limits, this);
		this.#join(connection, entrance).catch((error: unknown) => {
			this.#ports.alarm('a document could not be loaded', error, { room: `${connection.kind}/${connection.id}`, session: connection.actor.session });
			connection.close(closeCode.fault, 'the document could not be loaded');
		});
	}

	async #join(connection: Connection, { kind, id, rules, admission }: Entrance): Promise<void> {
		const { actor } = connection;
		const opened = this.#rooms.enter(kind, id, rules);
		if (opened.opening !== null) await opened.opening;
		await this.#ports.auditJoin({ actor, kind, id, patient: admission.patient });
		// Rights may have changed while the document was loading.
		const now = await this.#ports.admit(actor, kind, id);
		const { room } = opened;
		if (now === null) connection.close(closeCode.notFound, 'not found');
		// A session that was only locked may come back: what counts is an end after this line was let in.
		else if (Math.max(this.#revoked.get(actor.session) ?? 0, this.#revoked.get(actor.user) ?? 0) >= connection.admittedFrom)
			connection.close(closeCode.signedOut, 'signed out');
		else if (room.isGone) connection.close(closeCode.fault, 'the document was closed');
		if (now === null || connection.gone) {
			this.#rooms.left(room);
			return;
		}
		connection.admission = now;
		this.#connections.add(connection);
		this.#rooms.returned(room);
		room.join(connection);
		const { early } = connection;
		connection.early = null;
		for (const message of early ?? []) this.receive(connection, message);
	}

	receive(connection: Connection, message: Uint8Array): void {
		const { room } = connection;
		if (connection.gone) return;
		if (room === null) {
			this.#keepEarly(connection, message);
			return;
		}
		const now = performance.now();
		try {
			const rest = Math.max(room.receive(connection, message, now), this.#spendOfUser(connection, message.length, now));
			if (rest > 0 && !connection.gone) connection.rest(rest);
		} catch (error) {
			room.fail('a frame could not be handled', error);
		}
	}

	#keepEarly(connection: Connection, message: Uint8Array): void {
		const early = (connection.early ??= []);
		early.push(message);
		if (early.length > MOST_EARLY || early.reduce((sum, { length }) => sum + length, 0) > 4 * this.#limits.frameBytes)
			connection.close(closeCode.tooSlow, 'too much before the document was loaded');
	}

	#spendOfUser({ actor: { user } }: Connection, bytes: number, now: number): number {
		let bucket = this.#users.get(user);
		if (bucket === undefined)
			this.#users.set(user, (bucket = new Bucket(this.#limits.userFramesPerSecond, this.#limits.userFramesPerSecond * 5, now, REST_MS)));
		return bucket.take(costOf(bytes), now);
	}

	left(connection: Connection): void {
		const { room } = connection;
		this.#connections.delete(connection);
		if (room === null) return;
		room.leave(connection);
		this.#rooms.left(room);
	}

	projectionChanged(kind: string, id: string, keys: readonly string[] | '*', cause: Cause = {}): void {
		this.#rooms.projectionChanged(kind, id, keys, cause);
	}

	recheck(kind: string, id: string): void {
		this.#rooms.recheck(kind, id);
	}

	recheckUser(user: string): void {
		this.#recheckWhere(({ actor }) => actor.user === user);
	}

	recheckPatient(patient: string): void {
		this.#recheckWhere(({ admission }) => admission.patient === patient);
	}

	#recheckWhere(matches: (connection: Connection) => boolean): void {
		const rooms = new Set<Room>();
		for (const connection of this.#connections) if (connection.room !== null && matches(connection)) rooms.add(connection.room);
		for (const room of rooms) room.recheck();
	}

	dropSession(session: string): void {
		this.#revoked.set(session, performance.now());
		this.#drop(({ actor }) => actor.session === session);
	}

	dropUser(user: string): void {
		this.#revoked.set(user, performance.now());
		this.#drop(({ actor }) => actor.user === user);
	}

	roomAgain(): void {
		this.#rooms.roomAgain();
	}

	closeAll(reason: string): void {
		for (const room of [...this.#rooms]) room.end(closeCode.fault, reason);
	}

	#drop(matches: (connection: Connection) => boolean): void {
		for (const connection of [...this.#connections]) if (matches(connection)) connection.room?.expel(connection, closeCode.signedOut, 'signed out');
	}

	#beatBoards(): void {
		const now = performance.now();
		for (const connection of this.#connections)
			if (connection.admission.mode === 'projection' && now - connection.sentAt > BOARD_HEARTBEAT_MS - 100 && connection.lag === null)
				connection.send(heartbeat);
	}

	#beat(): void {
		const now = performance.now();
		for (const connection of this.#connections) {
			if (!connection.line.alive()) connection.line.terminate();
			else if (now - connection.sentAt > HEARTBEAT_MS / 2) connection.send(heartbeat);
		}
		for (const [session, at] of this.#revoked) if (now - at > REVOKED_MEMORY_MS) this.#revoked.delete(session);
		const present = new Set<string>();
		for (const { actor } of this.#connections) present.add(actor.user);
		for (const user of this.#users.keys()) if (!present.has(user)) this.#users.delete(user);
	}

	#round(): void {
		this.#roundAt ??= this.#connections.values();
		for (let left = Math.ceil((this.#connections.size * ROUND_STEP_MS) / ROUND_MS); left > 0; left--) {
			const { value: connection } = this.#roundAt.next();
			if (connection === undefined) {
				this.#roundAt = null;
				return;
			}
			this.#ask(connection).catch((error: unknown) => {
				this.#ports.alarm('a session could not be checked', error, {});
			});
		}
	}

	async #ask(connection: Connection): Promise<void> {
		const { session } = connection.actor;
		if (!(await this.#ports.revalidate(session))) this.dropSession(session);
		else await connection.room?.readmit(connection);
	}

	presentIn(kind: string): ReadonlyMap<string, readonly Present[]> {
		const present = new Map<string, readonly Present[]>();
		for (const room of this.#rooms) if (room.kind === kind && room.presence !== null && room.presence.size > 0) present.set(room.id, room.presence.people());
		return present;
	}

	stats(): SyncStats {
		const { commits, rows, updates, lastMs, maxMs, faults } = this.#queue.stats;
		const byRoom = [...this.#rooms].map(({ name, connections, presence }) => ({
			room: name,
			connections: connections.size,
			behind: [...connections].filter((connection) => connection.lag !== null).length,
			present: presence?.size ?? 0
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
			refusals: Object.fromEntries(this.#rooms.refusals),
			byRoom
		};
	}

	async close(): Promise<void> {
		this.#closing = true;
		for (const timer of this.#timers) clearInterval(timer);
		for (const connection of this.#connections) connection.line.pause();
		// What was accepted is stored and acknowledged before the doors close.
		await this.#queue.idle();
		await this.#rooms.stop();
		const open = [...this.#connections];
		for (const room of [...this.#rooms]) room.end(closeCode.goingAway, 'the server is restarting');
		for (let waited = 0; waited < CLOSING_MS && open.some((connection) => this.#connections.has(connection)); waited += 20)
			await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

function destroyed(this: Duplex): void {
	this.destroy();
}
