import type { Board, BoardBed, BoardOutgoing } from '@tongping/domain/inpatient';
import type { BedId, StayId } from '@tongping/domain/kernel';

/** What became different between two states of the board, for the two-second frame and for those who listen. */
export interface BoardChange {
	readonly kind: 'moved' | 'came' | 'left' | 'to-waiting' | 'status' | 'bed-added' | 'bed-removed' | 'asked' | 'withdrawn' | 'declined' | 'received';
	readonly name: string | null;
	readonly from: string | null;
	readonly to: string | null;
	readonly by: string | null;
	readonly commandId: string | null;
	/** the other ward, and what it said, in a transfer between wards */
	readonly ward?: string;
	readonly reason?: string;
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
	const sent = openOf(before);
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
		if (sent.has(stay) && entry === undefined) continue;
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
	return [...changes, ...extraBeds(before, after), ...betweenWards(before, after)];
}

function extraBeds(before: Board, after: Board): BoardChange[] {
	const known = new Set(before.beds.map((bed) => bed.bed));
	const still = new Set(after.beds.map((bed) => bed.bed));
	const about = (kind: 'bed-added' | 'bed-removed', bed: BoardBed, by: string | null): BoardChange => ({
		kind,
		name: null,
		from: null,
		to: bed.number,
		by,
		commandId: bed.lastCommandId
	});
	return [
		...after.beds.flatMap((bed) => (known.has(bed.bed) ? [] : [about('bed-added', bed, bed.changedBy)])),
		...before.beds.flatMap((bed) => (still.has(bed.bed) ? [] : [about('bed-removed', bed, null)]))
	];
}

const openOf = (board: Board): ReadonlyMap<string, BoardOutgoing> =>
	new Map(board.outgoing.flatMap((one) => (one.declined === null ? [[one.stay, one] as const] : [])));

/** What other wards ask of this one, and how they answered it. */
function betweenWards(before: Board, after: Board): BoardChange[] {
	const plain = { from: null, to: null, by: null, commandId: null } as const;
	const changes: BoardChange[] = [];
	const known = new Set(before.incoming.map((one) => one.transfer));
	const here = new Set([...after.beds.map((bed) => bed.occupant?.stay), ...after.waiting.map((entry) => entry.occupant.stay)]);
	for (const one of after.incoming)
		if (!known.has(one.transfer)) changes.push({ ...plain, kind: 'asked', name: one.occupant.name, by: one.by, ward: one.from, reason: one.reason });
	const still = new Set(after.incoming.map((one) => one.transfer));
	for (const one of before.incoming)
		if (!still.has(one.transfer) && !here.has(one.occupant.stay)) changes.push({ ...plain, kind: 'withdrawn', name: one.occupant.name, ward: one.from });
	const names = new Map(
		[...before.beds.map((bed) => bed.occupant), ...before.waiting.map((entry) => entry.occupant)].flatMap((one) =>
			one === null ? [] : [[one.stay, one.name] as const]
		)
	);
	for (const [stay, one] of openOf(before)) {
		const answered = after.outgoing.find((other) => other.transfer === one.transfer);
		const name = names.get(one.stay) ?? null;
		if (answered?.declined != null)
			changes.push({ ...plain, kind: 'declined', name, by: answered.declined.by, ward: one.to, reason: answered.declined.reason });
		else if (answered === undefined && !here.has(one.stay) && names.has(stay as StayId)) changes.push({ ...plain, kind: 'received', name, ward: one.to });
	}
	return changes;
}
