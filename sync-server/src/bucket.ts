/** Tokens that come back with time. It may go into debt; the debt is the time to wait, so nothing is dropped, only slowed. */
export class Bucket {
	readonly #perSecond: number;
	readonly #burst: number;
	#tokens: number;
	#at: number;

	constructor(perSecond: number, burst: number, now: number) {
		this.#perSecond = perSecond;
		this.#burst = burst;
		this.#tokens = burst;
		this.#at = now;
	}

	/** Takes `cost` tokens and returns how many milliseconds the taker must wait before it may go on. */
	take(cost: number, now: number): number {
		this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1000) * this.#perSecond) - cost;
		this.#at = now;
		return this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens / this.#perSecond) * 1000);
	}
}
