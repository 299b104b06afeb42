import type { BedId, PatientId, StayId, UserId, WardId } from '../../../kernel/index.ts';
import { tables, type Handle } from '../../../kernel/server/module.ts';
import { earlyWarning, isPregnancy, ITEMS, unknownAllergies, type Condition, type Measured } from '../../../clinical-record/index.ts';
import { allergiesOf, conditionsOf, vitalsForScore } from '../../../clinical-record/server.ts';
import { noSafety } from '../../../nursing/index.ts';
import { levelsOf, safetyOf } from '../../../nursing/server.ts';
import { bedNumbers, wardPlan } from '../../../organization/server.ts';
import { nameLikeness } from '../../../patient/index.ts';
import type { PatientTables } from '../../../patient/server.ts';
import type { BedAssignmentTables } from '../../bed-assignment/server/tables.ts';
import type { StaffName } from '../../stay/stay.ts';
import type { StayTables } from '../../stay/server/tables.ts';
import { askedBy, comingTo } from '../../ward-transfer/server/queries.ts';
import {
	bedKey,
	type BoardBed,
	type BoardHeader,
	type BoardIncoming,
	type BoardOutgoing,
	type BoardPatient,
	type BoardWaiting,
	type BoardWard
} from '../ward-board.ts';

type Tables = StayTables & BedAssignmentTables & PatientTables;
const DAY_MS = 86_400_000;
const TWO_DAYS_MS = 2 * DAY_MS;

const present = (handle: Handle) =>
	tables<Tables>(handle)
		.selectFrom('inpatient_stay')
		.innerJoin('patient', 'patient.id', 'inpatient_stay.patient')
		.leftJoin('bed_assignment', (join) => join.onRef('bed_assignment.stay', '=', 'inpatient_stay.id').on('bed_assignment.ended_at', 'is', null))
		.selectAll('inpatient_stay')
		.select([
			'patient.mrn',
			'patient.name',
			'patient.initials',
			'patient.pinyin',
			'patient.sex',
			'patient.birth_date',
			'bed_assignment.bed',
			'bed_assignment.started_at',
			'bed_assignment.started_by_name',
			'bed_assignment.command_id as bed_command'
		])
		.where('inpatient_stay.ended_at', 'is', null)
		.orderBy('inpatient_stay.admitted_at')
		.orderBy('inpatient_stay.id');
const inWard = (handle: Handle, ward: WardId) => present(handle).where('inpatient_stay.ward', '=', ward).execute();
type Row = Awaited<ReturnType<typeof inWard>>[number];

const staff = (user: string | null, name: string | null): StaffName | null => (user === null || name === null ? null : { user: user as UserId, name });

function temperatureOf(measured: readonly Measured[]): BoardPatient['temperature'] {
	const last = measured.filter((m) => m.code === ITEMS.temperature.code && m.value !== null).toSorted((a, b) => b.at - a.at)[0];
	return last?.value === undefined || last.value === null ? null : { value: last.value, at: last.at };
}

function diagnosisOf(conditions: readonly Condition[]): string | null {
	const principal = conditions.find((condition) => condition.rank === 'principal') ?? conditions[0];
	if (principal === undefined) return null;
	const other = conditions.find((condition) => condition !== principal);
	return other === undefined ? principal.short : `${principal.short} ${other.short}`;
}

