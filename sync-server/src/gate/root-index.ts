import type { LiveShape } from '@tongping/domain/kernel';
import { clientBudget, storedBudget, type Budget } from './budget.ts';
import { decode, type Decoded, type Deletion, type Id, type Struct } from './decode.ts';
import { withDeletions } from './delete-set.ts';
import { Intervals, LabelledRuns } from './ranges.ts';
import { Unreadable } from './reader.ts';
import { freeSpot, GONE, NO, rootSpots, type Site, type Spot } from './shape.ts';

/** Label of clocks whose parent was collected. Whatever is anchored there is collected by every replica, so it is never visible. */
const COLLECTED = 0;

/** Whose update this is and what that person may change now. */
export interface Sender {
	/** may this clientID be used by the sender (their own, or never seen before) */
	mayUse(client: number): boolean;
	mayWrite(root: string): boolean;
	/** may change nothing at all: what is collected stands in no root that could say so */
	readonly readsOnly?: boolean;
	/** a sync diff repeats implicit deletes that no log row holds: forbidden ones are dropped instead of refused */
	readonly diff: boolean;
	readonly budget?: Budget;
	/** what this server stored itself: known as it is, whatever the shape says today */
	readonly stored?: true;
}

export interface Accepted {
	readonly ok: true;
	readonly fresh: readonly (readonly [client: number, from: number, to: number, label: number])[];
	readonly gone: readonly Deletion[];
	/** deletions a diff repeats that its sender may not make: left out. Those of things that still stand were meant. */
	readonly dropped: readonly Deletion[];
	/** what to store and to show to others; null when the update says nothing new */
	readonly forward: Uint8Array | null;
	/** where the delete set begins in `forward` */
	readonly structEnd: number;
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
 * The gate's memory of one document: which clocks of which client exist, in which root and list they stand, which are
 * deleted. It answers whether an update may enter in 1 to 2 microseconds and never holds a Y.Doc.
 */
export class RootIndex {
	private readonly clients = new Map<number, LabelledRuns>();
	private readonly deleted = new Map<number, Intervals>();
	/** null: every root and everything in it */
	private readonly shape: ReadonlyMap<string, Spot> | null;
	private readonly free = new Map<string, Spot>();
	/** label -> where the clock stands and what it opens; label 0: nowhere */
	private readonly sites: (Site | null)[] = [null];
	private readonly opened: (Spot | null)[] = [null];
	private readonly labels = new Map<Site, Map<Spot | null, number>>();
	/** clocks this document has ever used: its size with tombstones */
	units = 0;

	constructor(shape?: LiveShape) {
		this.shape = shape === undefined ? null : spotsOf(shape);
	}

