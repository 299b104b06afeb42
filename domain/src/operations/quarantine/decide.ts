import { ok, refuse, type PatientId, type Refusal, type Result } from '../../kernel/index.ts';
import type { DecideItem, ItemDecided, QuarantineItem } from './quarantine.ts';

export interface QuarantineState {
	readonly item: Pick<QuarantineItem, 'id' | 'doc' | 'by' | 'status' | 'decidedBy' | 'decidedAt'>;
	readonly patient: PatientId | null;
	readonly sealed: boolean;
	/** `fits`: it says something new and nothing it hangs on is missing; `known`: the document holds all of it by now */
	readonly fit: 'fits' | 'known' | 'hangs' | 'unreadable';
}

const decided = (type: ItemDecided['type'], { item, patient }: QuarantineState, reason: string): Result<readonly ItemDecided[], Refusal> =>
	ok([{ type, patient, item: item.id, doc: item.doc, by: item.by, reason }]);

function alreadyDecided({ item }: QuarantineState): Result<never, Refusal> | null {
	return item.status === 'waiting' ? null : refuse('quarantine-decided', { status: item.status, by: item.decidedBy, at: item.decidedAt });
}

export function decideAccept(state: QuarantineState | null, { reason }: DecideItem): Result<readonly ItemDecided[], Refusal> {
	if (state === null) return refuse('quarantine-unknown');
	const before = alreadyDecided(state);
	if (before !== null) return before;
	if (state.sealed) return refuse('quarantine-sealed');
	switch (state.fit) {
		case 'known':
			return refuse('quarantine-known');
		case 'hangs':
			return refuse('quarantine-hangs');
		case 'unreadable':
			return refuse('quarantine-unreadable');
		case 'fits':
			return decided('operations.quarantine.accepted', state, reason);
	}
}

export function decideReject(state: QuarantineState | null, { reason }: DecideItem): Result<readonly ItemDecided[], Refusal> {
	if (state === null) return refuse('quarantine-unknown');
	return alreadyDecided(state) ?? decided('operations.quarantine.rejected', state, reason);
}