/** Those asked for, as their cards tell them; `ward` is everybody there, for names alike. */
async function patientsOf(
	handle: Handle,
	rows: readonly Row[],
	ward: readonly Row[],
	numbers: ReadonlyMap<string, string>,
	now: number
): Promise<ReadonlyMap<StayId, BoardPatient>> {
	const patients = rows.map((row) => row.patient as PatientId);
	const allergies = await allergiesOf(handle, patients);
	const levels = await levelsOf(handle, patients);
	const safety = await safetyOf(handle, patients);
	const vitals = await vitalsForScore(handle, patients, now);
	const conditions = Map.groupBy(await conditionsOf(handle, patients, { active: true }), (condition) => condition.patient);
	return new Map(
		rows.map((row) => {
			const patient = row.patient as PatientId;
			const diagnoses = conditions.get(patient) ?? [];
			const measured = vitals.get(patient) ?? [];
			const { risks, isolation, restraint, diet } = safety.get(patient) ?? noSafety;
			const level = levels.get(patient);
			const alike = ward.flatMap((other) => {
				const kind = other.patient === row.patient ? null : nameLikeness(row, other);
				return kind === null ? [] : [{ kind, name: other.name, bed: other.bed === null ? null : (numbers.get(other.bed) ?? null) }];
			});
			const pregnant = diagnoses.some(isPregnancy);
			return [
				row.id as StayId,
				{
					stay: row.id as StayId,
					patient,
					mrn: row.mrn,
					name: row.name,
					initials: row.initials,
					pinyin: row.pinyin,
					sex: row.sex,
					birthDate: row.birth_date,
					admittedAt: row.admitted_at,
					inWardSince: row.in_ward_since,
					fromWard: row.from_ward,
					alike:
						alike.length === 0
							? null
							: { kind: alike.some((other) => other.kind === 'same') ? 'same' : 'near', with: alike.map(({ name, bed }) => ({ name, bed })) },
					level: level === undefined ? null : { level: level.level, since: level.since },
					severity: row.severity,
					diagnosis: diagnosisOf(diagnoses),
					pregnant,
					resident: staff(row.resident, row.resident_name),
					attending: staff(row.attending, row.attending_name),
					nurse: staff(row.nurse, row.nurse_name),
					earlyWarning: earlyWarning(
						{ birthDate: row.birth_date, pregnant },
						measured.filter((m) => m.at >= row.admitted_at || m.code === ITEMS.spo2Scale.code),
						now
					),
					temperature: temperatureOf(measured),
					allergy: allergies.get(patient) ?? unknownAllergies,
					isolation,
					risks: risks.filter((risk) => (risk.grade === 'high' || risk.grade === 'medium') && risk.at >= row.admitted_at),
					restraint: restraint === null ? null : { since: restraint.since, reason: restraint.reason },
					diet,
					expectedDischarge: row.expected_discharge,
					dischargeNotice: row.notice_at === null ? null : { at: row.notice_at, by: row.notice_by ?? '' },
					payer: row.payer
				} satisfies BoardPatient
			];
		})
	);
}

/** One of them, for the banner of the patient page. */
export async function boardPatient(handle: Handle, ward: WardId, stay: StayId, now: number): Promise<BoardPatient | null> {
	const plan = await wardPlan(handle, ward);
	const rows = await inWard(handle, ward);
	const people = await patientsOf(
		handle,
		rows.filter((row) => row.id === stay),
		rows,
		new Map(plan?.beds.map((bed) => [bed.id, bed.number])),
		now
	);
	return people.get(stay) ?? null;
}

async function headerOf(handle: Handle, ward: WardId, duty: BoardHeader['duty'], now: number): Promise<BoardHeader> {
	const left = await tables<Tables>(handle)
		.selectFrom('inpatient_stay')
		.select('ended_at')
		.where('ward', '=', ward)
		.where('ended_at', '>', now - TWO_DAYS_MS)
		.orderBy('ended_at')
		.execute();
	const asked = await askedBy(handle, ward, now - TWO_DAYS_MS);
	return {
		duty,
		dischargedAt: left.flatMap((row) => (row.ended_at === null ? [] : [row.ended_at])),
		transferredOutAt: asked.flatMap(({ end }) => (end?.how === 'received' ? [end.at] : []))
	};
}

