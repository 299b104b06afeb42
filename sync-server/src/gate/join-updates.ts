import { uints } from '../protocol/uint.ts';
import { deleteSet, joinedBytes, type Stretches } from './delete-set.ts';
import { Reader } from './reader.ts';
import type { Accepted } from './root-index.ts';

/** One update the gate has accepted, whose `forward` is not null. */
type Part = Pick<Accepted, 'fresh' | 'forward' | 'structEnd'>;

/**
 * Many small updates of one typist as one, byte for byte: what Yjs' own merging does through readers, sorts and encoders, at a tenth of the
 * garbage. null unless all structs are new and one client's, each part beginning where the last one ended: then Yjs must merge.
 */
export function joinUpdates(parts: readonly Part[]): Uint8Array | null {
	const bodies: Uint8Array[] = [];
	const deletions = new Map<number, [clock: number, length: number][]>();
	let structs = 0;
	let client = -1;
	let first = 0;
	let next = 0;
	for (const { fresh, forward, structEnd } of parts) {
		const reader = new Reader(forward!);
		const sections = reader.uint();
		if (sections > 1) return null;
		if (sections === 1) {
			const count = reader.uint();
			const of = reader.uint();
			const clock = reader.uint();
			if (fresh[0]?.[1] !== clock) return null;
			if (structs === 0) [client, first] = [of, clock];
			else if (of !== client || clock !== next) return null;
			structs += count;
			next = fresh.at(-1)![2];
			bodies.push(forward!.subarray(reader.at, structEnd));
		}
		reader.at = structEnd;
		for (let clients = reader.uint(); clients > 0; clients--) {
			const of = reader.uint();
			const list = deletions.get(of) ?? [];
			for (let count = reader.uint(); count > 0; count--) list.push([reader.uint(), reader.uint()]);
			deletions.set(of, list);
		}
	}
	return joinedBytes([uints(structs === 0 ? [0] : [1, structs, client, first]), ...bodies, deleteSet(closed(deletions))]);
}

/** In the order and with the gaps closed as Yjs writes it. */
function closed(deletions: ReadonlyMap<number, [clock: number, length: number][]>): Stretches {
	return [...deletions]
		.toSorted(([a], [b]) => b - a)
		.map(([client, list]) => {
			const stretches: [clock: number, length: number][] = [];
			for (const [clock, length] of list.toSorted(([a], [b]) => a - b)) {
				const last = stretches.at(-1);
				if (last !== undefined && last[0] + last[1] >= clock) last[1] = Math.max(last[1], clock + length - last[0]);
				else stretches.push([clock, length]);
			}
			return [client, stretches] as const;
		});
}
