/** Why an update is not read any further. `reason` goes over the wire and into the audit; it never contains content. */
export class Unreadable extends Error {
	readonly reason: string;
	constructor(reason: string) {
		super(reason);
		this.reason = reason;
	}
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads lib0's V1 encoding without building anything. Every read is bounded by the bytes that are really there. */
export class Reader {
	readonly bytes: Uint8Array;
	at = 0;
	constructor(bytes: Uint8Array) {
		this.bytes = bytes;
	}

	get done(): boolean {
		return this.at >= this.bytes.length;
	}

	byte(): number {
		const value = this.bytes[this.at++];
		if (value === undefined) throw new Unreadable('malformed');
		return value;
	}

	/** An unsigned number of at most 2^53 - 1. */
	uint(): number {
		// Nearly all of them are one byte, and after a start this runs before any compiler has looked at it.
		const first = this.bytes[this.at]!;
		if (first < 128) {
			this.at++;
			return first;
		}
		let value = 0;
		let scale = 1;
		for (;;) {
			const byte = this.byte();
			value += (byte & 127) * scale;
			if (byte < 128) break;
			scale *= 128;
			if (scale > 2 ** 53) throw new Unreadable('malformed');
		}
		if (value > Number.MAX_SAFE_INTEGER) throw new Unreadable('malformed');
		return value;
	}

	skipInt(): void {
		for (let length = 1; this.byte() >= 128; length++) if (length > 8) throw new Unreadable('malformed');
	}

	/** Steps over `length` bytes that must exist. */
	skip(length: number): Uint8Array {
		const end = this.at + length;
		if (end > this.bytes.length) throw new Unreadable('malformed');
		const part = this.bytes.subarray(this.at, end);
		this.at = end;
		return part;
	}

	text(limit: number): string {
		const length = this.uint();
		if (length > limit) throw new Unreadable('oversized-value');
		try {
			return utf8.decode(this.skip(length));
		} catch {
			throw new Unreadable('malformed');
		}
	}

	/** Length in UTF-16 units of the text that follows, which is stepped over. Invalid UTF-8 is refused: Yjs would throw on it everywhere. */
	textLength(limit: number): number {
		const length = this.uint();
		if (length > limit) throw new Unreadable('oversized-value');
		const { bytes, at } = this;
		const end = at + length;
		if (end > bytes.length) throw new Unreadable('malformed');
		this.at = end;
		for (let i = at; i < end; i++) {
			if (bytes[i]! < 128) continue;
			try {
				return utf8.decode(bytes.subarray(at, end)).length;
			} catch {
				throw new Unreadable('malformed');
			}
		}
		return length;
	}
}
