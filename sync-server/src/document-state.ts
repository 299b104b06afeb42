import { keepForeignFormatting } from '@tongping/domain/kernel';
import * as Y from 'yjs';

const APPLY_AFTER = 500;

/** What is committed of one document. Updates wait as bytes until somebody asks, so the path of a keystroke builds no Y.Doc. */
export class DocumentState {
	readonly #doc = new Y.Doc();
	#tail: Uint8Array[];

	constructor(updates: readonly Uint8Array[]) {
		this.#tail = [...updates];
		// A snapshot must equal a replay of the log: nothing is tidied that nobody deleted.
		keepForeignFormatting(this.#doc);
	}

	add(update: Uint8Array): void {
		this.#tail.push(update);
		if (this.#tail.length >= APPLY_AFTER) this.settle();
	}

	/** The document as it is on disk. Read it, never change it. */
	settle(): Y.Doc {
		if (this.#tail.length > 0) {
			const tail = this.#tail;
			this.#tail = [];
			this.#doc.transact(() => {
				for (const update of tail) Y.applyUpdate(this.#doc, update);
			});
			if (this.#doc.store.pendingStructs !== null) throw new Error('a stored update waits for another that does not exist');
		}
		return this.#doc;
	}

	stateVector(): Uint8Array {
		return Y.encodeStateVector(this.settle());
	}

	/** What a holder of `stateVector` lacks. Throws if the vector cannot be read. */
	since(stateVector?: Uint8Array): Uint8Array {
		return Y.encodeStateAsUpdate(this.settle(), stateVector);
	}
}
