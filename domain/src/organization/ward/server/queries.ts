import type { Actor, BedId, StayId, WardId } from '../../../kernel/index.ts';
import { tables, type Handle } from '../../../kernel/server/module.ts';
import { maySeeWard } from '../policy.ts';
import type { BedStatus, RoomId, RoomRules, WardRules, WardSexRule } from '../ward.ts';
import type { WardTables } from './tables.ts';

export interface Duty {
	readonly doctor: string | null;
	readonly doctorPhone: string | null;
	readonly nurses: readonly string[];
	readonly nursePhone: string | null;
}
export interface WardPlan {
	readonly rules: WardRules;
	readonly organization: string;
	readonly duty: Duty;
	readonly rooms: readonly RoomRules[];
	readonly beds: readonly BedRow[];
}
export interface BedRow {
	readonly id: BedId;
	readonly ward: WardId;
	readonly room: RoomId;
	readonly number: string;
	readonly position: number;
	readonly extra: boolean;
	readonly status: BedStatus;
	readonly statusNote: string | null;
	readonly reservedFor: StayId | null;
	readonly commandId: string | null;
	readonly changedBy: string | null;
	readonly changedAt: number | null;
}

/** Rooms, beds and rules of one ward; null when there is none of that id. */
export async function wardPlan(handle: Handle, ward: WardId): Promise<WardPlan | null> {
	const db = tables<WardTables>(handle);
	const row = await db.selectFrom('ward').selectAll().where('id', '=', ward).executeTakeFirst();
	if (row === undefined) return null;
	const rooms = await db.selectFrom('ward_room').selectAll().where('ward', '=', ward).orderBy('position').execute();
	const beds = await db.selectFrom('ward_bed').selectAll().where('ward', '=', ward).where('removed_at', 'is', null).orderBy('position').execute();
	return {
		organization: row.organization,
		rules: {
			id: ward,
			name: row.name,
			sexRule: row.sex_rule,
			roundMinutes: { special: row.round_special, first: row.round_first, second: row.round_second, third: row.round_third }
		},
		duty: JSON.parse(row.duty) as Duty,
		rooms: rooms.map((room) => ({ id: room.id as RoomId, name: room.name, purpose: room.purpose, sexRule: room.sex_rule, position: room.position })),
		beds: beds.map((bed) => ({
			id: bed.id as BedId,
			ward,
			room: bed.room as RoomId,
			number: bed.number,
			position: bed.position,
			extra: bed.extra === 1,
			status: bed.status,
			statusNote: bed.status_note,
			reservedFor: bed.reserved_for as StayId | null,
			commandId: bed.command_id,
			changedBy: bed.changed_by,
			changedAt: bed.changed_at
		}))
	};
}

export async function wardOfBed(handle: Handle, bed: BedId): Promise<WardId | null> {
	const row = await tables<WardTables>(handle).selectFrom('ward_bed').select('ward').where('id', '=', bed).executeTakeFirst();
	return (row?.ward as WardId | undefined) ?? null;
}

export async function bedNumbers(handle: Handle, beds: readonly string[]): Promise<ReadonlyMap<string, string>> {
	if (beds.length === 0) return new Map();
	const rows = await tables<WardTables>(handle).selectFrom('ward_bed').select(['id', 'number']).where('id', 'in', beds).execute();
	return new Map(rows.map((row) => [row.id, row.number]));
}

export async function wardRules(
	handle: Handle,
	ward: WardId
): Promise<{ readonly name: string; readonly sexRule: WardSexRule; readonly organization: string } | null> {
	const row = await tables<WardTables>(handle).selectFrom('ward').select(['name', 'sex_rule', 'organization']).where('id', '=', ward).executeTakeFirst();
	return row === undefined ? null : { name: row.name, sexRule: row.sex_rule, organization: row.organization };
}

export interface VisibleWard {
	readonly id: WardId;
	readonly name: string;
}
/** The wards whose boards this person may open, in the order of the house. */
export async function wardsOf(handle: Handle, actor: Actor): Promise<readonly VisibleWard[]> {
	const rows = await tables<WardTables>(handle)
		.selectFrom('ward')
		.select(['id', 'name'])
		.where('organization', '=', actor.organization)
		.orderBy('position')
		.execute();
	return rows.map((row) => ({ id: row.id as WardId, name: row.name })).filter((ward) => maySeeWard(actor, ward.id));
}

/** Every ward of the house and whom it takes: names and rules only, for those who send patients there. */
export async function wardsOfHouse(
	handle: Handle,
	organization: string
): Promise<readonly { readonly id: WardId; readonly name: string; readonly sexRule: WardSexRule }[]> {
	const rows = await tables<WardTables>(handle)
		.selectFrom('ward')
		.select(['id', 'name', 'sex_rule'])
		.where('organization', '=', organization)
		.orderBy('position')
		.execute();
	return rows.map((row) => ({ id: row.id as WardId, name: row.name, sexRule: row.sex_rule }));
}

/** For moves and the care of beds, inside the writer's transaction. */
export async function setBedStatus(
	trx: Handle,
	bed: BedId,
	change: {
		readonly status: BedStatus;
		readonly note: string | null;
		readonly reservedFor: StayId | null;
		readonly commandId: string | null;
		readonly by: string;
		readonly at: number;
	}
): Promise<void> {
	await tables<WardTables>(trx)
		.updateTable('ward_bed')
		.set({
			status: change.status,
			status_note: change.note,
			reserved_for: change.reservedFor,
			command_id: change.commandId,
			changed_by: change.by,
			changed_at: change.at
		})
		.where('id', '=', bed)
		.execute();
}

/** 加床. Its number is free while no bed of the ward stands under it: the index holds where two ask at once. */
export async function addExtraBed(
	trx: Handle,
	to: {
		readonly organization: string;
		readonly bed: BedId;
		readonly ward: WardId;
		readonly room: RoomId;
		readonly number: string;
		readonly position: number;
		readonly commandId: string;
		readonly by: string;
		readonly at: number;
	}
): Promise<void> {
	await tables<WardTables>(trx)
		.insertInto('ward_bed')
		.values({
			id: to.bed,
			organization: to.organization,
			ward: to.ward,
			room: to.room,
			number: to.number,
			position: to.position,
			extra: 1,
			status: 'free',
			status_note: null,
			reserved_for: null,
			command_id: to.commandId,
			changed_by: to.by,
			changed_at: to.at,
			removed_at: null,
			removed_by: null
		})
		.execute();
}

/** Off the ward, not out of the record: who lay in it stays known. */
export async function removeExtraBed(trx: Handle, bed: BedId, change: { readonly commandId: string; readonly by: string; readonly at: number }): Promise<void> {
	await tables<WardTables>(trx)
		.updateTable('ward_bed')
		.set({ removed_at: change.at, removed_by: change.by, command_id: change.commandId, changed_by: change.by, changed_at: change.at })
		.where('id', '=', bed)
		.execute();
}
