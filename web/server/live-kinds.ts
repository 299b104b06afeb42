import type { LiveKind, Served } from '@tongping/domain/kernel/server';

/** The judges' own entry (`npm run bench:server`) has this kind: everybody may write everything in it. */
const BENCH = 'bench';

/** The kinds of live document this hospital has. Throws rather than start with one that everybody may write, or with two of a name. */
export function liveKinds(registry: readonly Served[]): ReadonlyMap<string, LiveKind> {
	const kinds = new Map<string, LiveKind>();
	for (const live of registry.flatMap((served) => served.live ?? [])) {
		if (live.kind === BENCH)
			throw new Error('documents of kind "bench" belong to the benchmark entry alone: everybody may write them. The server does not start.');
		if (kinds.has(live.kind)) throw new Error(`two modules have a live document of kind "${live.kind}"`);
		kinds.set(live.kind, live);
	}
	return kinds;
}
