import type { Authors } from './authors.ts';
import type { DocumentState } from './document-state.ts';
import type { Limits, SyncPorts } from './ports.ts';

const FRAME_BYTES = 4096;
/** What a frame takes from the budget of its person and of its room. */
export const costOf = (bytes: number): number => Math.max(1, bytes / FRAME_BYTES);

/** Why `user` may not add `size` clocks to this document, or null. */
export function overQuota(
	document: DocumentState,
	names: Authors,
	user: string,
	size: number,
	{ documentUnits, personUnits }: Limits
): 'document-full' | 'person-full' | null {
	const units = document.units + size;
	if (units > documentUnits) return 'document-full';
	// A person cannot have used more than the document holds: the sum is asked only of large ones.
	if (size === 0 || units <= personUnits) return null;
	let own = size;
	for (const client of names.clientsOf(user)) own += document.known(client);
	return own > personUnits ? 'person-full' : null;
}

/** Early enough that somebody can begin a new document before this one takes nothing more. True once it was said. */
export function warnOf(
	{ name, document }: { readonly name: string; readonly document: DocumentState },
	{ limits, ports }: { readonly limits: Limits; readonly ports: SyncPorts }
): boolean {
	if (document.units <= limits.warnUnits) return false;
	ports.alarm('a document is nearly full', new Error('quota'), { room: name, units: document.units });
	return true;
}
