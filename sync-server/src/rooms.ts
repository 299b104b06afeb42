import type { CommitQueue } from './commit-queue.ts';
import type { KindRules, Limits, SyncPorts } from './ports.ts';
import { ProjectionFeed, type Cause } from './projection-feed.ts';
import { closeCode } from './protocol/index.ts';
import type { House } from './house.ts';
import { Room } from './room.ts';

export interface OpenRoom {
	readonly room: Room;
	/** settled: null */
	opening: Promise<void> | null;
	feed: ProjectionFeed | null;
}

const SWEEP_MS = 500;
/** The longest a restart waits for a merge that has begun. */
const MERGE_MS = 3000;

/** All documents in memory: those somebody has open, and for a while those nobody has. */
export class Rooms {
	private readonly ports: SyncPorts;
	private readonly limits: Limits;
	private readonly house: House;
	private readonly open = new Map<string, OpenRoom>();
	/** by name, the one left longest ago first, with the time it was left */
	private readonly idle = new Map<string, number>();
	private readonly restless = new Set<Room>();
	private readonly timer: NodeJS.Timeout;
	readonly refusals = new Map<string, number>();

	constructor(ports: SyncPorts, limits: Limits, queue: CommitQueue) {
		this.ports = ports;
		this.limits = limits;
		this.house = {
			limits,
			ports,
			queue,
			onRefusal: (reason) => {
				this.refusals.set(reason, (this.refusals.get(reason) ?? 0) + 1);
			},
			onGone: (room) => {
				this.restless.delete(room);
				this.idle.delete(room.name);
				if (this.open.get(room.name)?.room === room) this.open.delete(room.name);
			},
			onGrown: (room) => {
				this.compact(room);
			},
			onChanged: (room) => {
				this.restless.add(room);
			}
		};
		this.timer = setInterval(
			() => {
				this.sweep(performance.now());
			},
			Math.min(SWEEP_MS, Math.max(10, limits.evictAfterMs / 4))
		);
		this.timer.unref();
	}

	get size(): number {
		return this.open.size;
	}

	*[Symbol.iterator](): Generator<Room> {
		for (const { room } of this.open.values()) yield room;
	}

	get(kind: string, id: string): OpenRoom | undefined {
		return this.open.get(`${kind}/${id}`);
	}

	/** The room of a document, loaded if it is not. Its `opening` rejects if the document cannot be read whole. */
	enter(kind: string, id: string, rules: KindRules): OpenRoom {
		const known = this.get(kind, id);
		if (known !== undefined && !known.room.isGone) return known;
		const room = new Room(kind, id, rules, this.house);
		const opened: OpenRoom = { room, feed: null, opening: null };
		const { name } = room;
		this.open.set(name, opened);
		opened.opening = this.load(opened).then(
			() => {
				opened.opening = null;
			},
			(error: unknown) => {
				if (this.open.get(name) === opened) this.open.delete(name);
				throw error;
			}
		);
		return opened;
	}

	private async load(opened: OpenRoom): Promise<void> {
		const { room } = opened;
		await room.open();
		if (room.rules.mode !== 'projection') return;
		opened.feed = new ProjectionFeed(room, this.ports);
		await opened.feed.changed('*');
	}

	/** Calls `then` once the document is loaded; never, if it cannot be. */
	private whenOpen(opened: OpenRoom | undefined, then: (opened: OpenRoom) => void): void {
		if (opened === undefined) return;
		if (opened.opening === null) then(opened);
		else
			opened.opening.then(
				() => {
					then(opened);
				},
				() => undefined
			);
	}

	projectionChanged(kind: string, id: string, keys: readonly string[] | '*', cause: Cause): void {
		this.whenOpen(this.get(kind, id), ({ room, feed }) => {
			feed?.changed(keys, cause).catch((error: unknown) => {
				room.fail('a projection could not be brought up to date', error);
			});
		});
	}

	recheck(kind: string, id: string): void {
		this.whenOpen(this.get(kind, id), ({ room }) => {
			room.recheck();
		});
	}

	roomAgain(): void {
		for (const opened of this.open.values())
			this.whenOpen(opened, ({ room }) => {
				room.askAgain();
			});
	}

	/** Somebody has left, or came and went. */
	left(room: Room): void {
		if (!room.idle || room.isGone) return;
		this.idle.delete(room.name);
		this.idle.set(room.name, performance.now());
	}

	returned(room: Room): void {
		this.idle.delete(room.name);
	}

	private sweep(now: number): void {
		for (const room of this.restless) {
			if (now - room.changedAt < this.limits.restMs) continue;
			this.restless.delete(room);
			if (room.document.worthTidying && this.ports.compact !== undefined) this.compact(room);
		}
		let bytes = 0;
		for (const name of this.idle.keys()) bytes += this.open.get(name)?.room.document.bytes ?? 0;
		for (const [name, since] of this.idle) {
			const room = this.open.get(name)?.room;
			if (room === undefined || now - since > this.limits.evictAfterMs || bytes > this.limits.idleBytes) {
				this.idle.delete(name);
				bytes -= room?.document.bytes ?? 0;
				if (room !== undefined) this.evict(room);
			}
		}
	}

	private evict(room: Room): void {
		const end = (): void => {
			if (room.idle) room.end(closeCode.goingAway, 'idle');
		};
		if (!room.wantsCompaction || this.ports.full?.() === true) {
			end();
			return;
		}
		room.compact().then(end, (error: unknown) => {
			room.fail('a snapshot could not be stored', error);
		});
	}

	/** A merge that does not succeed costs nobody anything but a longer join: the rows are all there. */
	private compact(room: Room): void {
		if (this.ports.full?.() === true) return;
		room.compact().catch((error: unknown) => {
			this.ports.alarm('a document could not be compacted', error, { room: room.name });
		});
	}

	/** Waits for merges that have begun: what they cost is spent already. */
	async stop(): Promise<void> {
		clearInterval(this.timer);
		const running = [...this].flatMap((room) => room.merging?.catch(() => undefined) ?? []);
		if (running.length > 0) await Promise.race([Promise.all(running), new Promise((resolve) => setTimeout(resolve, MERGE_MS).unref())]);
	}
}
