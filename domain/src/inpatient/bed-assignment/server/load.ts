import type { BedId, PatientId, StayId, WardId } from '../../../kernel/index.ts';
import { tables, type Handle } from '../../../kernel/server/module.ts';
import { isolationsOf } from '../../../nursing/server.ts';
import { wardPlan } from '../../../organization/server.ts';
import type { PatientTables } from '../../../patient/server.ts';
import type { StayTables } from '../../stay/server/tables.ts';
import type { BoardState, PlacedStay } from '../bed-assignment.ts';
import type { BedAssignmentTables } from './tables.ts';

type Tables = BedAssignmentTables & StayTables & PatientTables;
const nowhere: BoardState = { ward: null, rooms: new Map(), beds: new Map(), stays: new Map() };

/** The ward as it is inside this transaction: what `decide` and the policies judge by. Of those who wait only the named ones are read, if any are named. */
export async function boardStateOfWard(trx: Handle, ward: WardId, named?: readonly StayId[]): Promise<BoardState> {
	const plan = await wardPlan(trx, ward);
	if (plan === null) return nowhere;
	let query = present(trx).where('inpatient_stay.ward', '=', ward).where('inpatient_stay.ended_at', 'is', null);
	if (named !== undefined) query = query.where((e) => e.or([e('bed_assignment.bed', 'is not', null), e('inpatient_stay.id', 'in', named)]));
	const rows = await query.execute();
	const isolations = await isolationsOf(
		trx,
		rows.map((row) => row.patient as PatientId)
	);
	const stays = rows.map((row): PlacedStay => ({
		stay: row.id as StayId,
		patient: row.patient as PatientId,
		patientName: row.name,
		sex: row.sex,
		isolation: isolations.get(row.patient as PatientId) ?? null,
		bed: row.bed as BedId | null,
		endedAt: null,
		by: row.started_by_name ?? row.changed_by,
		at: row.started_at ?? row.waiting_since
	}));
	const holders = new Map(stays.flatMap((stay) => (stay.bed === null ? [] : [[stay.bed, stay] as const])));
	return {
		ward: { id: ward, name: plan.rules.name, sexRule: plan.rules.sexRule },
		rooms: new Map(plan.rooms.map((room) => [room.id, room])),
		beds: new Map(
			plan.beds.map((bed) => {
				const holder = holders.get(bed.id);
				return [
					bed.id,
					{
						bed: bed.id,
						room: bed.room,
						number: bed.number,
						extra: bed.extra,
						status: bed.status,
						reservedFor: bed.reservedFor,
						occupant: holder?.stay ?? null,
						by: holder?.by ?? bed.changedBy,
						at: holder?.at ?? bed.changedAt
					}
				];
			})
		),
		stays: new Map(stays.map((stay) => [stay.stay, stay]))
	};
}

const present = (trx: Handle) =>
	tables<Tables>(trx)
		.selectFrom('inpatient_stay')
		.innerJoin('patient', 'patient.id', 'inpatient_stay.patient')
		.leftJoin('bed_assignment', (join) => join.onRef('bed_assignment.stay', '=', 'inpatient_stay.id').on('bed_assignment.ended_at', 'is', null))
		.select([
			'inpatient_stay.id as id',
			'inpatient_stay.patient as patient',
			'inpatient_stay.ward as ward',
			'inpatient_stay.ended_at as ended_at',
			'inpatient_stay.ended_by as ended_by',
			'inpatient_stay.waiting_since as waiting_since',
			'inpatient_stay.changed_by as changed_by',
			'patient.name as name',
			'patient.sex as sex',
			'bed_assignment.bed as bed',
			'bed_assignment.started_by_name as started_by_name',
			'bed_assignment.started_at as started_at'
		]);

/** By the stay that is to be moved: the ward is where the server finds it, whatever the sender believes. */
export async function boardStateOfStay(trx: Handle, stay: StayId, other: StayId = stay): Promise<BoardState> {
	const row = await present(trx).where('inpatient_stay.id', '=', stay).executeTakeFirst();
	if (row === undefined) return nowhere;
	const state = await boardStateOfWard(trx, row.ward as WardId, [stay, other]);
	const gone = await goneOf(trx, row.ward, [stay, other]);
	return gone.length === 0 ? state : { ...state, stays: new Map([...state.stays, ...gone.map((one) => [one.stay, one] as const)]) };
}

/** Those of the named who left the hospital from this ward: the refusal is to say so, with by whom and when. */
async function goneOf(trx: Handle, ward: string, named: readonly StayId[]): Promise<readonly PlacedStay[]> {
	const rows = await present(trx)
		.where('inpatient_stay.id', 'in', named)
		.where('inpatient_stay.ward', '=', ward)
		.where('inpatient_stay.ended_at', 'is not', null)
		.execute();
	return rows.map((row) => ({
		stay: row.id as StayId,
		patient: row.patient as PatientId,
		patientName: row.name,
		sex: row.sex,
		isolation: null,
		bed: null,
		endedAt: row.ended_at,
		by: row.ended_by,
		at: row.ended_at
	}));
}
export { nowhere };
