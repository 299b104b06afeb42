import { uints } from '../protocol/uint.ts';
import type { Decoded, Deletion } from './decode.ts';

/** What an update deletes of each client: from which clock on, how many. */
export type Stretches = readonly (readonly [client: number, stretches: readonly (readonly [clock: number, length: number])[]])[];

/** As it stands at the end of an update of Yjs' first form. */
export const deleteSet = (stretches: Stretches): Uint8Array =>
	uints([stretches.length, ...stretches.flatMap(([client, list]) => [client, list.length, ...list.flat()])]);

/** In the order in which their clients come. */
export function stretchesOf(deletions: readonly Deletion[]): Stretches {
	const byClient = Map.groupBy(deletions, ({ client }) => client);
	return [...byClient].map(([client, list]) => [client, list.map(({ clock, length }) => [clock, length] as const)] as const);
}

/** The same structs, byte for byte, with another delete set behind them. */
export function withDeletions(update: Uint8Array, decoded: Decoded, deletions: readonly Deletion[]): Uint8Array {
	return joinedBytes([update.subarray(0, decoded.structEnd), deleteSet(stretchesOf(deletions))]);
}

export function joinedBytes(parts: readonly Uint8Array[]): Uint8Array {
	const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		joined.set(part, at);
		at += part.length;
	}
	return joined;
}
