import { StorageFault } from '@tongping/domain/kernel/server';
import * as Y from 'yjs';
import type { Connection, Slot } from './connection.ts';
import { joinUpdates, type Accepted } from './gate/index.ts';
import type { LiveAppended, SyncPorts } from './ports.ts';
import type { Room } from './room.ts';

/** One accepted update on its way to the disk. `connection` null: the server itself writes (a projection). */
export interface Entry {
	readonly room: Room;
	readonly connection: Connection | null;
	readonly slot: Slot;
	/** as it came, to judge it again if rights changed meanwhile */
	readonly update: Uint8Array;
	readonly diff: boolean;
	/** what to store; null: nothing new, but its ack must wait for what is in flight before it */
	readonly forward: Uint8Array | null;
	readonly verdict: Accepted;
	readonly attempts: number;
}

/** Neighbouring updates of one connection, stored as one row and shown as one message. */
export interface Row {
	readonly entries: readonly Entry[];
	readonly update: Uint8Array;
}

const MERGE_UPDATES = 200;
const MERGE_BYTES = 256 * 1024;
const BATCH = 4096;

function joined(accepted: readonly Accepted[]): Uint8Array {
	if (accepted.length === 0) return new Uint8Array(0);
	if (accepted.length === 1) return accepted[0]!.forward!.slice();
	return joinUpdates(accepted) ?? Y.mergeUpdates(accepted.map(({ forward }) => forward!));
}

/** Rows keep the order in which the room accepted; only neighbours of one socket are merged, so each row still has one author. */
export function rowsOf(entries: readonly Entry[]): Row[] {
	const rows: Row[] = [];
	let group: Entry[] = [];
	let bytes = 0;
	// An update is a view of all its socket has read at once: a row is a copy of its own.
	const close = (): void => {
		if (group.length > 0) rows.push({ entries: group, update: joined(group.filter(({ forward }) => forward !== null).map(({ verdict }) => verdict)) });
		group = [];
		bytes = 0;
	};
	for (const entry of entries) {
		const size = entry.forward?.length ?? 0;
		const last = group.at(-1);
		if (last !== undefined && (last.connection !== entry.connection || group.length >= MERGE_UPDATES || bytes + size > MERGE_BYTES)) close();
		group.push(entry);
		bytes += size;
	}
	close();
	return rows;
}

/** All rooms' way to the one writer. What arrives during a commit is the next batch; nothing is answered or shown before its commit. */
export class CommitQueue {
	readonly #ports: SyncPorts;
	#queue: Entry[] = [];
	#running: Promise<void> | null = null;
	#scheduled = false;
	#timer: NodeJS.Timeout | null = null;
	/** when the first that waits may wait no longer */
	#due = Infinity;
	readonly stats = { commits: 0, rows: 0, updates: 0, lastMs: 0, maxMs: 0, faults: 0 };

	constructor(ports: SyncPorts) {
		this.#ports = ports;
	}

	get length(): number {
		return this.#queue.length;
	}

	/** `patience`: milliseconds it may wait for company, so that a busy room's frame costs one commit. */
	push(entry: Entry, patience: number): void {
		this.#queue.push(entry);
		this.#due = Math.min(this.#due, performance.now() + patience);
		if (this.#running === null) this.#schedule();
	}

	#schedule(): void {
		const wait = this.#due - performance.now();
		if (wait >= 1) {
			this.#timer ??= setTimeout(() => {
				this.#timer = null;
				this.#start();
			}, wait);
			return;
		}
		if (this.#scheduled) return;
		this.#scheduled = true;
		// One turn of the loop gathers what its sockets brought together.
		setImmediate(() => {
			this.#scheduled = false;
			this.#start();
		});
	}

	#start(): void {
		this.#running ??= this.#drain();
	}

	/** Takes back what this room has not sent to the writer yet. */
	withdraw(room: Room): Entry[] {
		const mine = this.#queue.filter((entry) => entry.room === room);
		if (mine.length > 0) this.#queue = this.#queue.filter((entry) => entry.room !== room);
		return mine;
	}

	/** Resolves when the batch now at the writer (if any) has been answered. */
	async settled(): Promise<void> {
		await this.#current;
	}

	async idle(): Promise<void> {
		while (this.#running !== null || this.#queue.length > 0) {
			this.#start();
			await this.#running;
			await new Promise((resolve) => setImmediate(resolve));
		}
	}

	#current: Promise<void> = Promise.resolve();

	async #drain(): Promise<void> {
		if (this.#timer !== null) clearTimeout(this.#timer);
		this.#timer = null;
		do {
			this.#due = Infinity;
			const batch = this.#queue.slice(0, BATCH);
			this.#queue = this.#queue.slice(BATCH);
			if (this.#queue.length > 0) this.#due = 0;
			this.#current = this.#commit(batch);
			await this.#current;
		} while (this.#queue.length > 0 && this.#due - performance.now() < 1);
		this.#running = null;
		if (this.#queue.length > 0) this.#schedule();
	}

	async #commit(batch: readonly Entry[]): Promise<void> {
		const byRoom = new Map<Room, Entry[]>();
		for (const entry of batch) {
			const list = byRoom.get(entry.room);
			if (list === undefined) byRoom.set(entry.room, [entry]);
			else list.push(entry);
		}
		const planned = [...byRoom].flatMap(([room, entries]) => {
			try {
				return rowsOf(entries).map((row) => ({ room, row }));
			} catch (error) {
				room.fail('updates could not be merged', error);
				return [];
			}
		});
		const stored = planned.filter(({ row }) => row.update.length > 0);
		for (const room of byRoom.keys()) room.committing();
		const started = performance.now();
		let answers: readonly LiveAppended[];
		try {
			answers =
				stored.length === 0
					? []
					: await this.#ports.append(
							stored.map(({ room, row }) => ({
								doc: room.name,
								generation: room.generation,
								update: row.update,
								user: row.entries[0]!.connection?.actor.user ?? 'system',
								session: row.entries[0]!.connection?.actor.session ?? 'server',
								device: row.entries[0]!.connection?.actor.device ?? ''
							}))
						);
		} catch (error) {
			this.stats.faults++;
			if (error instanceof StorageFault && error.state === 'full') {
				for (const [room, entries] of byRoom) room.notStored(entries);
				return;
			}
			for (const room of byRoom.keys()) room.fail('the log could not store an update', error);
			return;
		}
		const ms = performance.now() - started;
		this.stats.commits++;
		this.stats.rows += stored.length;
		this.stats.updates += batch.length;
		this.stats.lastMs = ms;
		this.stats.maxMs = Math.max(this.stats.maxMs, ms);
		let at = 0;
		for (const { room, row } of planned) room.stored(row, row.update.length > 0 ? answers[at++]! : null);
		for (const [room, entries] of byRoom) room.answer(new Set(entries.flatMap(({ connection }) => connection ?? [])));
	}
}
