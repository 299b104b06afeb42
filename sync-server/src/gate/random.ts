/** A seeded generator (mulberry32): a failing run prints its seed and can be replayed. */
export interface Random {
	readonly seed: number;
	next(): number;
	below(limit: number): number;
	pick<T>(list: readonly T[]): T;
	chance(probability: number): boolean;
}

export function seeded(seed: number): Random {
	let state = seed >>> 0;
	const next = (): number => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
	const below = (limit: number): number => Math.floor(next() * limit);
	return { seed, next, below, pick: (list) => list[below(list.length)]!, chance: (probability) => next() < probability };
}
