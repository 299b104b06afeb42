import * as Y from 'yjs';
import { keepForeignFormatting } from '../../../kernel/index.ts';
import { loadLive, type Handle } from '../../../kernel/server/index.ts';
import type { QuarantineState } from '../decide.ts';

/** How these bytes lie against the document as it is on disk now. */
export async function fitOf(handle: Handle, doc: string, update: Uint8Array): Promise<Pick<QuarantineState, 'fit' | 'sealed'>> {
	const { snapshot, updates, sealed } = await loadLive(handle, doc);
	const document = new Y.Doc();
	keepForeignFormatting(document);
	try {
		for (const stored of snapshot === null ? updates : [snapshot, ...updates]) Y.applyUpdate(document, stored);
		const before = Y.encodeStateAsUpdate(document);
		try {
			Y.applyUpdate(document, update);
		} catch {
			return { fit: 'unreadable', sealed };
		}
		if (document.store.pendingStructs !== null || document.store.pendingDs !== null) return { fit: 'hangs', sealed };
		return { fit: Buffer.from(before).equals(Y.encodeStateAsUpdate(document)) ? 'known' : 'fits', sealed };
	} finally {
		document.destroy();
	}
}
