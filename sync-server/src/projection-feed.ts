import * as Y from 'yjs';
import type { SyncPorts } from './ports.ts';
import type { Room } from './room.ts';

/** Which event made a view change, so that a screen knows how fresh it is and that its own command has arrived. */
export interface Cause {
	readonly position?: number;
	readonly commandId?: string;
}
export interface ViewMeta {
	/** outbox position of the newest event this view shows; 0 before the first */
	readonly position: number;
	readonly at: number;
	/** the latest commands shown, newest last */
	readonly commands: readonly string[];
}

const META = 'meta';
const REMEMBERED_COMMANDS = 32;

/**
 * Keeps one projection's root map `view` equal to its tables. Only keys whose JSON changed are written, all that one
 * call brings in one transaction, so nobody ever sees half a move. It writes through the room, hence through the log.
 */
export class ProjectionFeed {
	readonly #room: Room;
	readonly #ports: SyncPorts;
	readonly #source = new Y.Doc();
	#dirty: Set<string> | '*' | null = null;
	#meta: ViewMeta = { position: 0, at: 0, commands: [] };
	#newCommands = false;
	#running: Promise<void> | null = null;

	constructor(room: Room, ports: SyncPorts) {
		this.#room = room;
		this.#ports = ports;
		Y.applyUpdate(this.#source, room.document.all());
		const meta = this.#view.get(META);
		if (meta !== undefined) this.#meta = meta as ViewMeta;
	}

	get #view(): Y.Map<unknown> {
		return this.#source.getMap('view');
	}

	changed(keys: readonly string[] | '*', cause: Cause = {}): Promise<void> {
		if (keys === '*' || this.#dirty === '*') this.#dirty = '*';
		else this.#dirty = new Set([...(this.#dirty ?? []), ...keys]);
		const { position, commands } = this.#meta;
		if (cause.commandId !== undefined && !commands.includes(cause.commandId)) this.#newCommands = true;
		this.#meta = {
			at: Date.now(),
			position: Math.max(position, cause.position ?? 0),
			commands: cause.commandId === undefined || commands.includes(cause.commandId) ? commands : [...commands, cause.commandId].slice(-REMEMBERED_COMMANDS)
		};
		this.#running ??= this.#run().finally(() => {
			this.#running = null;
		});
		return this.#running;
	}

	async #run(): Promise<void> {
		// Events of one commit arrive together: one turn of the loop makes them one transaction.
		await new Promise((resolve) => setImmediate(resolve));
		while (this.#dirty !== null) {
			const keys = this.#dirty === '*' ? '*' : [...this.#dirty];
			this.#dirty = null;
			const values = await this.#ports.view(this.#room.kind, this.#room.id, keys);
			const update = this.#change(keys, values);
			if (update !== null) await this.#room.write(update);
		}
	}

	#change(keys: readonly string[] | '*', values: Readonly<Record<string, unknown>>): Uint8Array | null {
		const view = this.#view;
		let changed = this.#newCommands || !view.has(META);
		this.#newCommands = false;
		let update: Uint8Array | null = null;
		const keep = (bytes: Uint8Array): void => {
			update = bytes;
		};
		this.#source.on('update', keep);
		this.#source.transact(() => {
			for (const key of keys === '*' ? new Set([...Object.keys(values), ...view.keys()]) : keys) {
				if (key === META) continue;
				const value = values[key];
				if (value === undefined) {
					if (!view.has(key)) continue;
					view.delete(key);
				} else {
					const json = JSON.stringify(value);
					if (view.has(key) && JSON.stringify(view.get(key)) === json) continue;
					view.set(key, JSON.parse(json));
				}
				changed = true;
			}
			if (changed) view.set(META, this.#meta);
		});
		this.#source.off('update', keep);
		return update;
	}
}
