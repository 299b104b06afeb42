import { clientBudget, storedBudget, type Budget } from './budget.ts';
import { decode, type Decoded, type Deletion, type Id, type Struct } from './decode.ts';
import { withDeletions } from './delete-set.ts';
import { Intervals, LabelledRuns } from './ranges.ts';
import { Unreadable } from './reader.ts';

/** Label of clocks whose parent was collected. Whatever is anchored there is collected by every replica, so it is never visible. */
const COLLECTED = 0;

/** Whose update this is and what that person may change now. */
export interface Sender {
	/** may this clientID be used by the sender (their own, or never seen before) */
	mayUse(client: number): boolean;
	mayWrite(root: string): boolean;
	/** a sync diff repeats implicit deletes that no log row holds: forbidden ones are dropped instead of refused */
	readonly diff: boolean;
	readonly budget?: Budget;
}

export interface Accepted {
	readonly ok: true;
	readonly fresh: readonly (readonly [client: number, from: number, to: number, label: number])[];
	readonly gone: readonly Deletion[];
	/** clocks whose deletion was dropped from a diff */
	readonly stripped: number;
	/** what to store and to show to others; null when the update says nothing new */
	readonly forward: Uint8Array | null;
}
export type Verdict = Accepted | { readonly ok: false; readonly reason: string };

class Refused extends Error {
	readonly reason: string;
	constructor(reason: string) {
		super(reason);
		this.reason = reason;
	}
}

const MAX_ROOTS = 512;

/**
 * The gate's memory of one document: which clocks of which client exist, to which root they belong, which are deleted.
 * It answers whether an update may enter in 1 to 2 microseconds and never holds a Y.Doc.
 */
export class RootIndex {
	private readonly clients = new Map<number, LabelledRuns>();
	private readonly deleted = new Map<number, Intervals>();
	private readonly names: string[] = ['#collected'];
	private readonly labels = new Map<string, number>();
	/** clocks this document has ever used: its size with tombstones */
	units = 0;

	/** Rebuilds the index from what this server stored: the snapshot first, then each row in order. Throws if a row does not fit. */
	static load(updates: Iterable<Uint8Array>): RootIndex {
		const index = new RootIndex();
		for (const update of updates) {
			const verdict = index.check(update, { mayUse: () => true, mayWrite: () => true, diff: false, budget: storedBudget });
			if (!verdict.ok) throw new Error(`a stored update does not fit its document: ${verdict.reason}`);
			index.commit(verdict);
		}
		return index;
	}

	/** Next clock expected of this client; 0 if it never wrote. */
	known(client: number): number {
		return this.clients.get(client)?.end ?? 0;
	}

	has(client: number): boolean {
		return this.clients.has(client);
	}

	get clientIds(): IterableIterator<number> {
		return this.clients.keys();
	}

	/** Changes nothing until `commit`. */
	check(update: Uint8Array, sender: Sender): Verdict {
		try {
			const decoded = decode(update, sender.budget ?? clientBudget);
			const added = new Map<number, LabelledRuns>();
			const fresh = new Placement(this, added, sender).place(decoded);
			return this.judgeDeletions(update, decoded, added, fresh, sender);
		} catch (error) {
			if (error instanceof Unreadable || error instanceof Refused) return { ok: false, reason: error.reason };
			throw error;
		}
	}

	commit(verdict: Accepted): void {
		for (const [client, from, to, label] of verdict.fresh) {
			let runs = this.clients.get(client);
			if (runs === undefined) this.clients.set(client, (runs = new LabelledRuns()));
			runs.push(from, to, label);
			this.units += to - from;
		}
		for (const { client, clock, length } of verdict.gone) {
			let intervals = this.deleted.get(client);
			if (intervals === undefined) this.deleted.set(client, (intervals = new Intervals()));
			intervals.add(clock, clock + length);
		}
	}

	label(root: string): number {
		const known = this.labels.get(root);
		if (known !== undefined) return known;
		if (this.names.length > MAX_ROOTS) throw new Refused('too-many-roots');
		this.names.push(root);
		this.labels.set(root, this.names.length - 1);
		return this.names.length - 1;
	}

	nameOf(label: number): string {
		return this.names[label] ?? '';
	}

	labelAt(client: number, clock: number): number | undefined {
		return this.clients.get(client)?.labelAt(clock);
	}

