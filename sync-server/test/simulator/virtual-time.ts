interface Event {
	readonly at: number;
	readonly order: number;
	readonly owner: object;
	run: (() => void) | null;
	readonly every: number | null;
}
const EPOCH = 1_763_769_600_000;
const NOBODY = {};

/**
 * The only clock of a simulation. While it is installed, timers and the time of day of the whole process are its own, so
 * the server under test runs unchanged; between two events every promise that can go on has gone on.
 */
export class VirtualTime {
	/** ms since the simulation began */
	now = 0;
	/** added to the time of day: somebody set the clock */
	skew = 0;
	owner: object = NOBODY;
	private order = 0;
	private heap: Event[] = [];
	private readonly real = {
		setTimeout: globalThis.setTimeout,
		setInterval: globalThis.setInterval,
		setImmediate: globalThis.setImmediate,
		clearTimeout: globalThis.clearTimeout,
		clearInterval: globalThis.clearInterval,
		clearImmediate: globalThis.clearImmediate,
		dateNow: Date.now,
		performanceNow: performance.now
	};

	/** Runs `work` under this clock and gives the process its own back. */
	async during<T>(work: () => Promise<T>): Promise<T> {
		this.install();
		try {
			return await work();
		} finally {
			const { dateNow, performanceNow, ...timers } = this.real;
			Object.assign(globalThis, timers);
			Date.now = dateNow;
			performance.now = performanceNow;
		}
	}

	private install(): void {
		const timer =
			(every: boolean) =>
			(run: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) => {
				const event = this.after(
					ms,
					() => {
						run(...given);
					},
					every ? Math.max(1, ms) : null
				);
				const handle = { event, unref: () => handle, ref: () => handle, hasRef: () => false, refresh: () => handle };
				return handle;
			};
		const clear = (handle: { readonly event?: Event } | null | undefined): void => {
			if (handle?.event !== undefined) handle.event.run = null;
		};
		Object.assign(globalThis, {
			setTimeout: timer(false),
			setInterval: timer(true),
			setImmediate: (run: (...given: unknown[]) => void, ...given: unknown[]) => timer(false)(run, 0, ...given),
			clearTimeout: clear,
			clearInterval: clear,
			clearImmediate: clear
		});
		Date.now = () => Math.floor(EPOCH + this.now + this.skew);
		performance.now = () => this.now;
	}

	after(ms: number, run: () => void, every: number | null = null): Event {
		const event: Event = { at: this.now + Math.max(0, ms), order: this.order++, owner: this.owner, run, every };
		this.push(event);
		return event;
	}

	/** As if this part of the world had lost its power: none of its timers ever fires. */
	forget(owner: object): void {
		for (const event of this.heap) if (event.owner === owner) event.run = null;
	}

	/** Lets `ms` pass. */
	async pass(ms: number): Promise<void> {
		const end = this.now + ms;
		await this.settle();
		for (let next = this.heap[0]; next !== undefined && next.at <= end; next = this.heap[0]) {
			this.pop();
			if (next.run === null) continue;
			this.now = Math.max(this.now, next.at);
			this.owner = next.owner;
			if (next.every !== null) {
				const again: Event = { at: this.now + next.every, order: this.order++, owner: next.owner, run: next.run, every: next.every };
				// The handle of an interval clears the event it was made for.
				Object.defineProperty(again, 'run', { get: () => next.run, set: (run: Event['run']) => void (next.run = run) });
				this.push(again);
			}
			next.run();
			await this.settle();
			this.owner = NOBODY;
		}
		this.now = end;
	}

	/** Every promise that can go on goes on: a turn of the real loop comes only after all of them. */
	private settle(): Promise<void> {
		return new Promise((resolve) => {
			this.real.setImmediate(resolve);
		});
	}

	/** For work in the name of a part of the world that is started from outside. */
	as(owner: object, work: () => void): void {
		const before = this.owner;
		this.owner = owner;
		work();
		this.owner = before;
	}

	private push(event: Event): void {
		const { heap } = this;
		heap.push(event);
		for (let at = heap.length - 1; at > 0;) {
			const parent = (at - 1) >> 1;
			if (!before(heap[at]!, heap[parent]!)) break;
			[heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
			at = parent;
		}
	}

	private pop(): void {
		const { heap } = this;
		const last = heap.pop()!;
		if (heap.length === 0) return;
		heap[0] = last;
		for (let at = 0; ;) {
			const [left, right] = [2 * at + 1, 2 * at + 2];
			let least = at;
			if (left < heap.length && before(heap[left]!, heap[least]!)) least = left;
			if (right < heap.length && before(heap[right]!, heap[least]!)) least = right;
			if (least === at) return;
			[heap[at], heap[least]] = [heap[least]!, heap[at]!];
			at = least;
		}
	}
}
const before = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
