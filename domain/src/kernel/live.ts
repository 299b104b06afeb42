import type { Doc, Transaction } from 'yjs';
import type { PatientId } from './id.ts';

/** projection: server writes; draft: people write until sealed; session: shared for as long as somebody is there */
export type LiveMode = 'projection' | 'draft' | 'session';

/** What one person may do in one live document now. `writes` names the roots (sections) they may change; '*' means every root. */
export interface Admission {
	readonly mode: LiveMode;
	readonly patient: PatientId | null;
	readonly writes: readonly string[] | '*';
	/** sealed: read-only for all, for ever */
	readonly sealed: boolean;
	/** rises with every change of rights on this document; an update admitted under an older one is checked again */
	readonly generation: number;
}

/** The address of a live document: `<kind>/<id>`. */
export const liveName = (kind: string, id: string): string => `${kind}/${id}`;

/**
 * Yjs tidies formatting after every change it receives: each reader deletes marks it thinks redundant, in text it may not
 * write. Such a delete is refused by the gate, and dropped from the diff of somebody with fewer rights, so that one reader
 * would see other marks than everybody else (found by the fuzz of sections). Call it on every document that receives.
 */
export function keepForeignFormatting(doc: Doc): void {
	doc.on('afterTransaction', (transaction: Transaction) => {
		if (!transaction.local) transaction._needFormattingCleanup = false;
	});
}