	/** Rebuilds the index from what this server stored: the snapshot first, then each row in order. Throws if a row does not fit. */
	static load(updates: Iterable<Uint8Array>, shape?: LiveShape): RootIndex {
		const index = new RootIndex(shape);
		for (const update of updates) {
			const verdict = index.check(update, { mayUse: () => true, mayWrite: () => true, diff: false, budget: storedBudget, stored: true });
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

	/** every deletion known, by client */
	get tombstones(): ReadonlyMap<number, Intervals> {
		return this.deleted;
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
		if (verdict.gone.length === 0) return;
		const gone = new Map<number, (readonly [from: number, to: number])[]>();
		for (const { client, clock, length } of verdict.gone) {
			const list = gone.get(client);
			if (list === undefined) gone.set(client, [[clock, clock + length]]);
			else list.push([clock, clock + length]);
		}
		for (const [client, list] of gone) {
			let intervals = this.deleted.get(client);
			if (intervals === undefined) this.deleted.set(client, (intervals = new Intervals()));
			intervals.addAll(list);
		}
	}

	label(site: Site, opens: Spot | null): number {
		let of = this.labels.get(site);
		if (of === undefined) this.labels.set(site, (of = new Map()));
		let label = of.get(opens);
		if (label === undefined) {
			label = this.sites.push(site) - 1;
			this.opened.push(opens);
			of.set(opens, label);
		}
		return label;
	}

	/** What the root allows; null: no root of this kind of document. */
	spot(root: string): Spot | null {
		return this.shape === null ? this.freeSpot(root) : (this.shape.get(root) ?? null);
	}

	/** Where the shape does not reach: documents without one, and what was stored before it was drawn. */
	freeSpot(root: string): Spot {
		let spot = this.free.get(root);
		if (spot === undefined) {
			if (this.free.size >= MAX_ROOTS) throw new Refused('too-many-roots');
			this.free.set(root, (spot = freeSpot(root)));
		}
		return spot;
	}

	isFree(site: Site): boolean {
		return this.free.get(site.root)?.list === site;
	}

	siteOf(label: number): Site | null {
		return this.sites[label] ?? null;
	}

	/** What hangs on this clock as its parent stands in here; null: the clock opens nothing. */
	opensOf(label: number): Spot | null {
		return this.opened[label] ?? null;
	}

	nameOf(label: number): string {
		return this.sites[label]?.root ?? '';
	}

	labelAt(client: number, clock: number): number | undefined {
		return this.clients.get(client)?.labelAt(clock);
	}

	private judgeDeletions(update: Uint8Array, decoded: Decoded, added: ReadonlyMap<number, LabelledRuns>, fresh: Accepted['fresh'], sender: Sender): Accepted {
		const gone: Deletion[] = [];
		const dropped: Deletion[] = [];
		for (const { client, clock, length } of decoded.deletions) {
			const mine = added.get(client);
			if (clock + length > (mine?.end ?? this.known(client))) throw new Refused('delete-of-future');
			for (const [from, to] of this.deleted.get(client)?.missing(clock, clock + length) ?? [[clock, clock + length] as const]) {
				for (const runs of [this.clients.get(client), mine]) {
					for (const [a, b, label] of runs?.within(from, to) ?? []) {
						if (label === COLLECTED ? sender.readsOnly !== true : sender.mayWrite(this.nameOf(label))) gone.push({ client, clock: a, length: b - a });
						// Nothing stands there: their deletion is no news.
						else if (label === COLLECTED) continue;
						else if (sender.diff) dropped.push({ client, clock: a, length: b - a });
						else throw new Refused(`denied-delete:${this.nameOf(label)}`);
					}
				}
			}
		}
		const forward = fresh.length === 0 && gone.length === 0 ? null : dropped.length === 0 ? update : withDeletions(update, decoded, gone);
		return { ok: true, fresh, gone, dropped, forward, structEnd: decoded.structEnd };
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
		return decoded.sections.size > 1 ? this.placeMany(decoded) : this.placeOne(decoded);
	}

	/** A keystroke: nothing else in it could be what it hangs on. */
	private placeOne({ sections }: Decoded): Accepted['fresh'] {
		for (const [client, section] of sections) {
			if (!this.sender.mayUse(client)) throw new Refused('foreign-client');
			for (const struct of section) if (this.tryPlace(struct) !== null) throw new Refused('unknown-reference');
		}
		return this.fresh;
	}

	private placeMany(decoded: Decoded): Accepted['fresh'] {
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
		const site = this.siteOf(struct);
		if (site !== null && 'clock' in site) return site;
		const before = clock < have ? this.look({ client, clock: have - 1 })! : null;
		const label = site === null ? COLLECTED : this.labelIn(site, struct, before);
		if (label === COLLECTED ? this.sender.readsOnly === true : !this.sender.mayWrite(this.index.nameOf(label)))
			throw new Refused(`denied:${this.index.nameOf(label)}`);
		let runs = this.added.get(client);
		if (runs === undefined) this.added.set(client, (runs = new LabelledRuns()));
		runs.push(have, to, label);
		this.fresh.push([client, have, to, label]);
		return null;
	}

	/** Whether the struct may stand in this list or map, and the label its clocks get. `before`: the label of the part that is known already. */
	private labelIn(site: Site, struct: Struct, before: number | null): number {
		const { index, sender } = this;
		if (before !== null && index.nameOf(before) !== site.root) throw new Refused('overlap-other-root');
		const opens = site.keyed && struct.rightOrigin !== null ? NO : site.admits(struct);
		if (opens !== NO && (before === null || index.siteOf(before) === site)) return index.label(site, opens);
		if (sender.stored !== true) throw new Refused('shape');
		return index.label(site, index.freeSpot(site.root));
	}

	/** Where the struct stands, null if it is collected wherever it arrives, or what it still hangs on. */
	private siteOf(struct: Struct): Site | null | Id {
		if (struct.collected) return null;
		const { origin, rightOrigin, parent, key } = struct;
		if (typeof parent === 'string') {
			if (!this.sender.mayWrite(parent)) throw new Refused(`denied:${parent}`);
			return this.inside(this.index.spot(parent), parent, key);
		}
		// A parent is written out only where there are no neighbours.
		const one = origin ?? rightOrigin ?? parent!;
		const two = origin === null ? null : rightOrigin;
		const label = this.lookBefore(one, struct);
		if (label === undefined) return one;
		const other = two === null ? label : this.lookBefore(two, struct);
		if (other === undefined) return two;
		if (label === COLLECTED || other === COLLECTED) return null;
		if (parent !== null) {
			const spot = this.index.opensOf(label);
			return spot === GONE ? null : this.inside(spot, this.index.nameOf(label), key);
		}
		const left = this.index.siteOf(label)!;
		const right = this.index.siteOf(other)!;
		return left === right ? left : this.between(left, right);
	}

	private lookBefore(id: Id, { client, clock }: Struct): number | undefined {
		// Yjs throws on a struct that hangs on itself or on its own future.
		if (id.client === client && id.clock >= clock) throw new Refused('self-reference');
		return this.look(id);
	}

	private inside(spot: Spot | null, root: string, key: string | null): Site {
		const site = (key === null ? spot?.list : spot?.entry(key)) ?? null;
		if (site !== null) return site;
		if (this.sender.stored !== true) throw new Refused('shape');
		return this.index.freeSpot(root).list!;
	}

	private between(left: Site, right: Site): Site {
		// Yjs takes the right neighbour's parent and the left one's list: the text would land in a root nobody checked.
		if (left.root !== right.root) throw new Refused('two-roots');
		if (this.sender.stored !== true && !this.index.isFree(left) && !this.index.isFree(right)) throw new Refused('shape');
		return this.index.freeSpot(left.root).list!;
	}
}

/** Kinds are few and their shapes never change: drawn once. */
const drawn = new WeakMap<LiveShape, ReadonlyMap<string, Spot>>();
function spotsOf(shape: LiveShape): ReadonlyMap<string, Spot> {
	let spots = drawn.get(shape);
	if (spots === undefined) drawn.set(shape, (spots = rootSpots(shape)));
	return spots;
}
