import type { Board, BoardBed } from '@tongping/domain/inpatient';
import type { BedId } from '@tongping/domain/kernel';

/** What became different between two states of the board, for the two-second frame and for those who listen. */
export interface BoardChange {
	readonly kind: 'moved' | 'came' | 'left' | 'to-waiting' | 'status';
	readonly name: string | null;
	readonly from: string | null;
	readonly to: string | null;
	readonly by: string | null;
	readonly commandId: string | null;
}

export function changedBeds(before: Board, after: Board): readonly BedId[] {
	const old = new Map(before.beds.map((bed) => [bed.bed, bed]));
	return after.beds.filter((bed) => old.get(bed.bed) !== bed && !sameCard(old.get(bed.bed), bed)).map((bed) => bed.bed);
}

// A heartbeat may rewrite a key with the same content: that is no change for anybody's eye.
const sameCard = (a: BoardBed | undefined, b: BoardBed): boolean => a !== undefined && JSON.stringify(a) === JSON.stringify(b);

export function changesBetween(before: Board, after: Board): readonly BoardChange[] {
	const where = (board: Board): Map<string, BoardBed> =>
		new Map(board.beds.flatMap((bed) => (bed.occupant === null ? [] : [[bed.occupant.stay, bed] as const])));
	const old = where(before);
	const now = where(after);
	const waited = new Map(before.waiting.map((entry) => [entry.occupant.stay as string, entry]));
	const waits = new Map(after.waiting.map((entry) => [entry.occupant.stay as string, entry]));
	const changes: BoardChange[] = [];
	for (const [stay, bed] of now) {
		const from = old.get(stay);
		if (from?.bed === bed.bed) continue;
		const known = from !== undefined || waited.has(stay);
		changes.push({
			kind: known ? 'moved' : 'came',
			name: bed.occupant?.name ?? null,
			from: from?.number ?? null,
			to: bed.number,
			by: bed.changedBy,
			commandId: bed.lastCommandId
		});
	}
	const bedNow = new Map(after.beds.map((bed) => [bed.bed, bed]));
	for (const [stay, from] of old) {
		if (now.has(stay)) continue;
		const entry = waits.get(stay);
		const left = bedNow.get(from.bed);
		changes.push({
			kind: entry === undefined ? 'left' : 'to-waiting',
			name: from.occupant?.name ?? null,
			from: from.number,
			to: null,
			by: entry?.changedBy ?? left?.changedBy ?? null,
			commandId: entry?.lastCommandId ?? left?.lastCommandId ?? null
		});
	}
	for (const bed of after.beds) {
		const was = before.beds.find((old) => old.bed === bed.bed);
		if (was !== undefined && was.occupant === null && bed.occupant === null && was.status !== bed.status)
			changes.push({ kind: 'status', name: null, from: null, to: bed.number, by: bed.changedBy, commandId: bed.lastCommandId });
	}
	return changes;
}
