/** How a pulse asks and acts; times are those of a clock nobody can set. */
export interface PulseParts {
	/** when anything last came from the server, `performance.now()` */
	heardAt(): number;
	readonly link: 'open' | 'opening' | 'none';
	/** a question the server answers at once */
	ask(): void;
	/** gives the line up and opens a new one now */
	renew(): void;
	/** where `online` and `pageshow` are heard; null outside a browser */
	readonly window: EventTarget | null;
	readonly document: (EventTarget & { readonly hidden: boolean }) | null;
}

const TICK_MS = 2000;
/** Nobody ran for this long: the device slept. Timers of a hidden page are slow anyway. */
const SLEPT_MS = 8000;
const SLEPT_HIDDEN_MS = 90_000;
/** The server says something every 15 seconds. */
const SILENT_MS = 20_000;
const ANSWER_MS = 4000;

/**
 * Finds a line that died without a word: in sleep, behind a changed network, or through a clock that was set. The provider's
 * own check waits half a minute, by the wall clock, and for a day if that was set back.
 */
export class Pulse {
	readonly #parts: PulseParts;
	readonly #timer: ReturnType<typeof setInterval>;
	#ran = performance.now();
	#wall = Date.now();
	#asked: ReturnType<typeof setTimeout> | null = null;

	constructor(parts: PulseParts) {
		this.#parts = parts;
		this.#timer = setInterval(this.#tick, TICK_MS);
		for (const event of ['online', 'pageshow', 'resume'] as const) parts.window?.addEventListener(event, this.wake);
		parts.document?.addEventListener('visibilitychange', this.#seen);
	}

	readonly #tick = (): void => {
		const [now, wall] = [performance.now(), Date.now()];
		const gap = Math.max(now - this.#ran, Math.abs(wall - this.#wall));
		[this.#ran, this.#wall] = [now, wall];
		const slept = gap > (this.#parts.document?.hidden === true ? SLEPT_HIDDEN_MS : SLEPT_MS);
		if (slept || (this.#parts.link === 'open' && now - this.#parts.heardAt() > SILENT_MS)) this.wake();
	};
	readonly #seen = (): void => {
		if (this.#parts.document?.hidden === false) this.wake();
	};

	/** The page runs again, or the network changed: is the line still there? */
	readonly wake = (): void => {
		const { link } = this.#parts;
		if (link === 'none') {
			this.#parts.renew();
			return;
		}
		if (this.#asked !== null) return;
		const at = performance.now();
		if (link === 'open') this.#parts.ask();
		this.#asked = setTimeout(() => {
			this.#asked = null;
			if (this.#parts.heardAt() < at && this.#parts.link !== 'none') this.#parts.renew();
		}, ANSWER_MS);
	};

	stop(): void {
		clearInterval(this.#timer);
		if (this.#asked !== null) clearTimeout(this.#asked);
		for (const event of ['online', 'pageshow', 'resume'] as const) this.#parts.window?.removeEventListener(event, this.wake);
		this.#parts.document?.removeEventListener('visibilitychange', this.#seen);
	}
}
