/** Index of the last entry of `sorted` that is <= value, or 0. */
function lastAtMost(sorted: readonly number[], value: number): number {
	let low = 0;
	let high = sorted.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (sorted[middle]! <= value) low = middle;
		else high = middle - 1;
	}
	return low;
}

/** Contiguous clocks of one client, each with the label of its root. Run r covers [starts[r], starts[r + 1]), the last one ends at `end`. */
export class LabelledRuns {
	readonly starts: number[] = [];
	readonly labels: number[] = [];
	end = 0;

	push(from: number, to: number, label: number): void {
		if (this.labels.at(-1) !== label) {
			this.starts.push(from);
			this.labels.push(label);
		}
		this.end = to;
	}

	get first(): number {
		return this.starts[0] ?? 0;
	}

	labelAt(clock: number): number | undefined {
		return this.starts.length === 0 || clock < this.starts[0]! || clock >= this.end ? undefined : this.labels[lastAtMost(this.starts, clock)];
	}

	/** The runs that overlap [from, to), cut to it. */
	*within(from: number, to: number): Generator<readonly [from: number, to: number, label: number]> {
		if (this.starts.length === 0) return;
		const begin = Math.max(from, this.starts[0]!);
		const stop = Math.min(to, this.end);
		for (let run = lastAtMost(this.starts, begin); begin < stop && run < this.starts.length && this.starts[run]! < stop; run++) {
			yield [Math.max(begin, this.starts[run]!), Math.min(stop, this.starts[run + 1] ?? stop), this.labels[run]!];
		}
	}
}

const BULK = 16;

/** Sorted disjoint intervals. Holds what is already deleted: every Yjs diff repeats the whole delete set, other people's deletes included. */
export class Intervals {
	private starts: number[] = [];
	private ends: number[] = [];

	*[Symbol.iterator](): Generator<readonly [from: number, to: number]> {
		for (const [i, start] of this.starts.entries()) yield [start, this.ends[i]!];
	}

	/** first interval that ends beyond `clock` */
	private from(clock: number): number {
		let low = 0;
		let high = this.starts.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (this.ends[middle]! > clock) high = middle;
			else low = middle + 1;
		}
		return low;
	}

	/** The parts of [from, to) that are not covered. */
	*missing(from: number, to: number): Generator<readonly [from: number, to: number]> {
		let at = from;
		for (let i = this.from(from); at < to; i++) {
			const start = this.starts[i];
			if (start === undefined || start >= to) {
				yield [at, to];
				return;
			}
			if (start > at) yield [at, start];
			at = Math.max(at, this.ends[i]!);
		}
	}

	/** Many at once in any order, in one pass: added one by one they would be moved about for seconds. */
	addAll(added: (readonly [from: number, to: number])[]): void {
		if (added.length < BULK) {
			for (const [from, to] of added) this.add(from, to);
			return;
		}
		added.sort(([a], [b]) => a - b);
		const { starts, ends } = this;
		this.starts = [];
		this.ends = [];
		let old = 0;
		for (const [from, to] of added) {
			for (; old < starts.length && starts[old]! <= from; old++) this.append(starts[old]!, ends[old]!);
			this.append(from, to);
		}
		for (; old < starts.length; old++) this.append(starts[old]!, ends[old]!);
	}

	/** The next interval, beginning at or behind the last one's begin. */
	private append(from: number, to: number): void {
		const last = this.ends.length - 1;
		if (last >= 0 && from <= this.ends[last]!) this.ends[last] = Math.max(this.ends[last]!, to);
		else {
			this.starts.push(from);
			this.ends.push(to);
		}
	}

	add(from: number, to: number): void {
		let first = this.from(from);
		if (first > 0 && this.ends[first - 1] === from) first--;
		let start = from;
		let end = to;
		let last = first;
		for (; last < this.starts.length && this.starts[last]! <= end; last++) {
			start = Math.min(start, this.starts[last]!);
			end = Math.max(end, this.ends[last]!);
		}
		this.starts.splice(first, last - first, start);
		this.ends.splice(first, last - first, end);
	}
}
