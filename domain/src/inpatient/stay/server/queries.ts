import type { BedId, PatientId, StayId, WardId } from '../../../kernel/index.ts';
import { tables, type Handle } from '../../../kernel/server/module.ts';
import { isolationsOf } from '../../../nursing/server.ts';
import { patientInCare, type PatientTables } from '../../../patient/server.ts';
import { wardRules, type WardTables } from '../../../organization/server.ts';
import type { BedAssignmentTables } from '../../bed-assignment/server/tables.ts';
import { openTransfer } from '../../ward-transfer/server/queries.ts';
import type { AdmitState, Post, Stay, StayPhase, StayState } from '../stay.ts';
import type { StayTable, StayTables } from './tables.ts';

type Tables = StayTables & BedAssignmentTables & PatientTables & WardTables;

const phaseOf = (row: Pick<StayTable, 'ended_at' | 'ended_by' | 'notice_at' | 'notice_by'>): StayPhase =>
	row.ended_at !== null
		? { phase: 'ended', at: row.ended_at, by: row.ended_by ?? '' }
		: row.notice_at !== null
			? { phase: 'leaving', noticeAt: row.notice_at, noticeBy: row.notice_by ?? '' }
			: { phase: 'present' };

export const currentBed = (handle: Handle, stay: string) =>
	tables<Tables>(handle)
		.selectFrom('bed_assignment')
		.innerJoin('ward_bed', 'ward_bed.id', 'bed_assignment.bed')
		.select(['ward_bed.id as bed', 'ward_bed.number as number'])
		.where('bed_assignment.stay', '=', stay)
		.where('bed_assignment.ended_at', 'is', null)
		.executeTakeFirst();

async function stayOf(handle: Handle, row: StayTable): Promise<Stay> {
	const bed = await currentBed(handle, row.id);
	return {
		id: row.id as StayId,
		patient: row.patient as PatientId,
		ward: row.ward as WardId,
		admittedAt: row.admitted_at,
		phase: phaseOf(row),
		severity: row.severity,
		expectedDischarge: row.expected_discharge,
		payer: row.payer,
		bed: bed === undefined ? null : { bed: bed.bed as BedId, number: bed.number }
	};
}

export async function stayById(handle: Handle, id: StayId): Promise<Stay | null> {
	const row = await tables<Tables>(handle).selectFrom('inpatient_stay').selectAll().where('id', '=', id).executeTakeFirst();
	return row === undefined ? null : stayOf(handle, row);
}

/** The stay that runs now; at most one, by index. */
export async function activeStay(handle: Handle, patient: PatientId): Promise<Stay | null> {
	const row = await tables<Tables>(handle)
		.selectFrom('inpatient_stay')
		.selectAll()
		.where('patient', '=', patient)
		.where('ended_at', 'is', null)
		.executeTakeFirst();
	return row === undefined ? null : stayOf(handle, row);
}

/** A stay with the words a reader needs: the ward, and who answers for the patient there. */
export interface StayInHouse extends Stay {
	readonly wardName: string;
	readonly team: Readonly<Record<Post, string | null>>;
}
export async function staysOf(handle: Handle, patients: readonly PatientId[]): Promise<readonly StayInHouse[]> {
	if (patients.length === 0) return [];
	const rows = await tables<Tables>(handle)
		.selectFrom('inpatient_stay')
		.innerJoin('ward', 'ward.id', 'inpatient_stay.ward')
		.selectAll('inpatient_stay')
		.select('ward.name as ward_name')
		.where('inpatient_stay.patient', 'in', patients)
		.orderBy('inpatient_stay.admitted_at', 'desc')
		.execute();
	return Promise.all(
		rows.map(async (row) => ({
			...(await stayOf(handle, row)),
			wardName: row.ward_name,
			team: { attending: row.attending_name, resident: row.resident_name, nurse: row.nurse_name }
		}))
	);
}

export async function loadStay(trx: Handle, id: StayId): Promise<StayState> {
	const stay = await stayById(trx, id);
	const name = stay === null ? undefined : await tables<Tables>(trx).selectFrom('patient').select('name').where('id', '=', stay.patient).executeTakeFirst();
	const open = stay === null ? null : await openTransfer(trx, id);
	return {
		stay,
		transfer: open === null ? null : { ward: open.to.name, by: open.askedBy, at: open.askedAt },
		patientName: name?.name ?? null,
		isolation: stay === null ? null : ((await isolationsOf(trx, [stay.patient])).get(stay.patient) ?? null)
	};
}

export async function loadAdmission(trx: Handle, patient: PatientId, ward: WardId, now: number): Promise<AdmitState> {
	const rules = await wardRules(trx, ward);
	const running = await activeStay(trx, patient);
	const runningWard = running === null ? null : await wardRules(trx, running.ward);
	return {
		...(await patientInCare(trx, patient, now)),
		ward: rules === null ? null : { id: ward, name: rules.name, sexRule: rules.sexRule },
		running: running === null ? null : { ward: runningWard?.name ?? '', bed: running.bed?.number ?? null, at: running.admittedAt }
	};
}

/** Since when the notice of 病危 / 病重 stands, by stay: the clocks of the record start anew with it. */
export async function severitySinceIn(handle: Handle, ward: WardId): Promise<ReadonlyMap<StayId, number>> {
	const rows = await tables<Tables>(handle)
		.selectFrom('inpatient_stay')
		.select(['id', 'severity_since'])
		.where('ward', '=', ward)
		.where('ended_at', 'is', null)
		.where('severity_since', 'is not', null)
		.execute();
	return new Map(rows.map((row) => [row.id as StayId, Number(row.severity_since)]));
}
