import type { DocumentState } from './document-state.ts';
import type { SyncPorts } from './ports.ts';

const AGAIN_MS = 10_000;
const PAUSE_MS = 1000;

export interface CompactedRoom {
	readonly name: string;
	/** null once the room has ended or is being read again */
	readonly snapshot: { readonly document: DocumentState; readonly position: number; readonly owners: Readonly<Record<string, string>> } | null;
}

/** When one room's rows are made into a snapshot: one merge at a time, and never one after the other without rest. */
export class RoomCompaction {
	private readonly room: CompactedRoom;
	private readonly ports: SyncPorts;
	private notBefore = 0;
	running: Promise<void> | null = null;

	constructor(room: CompactedRoom, ports: SyncPorts) {
		this.room = room;
		this.ports = ports;
	}

	get due(): boolean {
		return this.running === null && performance.now() >= this.notBefore;
	}

	run(): Promise<void> {
		const began = performance.now();
		return (this.running ??= this.merge().finally(() => {
			this.running = null;
			// A document that is overwritten all the time is not merged all the time.
			this.notBefore = Math.max(this.notBefore, performance.now() + Math.max(PAUSE_MS, 10 * (performance.now() - began)));
		}));
	}

	private async merge(): Promise<void> {
		const { room, ports } = this;
		// Until it has succeeded it is not tried again at every commit.
		this.notBefore = performance.now() + AGAIN_MS;
		if (ports.compact !== undefined) {
			const result = await ports.compact(room.name);
			if (result === null) return;
			this.notBefore = 0;
			room.snapshot?.document.compacted(result.position, result.v1, result.v2);
			return;
		}
		const before = room.snapshot;
		if (before === null) return;
		const { document, position, owners } = before;
		const data = document.tidied();
		await ports.saveSnapshot({ doc: room.name, position, owners, data });
		this.notBefore = 0;
		if (room.snapshot?.document === document) document.compacted(position, data, null);
	}
}
