import type { Recorded } from './module.ts';

export type RelayListener = (recorded: readonly Recorded[]) => void;

/** Hands committed events to those who show or react, in commit order. A listener that throws is reported and never stops the others. */
export class Relay {
	readonly #listeners = new Set<RelayListener>();
	readonly #onFault: (error: unknown) => void;

	constructor(onFault: (error: unknown) => void) {
		this.#onFault = onFault;
	}

	subscribe(listener: RelayListener): () => void {
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
		};
	}

	publish(recorded: readonly Recorded[]): void {
		for (const listener of this.#listeners) {
			try {
				listener(recorded);
			} catch (error) {
				this.#onFault(error);
			}
		}
	}
}