/** Those whom other wards want to send here, as their cards tell them; names alike are looked for among those who are here. */
async function incomingOf(
	handle: Handle,
	ward: WardId,
	here: readonly Row[],
	numbers: ReadonlyMap<string, string>,
	now: number
): Promise<readonly BoardIncoming[]> {
	const coming = await comingTo(handle, ward);
	if (coming.length === 0) return [];
	const rows = await present(handle)
		.where(
			'inpatient_stay.id',
			'in',
			coming.map((transfer) => transfer.stay)
		)
		.execute();
	const people = await patientsOf(handle, rows, [...here, ...rows.map((row) => ({ ...row, bed: null }))], numbers, now);
	const lying = await bedNumbers(
		handle,
		rows.flatMap((row) => (row.bed === null ? [] : [row.bed]))
	);
	return coming.flatMap((transfer) => {
		const occupant = people.get(transfer.stay);
		const bed = rows.find((row) => row.id === transfer.stay)?.bed ?? null;
		return occupant === undefined
			? []
			: [
					{
						transfer: transfer.id,
						occupant,
						from: transfer.from.name,
						fromBed: bed === null ? null : (lying.get(bed) ?? null),
						reason: transfer.reason,
						at: transfer.askedAt,
						by: transfer.askedBy
					}
				];
	});
}

/** The last word on everybody this ward wanted to send away: asked, or sent back. */
async function outgoingOf(handle: Handle, ward: WardId, here: readonly Row[], now: number): Promise<readonly BoardOutgoing[]> {
	const present = new Set(here.map((row) => row.id));
	const told = new Set<string>();
	return (await askedBy(handle, ward, now - DAY_MS)).flatMap((transfer): BoardOutgoing[] => {
		if (told.has(transfer.stay) || !present.has(transfer.stay)) return [];
		told.add(transfer.stay);
		if (transfer.end !== null && transfer.end.how !== 'declined') return [];
		const { id, stay, reason, askedAt: at, askedBy: by, end } = transfer;
		return [{ transfer: id, stay, to: transfer.to.name, reason, at, by, declined: end === null ? null : { at: end.at, by: end.by, reason: end.reason } }];
	});
}

/** The whole board of one ward; empty where there is no such ward. */
export async function wardBoardView(handle: Handle, ward: WardId, now: number): Promise<Readonly<Record<string, unknown>>> {
	const plan = await wardPlan(handle, ward);
	if (plan === null) return {};
	const rows = await inWard(handle, ward);
	const numbers = new Map<string, string>(plan.beds.map((bed) => [bed.id, bed.number]));
	const people = await patientsOf(handle, rows, rows, numbers, now);
	const holders = new Map(rows.flatMap((row) => (row.bed === null ? [] : [[row.bed as BedId, row] as const])));
	const keys: Record<string, unknown> = {};
	keys['ward'] = { ward: plan.rules, rooms: plan.rooms } satisfies BoardWard;
	keys['header'] = await headerOf(handle, ward, plan.duty, now);
	keys['waiting'] = rows.flatMap((row): BoardWaiting[] => {
		const occupant = people.get(row.id as StayId);
		return row.bed !== null || occupant === undefined
			? []
			: [{ occupant, since: row.waiting_since ?? row.in_ward_since, lastCommandId: row.command_id, changedBy: row.changed_by }];
	});
	keys['incoming'] = await incomingOf(handle, ward, rows, numbers, now);
	keys['outgoing'] = await outgoingOf(handle, ward, rows, now);
	for (const bed of plan.beds) {
		const holder = holders.get(bed.id);
		keys[bedKey(bed.id)] = {
			bed: bed.id,
			room: bed.room,
			number: bed.number,
			position: bed.position,
			extra: bed.extra,
			status: bed.status,
			statusNote: bed.statusNote,
			reservedFor: bed.reservedFor,
			occupant: holder === undefined ? null : (people.get(holder.id as StayId) ?? null),
			lastCommandId: holder?.bed_command ?? bed.commandId,
			changedBy: holder?.started_by_name ?? bed.changedBy,
			changedAt: holder?.started_at ?? bed.changedAt
		} satisfies BoardBed;
	}
	return keys;
}
