import { deflateRawSync } from 'node:zlib';
import { keepForeignFormatting, type LiveShape } from '@tongping/domain/kernel';
import * as Y from 'yjs';
import { RootIndex, deleteSet, joinedBytes, type Accepted, type Deletion, type Sender, type Verdict } from './gate/index.ts';
import type { LoadedLive } from './ports.ts';
import { uints } from './protocol/uint.ts';

/** `Y.mergeUpdates` sorts all it is given for every struct it writes: more at once costs more than in levels. */
const MERGE_AT_ONCE = 200;
/** the update and the state vector that say nothing */
const EMPTY = Uint8Array.of(0, 0);
const NONE = Uint8Array.of(0);

interface Row {
	readonly position: number;
	readonly update: Uint8Array;
}
export type Clocks = ReadonlyMap<number, number>;

/**
 * One document as bytes: the last compaction, the rows after it, and the gate's index of what exists. No Y.Doc is built:
 * questions are answered from the bytes, and what is accepted but not yet on disk is in none of the answers.
 */
export class DocumentState {
	private readonly shape: LiveShape | undefined;
	/** null: nobody has ever written here */
	private index: RootIndex | null = null;
	private pending: Set<Accepted> | null = null;
	private base: Uint8Array | null = null;
	private baseV2: Uint8Array | null = null;
	private baseClocks: Clocks | null = null;
	private rows: Row[] = [];
	/** base and the first `merged` rows as one update */
	private whole: Uint8Array | null = null;
	private merged = 0;
	private wholeV2: Uint8Array | null = null;
	private deflated: { readonly of: Uint8Array; readonly bytes: Uint8Array } | null = null;
	private rowBytes = 0;

	constructor(shape?: LiveShape, loaded?: LoadedLive) {
		this.shape = shape;
		if (loaded === undefined || (loaded.snapshot === null && loaded.updates.length === 0)) return;
		this.index = RootIndex.load(loaded.snapshot === null ? loaded.updates : [loaded.snapshot, ...loaded.updates], shape);
		this.base = loaded.snapshot;
		this.rows = loaded.updates.map((update) => ({ position: loaded.position, update }));
		this.rowBytes = loaded.updates.reduce((sum, { length }) => sum + length, 0);
	}

	/** clocks this document has ever used, tombstones and what is on its way to the disk included */
	get units(): number {
		return this.index?.units ?? 0;
	}

	/** memory held for a document nobody has open, roughly */
	get bytes(): number {
		return (
			512 +
			(this.base?.length ?? 0) +
			(this.baseV2?.length ?? 0) +
			this.rowBytes +
			(this.whole?.length ?? 0) +
			(this.wholeV2?.length ?? 0) +
			(this.deflated?.bytes.length ?? 0) +
			(this.index === null ? 0 : 2048)
		);
	}

	get rowsSinceCompaction(): number {
		return this.rows.length;
	}

	/** The rows have outgrown what they are based on. */
	get wantsCompaction(): boolean {
		return this.rowBytes > Math.max(256 * 1024, (this.base?.length ?? 0) / 2);
	}

	/** Less than this costs a join nothing. */
	get worthTidying(): boolean {
		return this.rows.length > 20 || this.rowBytes > 2048;
	}

	has(client: number): boolean {
		return this.index?.has(client) ?? false;
	}

	/** Next clock expected of this client; 0 if it never wrote. */
	known(client: number): number {
		return this.index?.known(client) ?? 0;
	}

	/** Changes nothing until `accept`. */
	check(update: Uint8Array, sender: Sender): Verdict {
		if (update.length === 2 && update[0] === 0 && update[1] === 0) return { ok: true, fresh: [], gone: [], dropped: [], forward: null, structEnd: 0 };
		this.index ??= new RootIndex(this.shape);
		return this.index.check(update, sender);
	}

