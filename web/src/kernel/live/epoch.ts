import * as Y from 'yjs';

/**
 * What this page says of itself when it comes back: how often the server had been restored when it last heard, and under which
 * clientIDs its person has typed. A restored server may have forgotten both the words and whose they were.
 */
export class Epoch {
	#number: number | null = null;
	readonly #mine = new Set<number>();

	heard(epoch: number | undefined): void {
		this.#number = epoch ?? this.#number;
	}

	typed(client: number): void {
		this.#mine.add(client);
	}

	/** Edits kept on this device by an earlier page. */
	found(update: Uint8Array): void {
		for (const { id } of Y.decodeUpdate(update).structs) this.#mine.add(id.client);
	}

	/** The clientIDs this page's person has typed under, as they are now. */
	get mine(): ReadonlySet<number> {
		return new Set(this.#mine);
	}

	/** The document was thrown away: the next one holds only what the server has. */
	anew(): void {
		this.#number = null;
		this.#mine.clear();
	}

	get params(): Readonly<Record<string, string>> {
		return this.#number === null ? {} : { epoch: String(this.#number), mine: [...this.#mine].slice(-200).join('.') };
	}
}
