import type { PatientId, StayId, WardId } from '../../../kernel/index.ts';
import { tables, type Handle } from '../../../kernel/server/module.ts';
import type { WardSexRule } from '../../../organization/index.ts';
import type { WardTables } from '../../../organization/server.ts';
import type { TransferId, WardTransfer } from '../ward-transfer.ts';
import type { WardTransferTables } from './tables.ts';

type Tables = WardTransferTables & WardTables;

const transfers = (handle: Handle) =>
	tables<Tables>(handle)
		.selectFrom('inpatient_ward_transfer as transfer')
		.innerJoin('ward as source', 'source.id', 'transfer.from_ward')
		.innerJoin('ward as target', 'target.id', 'transfer.to_ward')
		.selectAll('transfer')
		.select(['source.name as from_name', 'target.name as to_name', 'target.sex_rule as to_rule']);
type Row = Awaited<ReturnType<ReturnType<typeof transfers>['execute']>>[number];

const transferOf = (row: Row): WardTransfer => ({
	id: row.id as TransferId,
	patient: row.patient as PatientId,
	stay: row.stay as StayId,
	from: { id: row.from_ward as WardId, name: row.from_name },
	to: { id: row.to_ward as WardId, name: row.to_name, sexRule: row.to_rule satisfies WardSexRule },
	reason: row.reason,
	askedAt: row.asked_at,
	askedBy: row.asked_by_name,
	end:
		row.ended_at === null || row.ended_how === null
			? null
			: { how: row.ended_how, at: row.ended_at, by: row.ended_by_name ?? '', reason: row.ended_reason ?? '' }
});

export async function transferById(handle: Handle, id: TransferId): Promise<WardTransfer | null> {
	const row = await transfers(handle).where('transfer.id', '=', id).executeTakeFirst();
	return row === undefined ? null : transferOf(row);
}

export async function openTransfer(handle: Handle, stay: StayId): Promise<WardTransfer | null> {
	const row = await transfers(handle).where('transfer.stay', '=', stay).where('transfer.ended_at', 'is', null).executeTakeFirst();
	return row === undefined ? null : transferOf(row);
}

/** Those who are asked for and not yet here, first asked first. */
export async function comingTo(handle: Handle, ward: WardId): Promise<readonly WardTransfer[]> {
	const rows = await transfers(handle)
		.where('transfer.to_ward', '=', ward)
		.where('transfer.ended_at', 'is', null)
		.orderBy('transfer.asked_at')
		.orderBy('transfer.id')
		.execute();
	return rows.map(transferOf);
}

/** What this ward asked of others since then, latest first: still open, or how it ended. */
export async function askedBy(handle: Handle, ward: WardId, since: number): Promise<readonly WardTransfer[]> {
	const rows = await transfers(handle)
		.where('transfer.from_ward', '=', ward)
		.where((e) => e.or([e('transfer.ended_at', 'is', null), e('transfer.ended_at', '>', since)]))
		.orderBy('transfer.asked_at', 'desc')
		.orderBy('transfer.id')
		.execute();
	return rows.map(transferOf);
}

/** Where this stay has been, in order. */
export async function transfersOf(handle: Handle, stay: StayId): Promise<readonly WardTransfer[]> {
	const rows = await transfers(handle).where('transfer.stay', '=', stay).orderBy('transfer.asked_at').orderBy('transfer.id').execute();
	return rows.map(transferOf);
}
