/**
 * Who is over a budget of their own is read no oftener than this: what they may send comes as one commit, not as one for each frame in
 * everybody's way (docs/benchmarks.md: one who floods).
 */
export const REST_MS = 500;

/** Tokens that come back with time. It may go into debt; the debt is the time to wait, so nothing is dropped, only slowed. */
export class Bucket {
	readonly #perSecond: number;
	readonly #burst: number;
	readonly #least: number;
	#tokens: number;
	#at: number;

	/** `least`: milliseconds that a wait lasts at least, if there is one */
	constructor(perSecond: number, burst: number, now: number, least = 0) {
		this.#perSecond = perSecond;
		this.#least = least;
		this.#burst = burst;
		this.#tokens = burst;
		this.#at = now;
	}

	/** Takes `cost` tokens and returns how many milliseconds the taker must wait before it may go on. */
	take(cost: number, now: number): number {
		this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1000) * this.#perSecond) - cost;
		this.#at = now;
		return this.#tokens >= 0 ? 0 : Math.max(this.#least, Math.ceil((-this.#tokens / this.#perSecond) * 1000));
	}
}
