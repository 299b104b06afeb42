import { keepForeignFormatting } from '@tongping/domain/kernel';
import * as Y from 'yjs';
import type { Random } from '../../src/gate/random.ts';
import { ownersOf } from '../../src/gate/index.ts';
import type { LiveAppend, LiveAppended, LiveSnapshot, LoadedLive } from '../../src/ports.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface StoredRow {
	readonly position: number;
	readonly user: string;
	readonly update: Uint8Array;
	readonly generation: number;
}

/** What is on the platter: it outlives every crash. One commit happens at one moment, whole or not at all. */
export class Disk {
	readonly rows: StoredRow[] = [];
	snapshot: LiveSnapshot | null = null;
	generation = 0;
	/** position of the last row when it was sealed */
	sealedAt: number | null = null;
	private position = 0;
	private readonly time: VirtualTime;
	private readonly random: Random;
	/** planted fault: the log writes into a sealed document */
	sealIgnored = false;
	/** ms of one commit; a tired disk takes half a second now and then */
	slow = false;

	constructor(time: VirtualTime, random: Random) {
		this.time = time;
		this.random = random;
	}

	latency(): number {
		return this.slow && this.random.chance(0.2) ? 500 : 1 + this.random.below(12);
	}

	commit(entries: readonly LiveAppend[]): LiveAppended[] {
		return entries.map(({ update, user, generation }) => {
			if (this.sealedAt !== null && !this.sealIgnored) return { ok: false, reason: 'sealed' };
			if (generation !== this.generation && !this.sealIgnored) return { ok: false, reason: 'generation' };
			// The writer's bytes may be reused after the commit.
			this.rows.push({ position: ++this.position, user, update: update.slice(), generation });
			return { ok: true, position: this.position };
		});
	}

	changeRights(): void {
		this.generation++;
	}
	seal(): void {
		this.generation++;
		this.sealedAt = this.position;
	}

	load(): LoadedLive {
		const after = this.rows.filter(({ position }) => position > (this.snapshot?.position ?? 0));
		return {
			snapshot: this.snapshot?.data.slice() ?? null,
			updates: after.map(({ update }) => update.slice()),
			owners: after.map(({ user }) => user),
			snapshotOwners: this.snapshot?.owners ?? {},
			position: this.position,
			head: this.rows.length,
			generation: this.generation,
			sealed: this.sealedAt !== null && !this.sealIgnored
		};
	}

	save(snapshot: LiveSnapshot): void {
		if (snapshot.position > (this.snapshot?.position ?? 0)) this.snapshot = snapshot;
	}

	/** What a compaction in its worker reads now; it is stored when it is done. */
	merged(upTo = this.position): (LiveSnapshot & { readonly v2: Uint8Array }) | null {
		const rows = this.rows.filter(({ position }) => position <= upTo);
		if (rows.length === 0 || upTo <= (this.snapshot?.position ?? 0)) return null;
		const doc = this.replay(upTo);
		return { doc: 'chart/sim', position: upTo, owners: Object.fromEntries(ownersOf(rows)), data: Y.encodeStateAsUpdate(doc), v2: Y.encodeStateAsUpdateV2(doc) };
	}

	/** The document from its first row on, as an auditor builds it. */
	replay(upTo = Infinity): Y.Doc {
		const doc = new Y.Doc();
		keepForeignFormatting(doc);
		for (const { position, update } of this.rows) if (position <= upTo) Y.applyUpdate(doc, update);
		return doc;
	}
}
