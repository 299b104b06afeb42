import type { Authors } from './authors.ts';
import type { Connection, Slot } from './connection.ts';
import type { DocumentState } from './document-state.ts';
import { step1Frame } from './protocol/index.ts';

/** The disk is full: nothing is wrong with these words, their author keeps them and is asked for them when there is room. */
const DISK_FULL = 'storage-full';

export function holdBack(connection: Connection, slot: Slot, { onRefusal }: { onRefusal(reason: string): void }): void {
	slot.state = { refused: DISK_FULL };
	connection.unsaved = true;
	// What it types now hangs on what it still has: it waits for the diff.
	connection.offered = false;
	onRefusal(DISK_FULL);
}

/** An offer that a full disk need not stop: nothing of it would be stored. */
export function saysNothingNew(document: DocumentState, names: Authors, connection: Connection, update: Uint8Array): boolean {
	if (connection.recovering !== null) return update.length <= 2;
	const { user } = connection.actor;
	const verdict = document.check(update, { mayUse: (client) => names.mayUse(client, user, document.has(client)), mayWrite: () => true, diff: true });
	return verdict.ok && verdict.forward === null;
}

/** There is room again. */
export function askForHeldBack(connections: Iterable<Connection>, document: DocumentState): void {
	for (const connection of connections) {
		if (!connection.unsaved) continue;
		connection.unsaved = false;
		connection.send(step1Frame(document.stateVector()));
	}
}
