import type { Connection } from './connection.ts';
import type { DocumentState } from './document-state.ts';
import { packedFrame, snapshotFrame } from './protocol/index.ts';

/** Below this deflating saves a packet at most. */
const WORTH_PACKING = 4096;

/** The whole document in the shortest form this client reads, if it asks for the first time and has nothing; null: step 2 is its answer. */
export function wholeFrame(document: DocumentState, { v2, synced }: Connection, stateVector: Uint8Array): Uint8Array | null {
	if (v2 === false || synced || stateVector.length !== 1 || stateVector[0] !== 0) return null;
	const whole = document.allV2();
	if (whole === null) return null;
	return v2 === 'packed' && whole.length >= WORTH_PACKING ? packedFrame(document.packed(whole)) : snapshotFrame(whole);
}
