import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Refused } from './refused.ts';

/** Bytes by position, a window at a time: pixel data never come into memory. */
export interface Source {
	readonly size: number;
	/** A view that is valid until the next call, except for long reads, which are copies. Throws `truncated` beyond the end. */
	bytes(offset: number, length: number): Buffer;
}

const WINDOW = 128 * 1024;

export class FileSource implements Source {
	readonly size: number;
	readonly #fd: number;
	readonly #window = Buffer.alloc(WINDOW);
	#start = 0;
	#length = 0;

	constructor(path: string) {
		this.#fd = openSync(path, 'r');
		this.size = fstatSync(this.#fd).size;
	}

	bytes(offset: number, length: number): Buffer {
		if (offset < 0 || length < 0 || offset + length > this.size) throw new Refused('truncated', `${offset + length} of ${this.size} bytes`);
		if (length > WINDOW) return this.#readAt(Buffer.alloc(length), offset);
		if (offset < this.#start || offset + length > this.#start + this.#length) {
			this.#start = offset;
			this.#length = readSync(this.#fd, this.#window, 0, Math.min(WINDOW, this.size - offset), offset);
			if (this.#length < length) throw new Refused('truncated');
		}
		return this.#window.subarray(offset - this.#start, offset - this.#start + length);
	}

	#readAt(into: Buffer, offset: number): Buffer {
		let filled = 0;
		while (filled < into.length) {
			const count = readSync(this.#fd, into, filled, into.length - filled, offset + filled);
			if (count === 0) throw new Refused('truncated');
			filled += count;
		}
		return into;
	}

	close(): void {
		closeSync(this.#fd);
	}
}