	/** The gate reckons with it from now on; readers see it when it is `stored`. */
	accept(verdict: Accepted): void {
		if (verdict.fresh.length === 0 && verdict.gone.length === 0) return;
		this.index?.commit(verdict);
		(this.pending ??= new Set()).add(verdict);
	}

	stored(position: number, update: Uint8Array, verdicts: Iterable<Accepted>): void {
		for (const verdict of verdicts) this.pending?.delete(verdict);
		if (this.pending?.size === 0) this.pending = null;
		this.rows.push({ position, update });
		this.rowBytes += update.length;
		this.wholeV2 = null;
		this.deflated = null;
	}

	/** Takes a compaction's result for all rows up to its position. */
	compacted(position: number, v1: Uint8Array, v2: Uint8Array | null): void {
		this.base = v1;
		this.baseV2 = v2;
		this.baseClocks = null;
		this.rows = this.rows.filter((row) => row.position > position);
		this.rowBytes = this.rows.reduce((sum, { update }) => sum + update.length, 0);
		this.whole = null;
		this.merged = 0;
		this.wholeV2 = null;
		this.deflated = null;
	}

	/** Everything on disk as one update. */
	all(): Uint8Array {
		if (this.merged < this.rows.length) {
			const before = this.whole ?? this.base;
			const rows = this.rows.slice(this.merged).map((row) => row.update);
			this.whole = mergeAll(before === null ? rows : [before, mergeAll(rows)]);
			this.merged = this.rows.length;
		}
		return this.whole ?? this.base ?? EMPTY;
	}

	/** The same in Yjs' second form, where a compaction has made it; null otherwise. */
	allV2(): Uint8Array | null {
		if (this.baseV2 === null) return null;
		if (this.rows.length === 0) return this.baseV2;
		return (this.wholeV2 ??= Y.mergeUpdatesV2([this.baseV2, Y.convertUpdateFormatV1ToV2(mergeAll(this.rows.map((row) => row.update)))]));
	}

	/** `whole`, what `allV2` has just said, as raw deflate: made once for all who join until the document changes. */
	packed(whole: Uint8Array): Uint8Array {
		if (this.deflated?.of !== whole) this.deflated = { of: whole, bytes: deflateRawSync(whole) };
		return this.deflated.bytes;
	}

	/** The second form stored beside the snapshot this was loaded from. */
	giveV2(v2: Uint8Array): void {
		this.baseV2 = v2;
	}

	/** What exists on disk, by client. */
	clocks(): Map<number, number> {
		const { index } = this;
		const clocks = new Map<number, number>();
		if (index === null) return clocks;
		for (const client of index.clientIds) clocks.set(client, index.known(client));
		if (this.pending !== null)
			for (const { fresh } of this.pending) for (const [client, from] of fresh) clocks.set(client, Math.min(from, clocks.get(client) ?? from));
		for (const [client, clock] of clocks) if (clock === 0) clocks.delete(client);
		return clocks;
	}

	stateVector(): Uint8Array {
		return this.index === null ? NONE : encodeClocks(this.clocks());
	}

	/** What a holder of `stateVector` lacks. Throws if the vector cannot be read. */
	since(stateVector: Uint8Array): Uint8Array {
		const theirs = Y.decodeStateVector(stateVector);
		if (theirs.size === 0) return this.all();
		if (covers(theirs, this.clocks())) return this.deletions();
		if (this.base !== null) {
			this.baseClocks ??= Y.decodeStateVector(Y.encodeStateVectorFromUpdate(this.base));
			// Somebody who was away for a moment: the large part is not touched.
			if (covers(theirs, this.baseClocks)) return Y.mergeUpdates([Y.diffUpdate(mergeAll(this.rows.map((row) => row.update)), stateVector), this.deletions()]);
		}
		return Y.diffUpdate(this.all(), stateVector);
	}

