/** How often a WebSocket may fail to open before plain requests are tried. */
const PATIENCE = 2;
const FIRST_LOOK_MS = 60_000;
const LATER_LOOK_MS = 10 * 60_000;

/** Which way to the server works from here; all documents of a page share what was learnt. */
export class Ways {
	#failed = 0;
	#lookMs = FIRST_LOOK_MS;

	/** WebSocket, unless it failed again and again. */
	get blocked(): boolean {
		return this.#failed >= PATIENCE;
	}

	socketFailed(): void {
		this.#failed++;
	}

	socketWorks(): void {
		this.#failed = 0;
		this.#lookMs = FIRST_LOOK_MS;
	}

	/** Requests did not get through either: nothing is known about WebSockets then, one of them is tried next. */
	requestsFailed(): void {
		this.#failed = PATIENCE - 1;
	}

	/** When to look again whether a WebSocket gets through; less and less often, and not all screens at once. */
	nextLook(): number {
		const wait = this.#lookMs * (0.75 + Math.random() / 2);
		this.#lookMs = Math.min(this.#lookMs * 2, LATER_LOOK_MS);
		return wait;
	}
}
