/** lib0's variable-length unsigned integers, up to 2^53, without an encoder: its buffer stays outside the heap until the next large collection. Browser-safe. */
export function uintBytes(value: number): number {
	let bytes = 1;
	for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) bytes++;
	return bytes;
}

/** Answers where the next byte goes. */
export function writeUint(out: Uint8Array, at: number, value: number): number {
	let rest = value;
	let to = at;
	for (; rest > 127; rest = Math.floor(rest / 128)) out[to++] = 128 | (rest & 127);
	out[to++] = rest;
	return to;
}

/** The numbers one behind the other. */
export function uints(values: readonly number[]): Uint8Array {
	const bytes = new Uint8Array(values.reduce((sum, value) => sum + uintBytes(value), 0));
	let at = 0;
	for (const value of values) at = writeUint(bytes, at, value);
	return bytes;
}
