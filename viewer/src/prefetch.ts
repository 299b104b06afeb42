export interface PrefetchOptions {
	readonly count: number;
	/** requests at once */
	readonly width?: number;
	/** frames that fit into memory; further ones wait until they are looked at */
	readonly budget?: number;
	load(index: number, signal: AbortSignal): Promise<void>;
	changed?(index: number): void;
}
export type LoadState = 'waiting' | 'loading' | 'loaded' | 'failed';

/**
 * What to fetch next: the frame somebody looks at, then the nearest ones, those ahead of the scroll before those behind (a step back counts double).
 * Lower is sooner.
 */
export const cost = (index: number, focus: number, direction: -1 | 0 | 1): number => {
	const step = index - focus;
	return Math.abs(step) * (direction !== 0 && Math.sign(step) === -direction ? 2 : 1);
};

/** Fetches a stack from the middle outwards with a bounded number of requests. A frame that failed is asked again only when somebody looks at it. */
export class Prefetch {
	readonly #options: Required<Omit<PrefetchOptions, 'changed'>> & Pick<PrefetchOptions, 'changed'>;
	readonly #states: LoadState[];
	readonly #waiters = new Map<number, { readonly promise: Promise<void>; readonly resolve: () => void; readonly reject: (problem: unknown) => void }>();
	readonly #stop = new AbortController();
	#focus: number;
	#direction: -1 | 0 | 1 = 0;
	#running = 0;
	#begun = false;

	constructor(options: PrefetchOptions) {
		this.#options = { width: 6, budget: options.count, ...options };
		this.#states = new Array<LoadState>(options.count).fill('waiting');
		this.#focus = Math.floor((options.count - 1) / 2);
	}
	get loaded(): number {
		return this.#states.filter((state) => state === 'loaded').length;
	}
	get failed(): readonly number[] {
		return this.#states.flatMap((state, index) => (state === 'failed' ? [index] : []));
	}
	state(index: number): LoadState {
		return this.#states[index] ?? 'waiting';
	}
	/** Resolves when the frame is in memory, rejects with the reason it is not. Comes before all prefetching, beyond the width if need be. */
	want(index: number): Promise<void> {
		if (this.#states[index] === 'loaded') return Promise.resolve();
		const waiting = this.#waiters.get(index);
		if (waiting !== undefined) return waiting.promise;
		let resolve = (): void => undefined;
		let reject: (problem: unknown) => void = () => undefined;
		const promise = new Promise<void>((done, fail) => {
			resolve = done;
			reject = fail;
		});
		this.#waiters.set(index, { promise, resolve, reject });
		if (this.#states[index] !== 'loading') void this.#run(index);
		return promise;
	}
	/** Somebody looks here now: re-orders what comes next. The first call opens the prefetching. */
	look(index: number): void {
		if (this.#begun && index !== this.#focus) this.#direction = index > this.#focus ? 1 : -1;
		this.#focus = index;
		this.#begun = true;
		this.#fill();
	}
	/** A frame that memory had to give up. */
	forget(index: number): void {
		if (this.#states[index] === 'loaded') this.#states[index] = 'waiting';
	}
	stop(): void {
		this.#stop.abort();
	}

	#fill(): void {
		while (this.#running < this.#options.width && !this.#stop.signal.aborted) {
			const next = this.#next();
			if (next === null) return;
			void this.#run(next);
		}
	}
	#next(): number | null {
		let best: number | null = null;
		let bestCost = Infinity;
		this.#states.forEach((state, index) => {
			if (state !== 'waiting') return;
			const price = cost(index, this.#focus, this.#direction);
			if (price < bestCost && Math.abs(index - this.#focus) * 2 <= this.#options.budget) [best, bestCost] = [index, price];
		});
		return best;
	}
	async #run(index: number): Promise<void> {
		this.#states[index] = 'loading';
		this.#running++;
		try {
			await this.#options.load(index, this.#stop.signal);
			this.#states[index] = 'loaded';
			this.#waiters.get(index)?.resolve();
		} catch (problem) {
			this.#states[index] = this.#stop.signal.aborted ? 'waiting' : 'failed';
			this.#waiters.get(index)?.reject(problem);
		} finally {
			this.#waiters.delete(index);
			this.#running--;
		}
		this.#options.changed?.(index);
		this.#fill();
	}
}
