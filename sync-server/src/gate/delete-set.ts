import type { Decoded, Deletion } from './decode.ts';

/** lib0’s variable-length unsigned integer. */
export function writeUint(out: number[], value: number): void {
	let rest = value;
	while (rest > 127) {
		out.push(128 | (rest & 127));
		rest = Math.floor(rest / 128);
	}
	out.push(rest);
}

/** The same structs, byte for byte, with another delete set behind them. */
export function withDeletions(update: Uint8Array, decoded: Decoded, deletions: readonly Deletion[]): Uint8Array {
	const byClient = new Map<number, Deletion[]>();
	for (const deletion of deletions) {
		const list = byClient.get(deletion.client);
		if (list === undefined) byClient.set(deletion.client, [deletion]);
		else list.push(deletion);
	}
	const tail: number[] = [];
	writeUint(tail, byClient.size);
	for (const [client, list] of byClient) {
		writeUint(tail, client);
		writeUint(tail, list.length);
		for (const { clock, length } of list) {
			writeUint(tail, clock);
			writeUint(tail, length);
		}
	}
	const result = new Uint8Array(decoded.structEnd + tail.length);
	result.set(update.subarray(0, decoded.structEnd));
	result.set(tail, decoded.structEnd);
	return result;
}
