import type { SyncPorts } from '../src/index.ts';

const DELAY_MS = 150;

/** The fault every durability test must find: it answers before anything is stored and writes a moment later. Never part of the product. */
export function earlyAppend(append: SyncPorts['append']): SyncPorts['append'] {
	let position = 1;
	return async (entries) => {
		setTimeout(() => {
			append(entries).catch((error: unknown) => {
				console.error(error);
			});
		}, DELAY_MS);
		return entries.map(() => ({ ok: true, position: position++ }));
	};
}
