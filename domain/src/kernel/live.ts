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

/** A value or what is nested in its place. `bytes` bounds one value as it is encoded. */
export interface LiveValue {
	readonly bytes: number;
	readonly nested?: LiveMap | LiveArray | LiveText;
}
export interface LiveMap {
	readonly type: 'map';
	readonly keys: readonly string[] | '*';
	readonly value: LiveValue;
}
export interface LiveArray {
	readonly type: 'array';
	readonly value: LiveValue;
}
export interface LiveText {
	readonly type: 'text';
	/** names of formats; a value of at most `bytes` */
	readonly marks: readonly string[];
	readonly bytes: number;
}
/** One element of a rich text: which attributes it carries (always strings) and what stands in it; `#text` is text. */
export interface LiveElement {
	readonly attributes: readonly string[];
	readonly children: readonly string[];
}
export interface LiveXml {
	readonly type: 'xml';
	/** what stands directly in the root */
	readonly children: readonly string[];
	readonly elements: Readonly<Record<string, LiveElement>>;
	readonly marks: readonly string[];
	/** of one attribute or of one mark's value */
	readonly bytes: number;
}
/** What may stand in each root of a kind of live document. What is not named here no client may write. */
export type LiveShape = Readonly<Record<string, LiveXml | LiveMap | LiveArray | LiveText>>;

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