	private judgeDeletions(update: Uint8Array, decoded: Decoded, added: ReadonlyMap<number, LabelledRuns>, fresh: Accepted['fresh'], sender: Sender): Accepted {
		const gone: Deletion[] = [];
		let stripped = 0;
		for (const { client, clock, length } of decoded.deletions) {
			const mine = added.get(client);
			if (clock + length > (mine?.end ?? this.known(client))) throw new Refused('delete-of-future');
			for (const [from, to] of this.deleted.get(client)?.missing(clock, clock + length) ?? [[clock, clock + length] as const]) {
				for (const runs of [this.clients.get(client), mine]) {
					for (const [a, b, label] of runs?.within(from, to) ?? []) {
						if (label === COLLECTED || sender.mayWrite(this.nameOf(label))) gone.push({ client, clock: a, length: b - a });
						else if (sender.diff) stripped += b - a;
						else throw new Refused(`denied-delete:${this.nameOf(label)}`);
					}
				}
			}
		}
		const forward = fresh.length === 0 && gone.length === 0 ? null : stripped === 0 ? update : withDeletions(update, decoded, gone);
		return { ok: true, fresh, gone, stripped, forward };
	}
}

/** One update on its way in. Clients of one person may refer to each other in any order, so a struct waits until what it hangs on is placed. */
class Placement {
	private readonly index: RootIndex;
	private readonly added: Map<number, LabelledRuns>;
	private readonly sender: Sender;
	private readonly fresh: (readonly [number, number, number, number])[] = [];

	constructor(index: RootIndex, added: Map<number, LabelledRuns>, sender: Sender) {
		this.index = index;
		this.added = added;
		this.sender = sender;
	}

	place(decoded: Decoded): Accepted['fresh'] {
		const next = new Map<number, number>();
		const waiting = new Map<number, { readonly client: number; readonly clock: number }[]>();
		const ready = [...decoded.sections.keys()].reverse();
		let open = 0;
		for (const client of decoded.sections.keys()) {
			if (!this.sender.mayUse(client)) throw new Refused('foreign-client');
			next.set(client, 0);
			open++;
		}
		for (let client = ready.pop(); client !== undefined; client = ready.pop()) {
			const section = decoded.sections.get(client)!;
			let at = next.get(client)!;
			let needs: Id | null = null;
			while (at < section.length && (needs = this.tryPlace(section[at]!)) === null) at++;
			next.set(client, at);
			if (needs === null) open--;
			else {
				const list = waiting.get(needs.client);
				const waiter = { client, clock: needs.clock };
				if (list === undefined) waiting.set(needs.client, [waiter]);
				else list.push(waiter);
			}
			const end = this.end(client);
			const still: { readonly client: number; readonly clock: number }[] = [];
			for (const waiter of waiting.get(client) ?? []) {
				if (waiter.clock < end) ready.push(waiter.client);
				else still.push(waiter);
			}
			waiting.set(client, still);
		}
		if (open > 0) throw new Refused('unknown-reference');
		return this.fresh;
	}

	private end(client: number): number {
		return this.added.get(client)?.end ?? this.index.known(client);
	}

	private look(id: Id): number | undefined {
		const mine = this.added.get(id.client);
		return mine !== undefined && id.clock >= mine.first ? mine.labelAt(id.clock) : this.index.labelAt(id.client, id.clock);
	}

	/** Places the struct, or names what it still hangs on. */
	private tryPlace(struct: Struct): Id | null {
		const { client, clock } = struct;
		const to = clock + struct.length;
		const have = this.end(client);
		if (to <= have) return null;
		if (clock > have) throw new Refused('gap');
		const label = this.labelOf(struct);
		if (typeof label === 'object') return label;
		if (clock < have && label !== COLLECTED && this.look({ client, clock: have - 1 }) !== label) throw new Refused('overlap-other-root');
		if (label !== COLLECTED && !this.sender.mayWrite(this.index.nameOf(label))) throw new Refused(`denied:${this.index.nameOf(label)}`);
		let runs = this.added.get(client);
		if (runs === undefined) this.added.set(client, (runs = new LabelledRuns()));
		runs.push(have, to, label);
		this.fresh.push([client, have, to, label]);
		return null;
	}

	private labelOf(struct: Struct): number | Id {
		if (struct.collected) return COLLECTED;
		const { origin, rightOrigin, parent } = struct;
		const labels: number[] = [];
		for (const id of [origin, rightOrigin, typeof parent === 'string' ? null : parent]) {
			if (id === null) continue;
			// Yjs throws on a struct that hangs on itself or on its own future.
			if (id.client === struct.client && id.clock >= struct.clock) throw new Refused('self-reference');
			const label = this.look(id);
			if (label === undefined) return id;
			labels.push(label);
		}
		if (typeof parent === 'string') {
			if (!this.sender.mayWrite(parent)) throw new Refused(`denied:${parent}`);
			return this.index.label(parent);
		}
		if (labels.includes(COLLECTED)) return COLLECTED;
		// Yjs takes the right neighbour's parent and the left one's list: the text would land in a root nobody checked.
		if (labels.length === 2 && labels[0] !== labels[1]) throw new Refused('two-roots');
		return labels[0]!;
	}
}