	/** An update that holds every deletion on disk and nothing else. */
	private deletions(): Uint8Array {
		const deleted = new Map<number, (readonly [from: number, to: number])[]>();
		for (const [client, parts] of this.index?.tombstones ?? []) deleted.set(client, [...parts]);
		if (this.pending !== null)
			for (const { gone } of this.pending)
				for (const { client, clock, length } of gone) deleted.set(client, without(deleted.get(client) ?? [], clock, clock + length));
		const clients = [...deleted].filter(([, parts]) => parts.length > 0).toSorted(([a], [b]) => b - a);
		const stretches = clients.map(([client, parts]) => [client, parts.map(([from, to]) => [from, to - from] as const)] as const);
		return joinedBytes([NONE, deleteSet(stretches)]);
	}

	/**
	 * Does any of this still stand for a reader? Every replica deletes on its own what was overwritten or lost its parent, and redundant
	 * ends of marks: who only repeats such deletions asked for nothing. The one question that needs a Y.Doc; it is rare.
	 */
	stands(deletions: readonly Deletion[]): boolean {
		const doc = new Y.Doc();
		keepForeignFormatting(doc);
		Y.applyUpdate(doc, this.all());
		const standing = deletions.flatMap(({ client, clock, length }) =>
			(doc.store.clients.get(client) ?? []).filter(
				(struct): struct is Y.Item => struct instanceof Y.Item && !struct.deleted && struct.id.clock < clock + length && struct.id.clock + struct.length > clock
			)
		);
		return standing.some(({ countable }) => countable) || marksShow(doc, standing);
	}

	/** For servers without a compaction thread: the same through a Y.Doc here and now. */
	tidied(): Uint8Array {
		const doc = new Y.Doc();
		// A snapshot must equal a replay of the log: nothing is tidied that nobody deleted.
		keepForeignFormatting(doc);
		Y.applyUpdate(doc, this.all());
		if (doc.store.pendingStructs !== null) throw new Error('a stored update waits for another that does not exist');
		return Y.encodeStateAsUpdate(doc);
	}
}

/** Would anybody see that these marks are gone? */
function marksShow(doc: Y.Doc, marks: readonly Y.Item[]): boolean {
	const roots = new Map([...doc.share].map(([name, type]) => [type as unknown, name]));
	// A root is of no kind until somebody says which.
	const texts = new Set(marks.map(({ parent }) => (roots.has(parent) ? doc.getText(roots.get(parent)!) : parent)).filter((parent) => parent instanceof Y.Text));
	const shown = (): string => JSON.stringify([...texts].map((text) => text.toDelta() as unknown));
	const before = shown();
	// As if it came from elsewhere: a change of one's own would tidy the marks around it.
	Y.transact(
		doc,
		(transaction) => {
			for (const mark of marks) mark.delete(transaction);
		},
		null,
		false
	);
	return shown() !== before;
}

export const encodeClocks = (clocks: Clocks): Uint8Array => uints([clocks.size, ...[...clocks].flat()]);

const covers = (theirs: Clocks, ours: Clocks): boolean => {
	for (const [client, clock] of ours) if ((theirs.get(client) ?? 0) < clock) return false;
	return true;
};

function mergeAll(updates: readonly Uint8Array[]): Uint8Array {
	let level = updates;
	while (level.length > 1) {
		const next: Uint8Array[] = [];
		for (let at = 0; at < level.length; at += MERGE_AT_ONCE) {
			const part = level.slice(at, at + MERGE_AT_ONCE);
			next.push(part.length === 1 ? part[0]! : Y.mergeUpdates(part));
		}
		level = next;
	}
	return level[0] ?? EMPTY;
}

function without(parts: readonly (readonly [from: number, to: number])[], from: number, to: number): (readonly [from: number, to: number])[] {
	return parts.flatMap(([a, b]) =>
		b <= from || a >= to ? [[a, b] as const] : [...(a < from ? [[a, from] as const] : []), ...(b > to ? [[to, b] as const] : [])]
	);
}
