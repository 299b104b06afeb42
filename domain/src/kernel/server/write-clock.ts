/** A second of difference is the everyday work of time synchronisation. */
const NOTICE_MS = 1000;
/** While the machine's clock is behind, stored time runs at half speed until both agree: an hour is made up in two. */
const SLOWED = 0.5;

export interface Clocks {
	wall(): number;
	/** ms that only ever grow, whatever anybody sets */
	steady(): number;
}
const machine: Clocks = { wall: () => Date.now(), steady: () => performance.now() };

/**
 * The one clock of stored times. It never goes back, whatever the machine's clock does, and starts no earlier than the last time on
 * disk: an interval that ends before it began, or a later signature with an earlier time, would be a false record.
 */
export class WriteClock {
	readonly #clocks: Clocks;
	#last: number;
	#steady: number;
	#ahead = 0;

	constructor(lastStored: number, clocks: Clocks = machine) {
		this.#clocks = clocks;
		this.#last = lastStored;
		this.#steady = clocks.steady();
	}

	/** Epoch ms, whole, never less than any before. */
	now(): number {
		const wall = this.#clocks.wall();
		const steady = this.#clocks.steady();
		this.#last = Math.max(wall, this.#last + (steady - this.#steady) * SLOWED);
		this.#steady = steady;
		const ahead = Math.floor(this.#last) - wall;
		// Once noticed it is said until both clocks agree, so that an alarm does not come and go.
		this.#ahead = ahead > NOTICE_MS || (this.#ahead > 0 && ahead > 0) ? ahead : 0;
		return Math.floor(this.#last);
	}

	/** How far stored times are ahead of the machine's clock, ms; 0: not worth a word. */
	get aheadMs(): number {
		return this.#ahead;
	}
}
