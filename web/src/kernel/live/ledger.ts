/** Edits made here that the server has not confirmed. `key` finds their stored copy. */
export interface Unacked {
	readonly key: string;
	readonly update: Uint8Array;
	/** how many edits were merged into this one; 1 unless it says so */
	readonly edits?: number;
}

interface Sent {
	/** `part`: of an offer too large for one frame; what follows it confirms the edits */
	readonly kind: 'part' | 'diff' | 'update';
	/** the newest edit when the frame was sent */
	readonly edit: number;
}

/**
 * Which edits are on the server's disk. Acks count frames of one connection in send order: a diff covers every edit made
 * before it, an update exactly its own.
 */
export class Ledger {
	readonly #edits = new Map<number, Unacked>();
	#last = 0;
	#sent: Sent[] = [];

	edited(edit: Unacked): void {
		this.#edits.set(++this.#last, edit);
	}

	sent(kind: Sent['kind']): void {
		this.#sent.push({ kind, edit: this.#last });
	}

	/** What was under way on a lost connection is unknown: it goes out again with the next diff. */
	disconnected(): void {
		this.#sent = [];
	}

	/** The next `count` frames are on disk; returns the edits that are now safe, and whether a diff was among the frames. */
	acked(count: number): { readonly safe: readonly Unacked[]; readonly diff: boolean } {
		const frames = this.#sent.splice(0, count);
		const safe: Unacked[] = [];
		for (const { kind, edit } of frames) {
			if (kind === 'part') continue;
			for (const number of kind === 'diff' ? [...this.#edits.keys()].filter((made) => made <= edit) : [edit]) {
				const done = this.#edits.get(number);
				if (done === undefined) continue;
				this.#edits.delete(number);
				safe.push(done);
			}
		}
		return { safe, diff: frames.some(({ kind }) => kind === 'diff') };
	}

	/** The next `count` frames were not stored and may come again: their edits wait for the next diff. */
	heldBack(count: number): void {
		this.#sent.splice(0, count);
	}

	get waiting(): readonly Unacked[] {
		return [...this.#edits.values()];
	}

	/** edits that wait, those merged by an earlier page counted as they were made */
	get size(): number {
		return this.waiting.reduce((sum, { edits = 1 }) => sum + edits, 0);
	}

	has(key: string): boolean {
		return this.waiting.some((edit) => edit.key === key);
	}

	/** Forgets everything: the words were handed back to their author. */
	clear(): void {
		this.#edits.clear();
		this.#sent = [];
	}
}
