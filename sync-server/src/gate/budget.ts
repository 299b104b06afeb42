/** What one update may cost to read. The decoder stops at the first limit that is passed, so no bomb is ever unpacked: at worst 20 ms. */
export interface Budget {
	readonly bytes: number;
	readonly structs: number;
	readonly clients: number;
	readonly deletes: number;
	/** longest run one struct may claim without carrying it (collected or deleted clocks) */
	readonly run: number;
	readonly depth: number;
	/** bytes of one string, key or binary value */
	readonly value: number;
	readonly key: number;
}

export const clientBudget: Budget = { bytes: 1 << 20, structs: 20_000, clients: 256, deletes: 50_000, run: 100_000, depth: 32, value: 1 << 18, key: 512 };
/** For what this server has stored itself. Nesting and keys were checked when it came in. */
export const storedBudget: Budget = {
	bytes: Number.MAX_SAFE_INTEGER,
	structs: Number.MAX_SAFE_INTEGER,
	clients: Number.MAX_SAFE_INTEGER,
	deletes: Number.MAX_SAFE_INTEGER,
	run: Number.MAX_SAFE_INTEGER,
	depth: 64,
	value: Number.MAX_SAFE_INTEGER,
	key: 1 << 16
};

/** Names that reach an object's prototype once a map, attribute or embedded object becomes a plain object. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);
export const forbiddenKey = (key: string): boolean => FORBIDDEN.has(key);
