import { sql } from 'kysely';
import { isDoctor, type Actor, type PatientId, type WardId } from '../../../kernel/index.ts';
import { tables, type Handle } from '../../../kernel/server/module.ts';
import { EXTRA_BED } from '../../../organization/index.ts';
import type { WardTables } from '../../../organization/server.ts';
import { mayReadChart, type Patient } from '../../../patient/index.ts';
import { careOf, patientOfRow, type PatientTables } from '../../../patient/server.ts';
import type { BedAssignmentTables } from '../../bed-assignment/server/tables.ts';
import type { StayTables } from './tables.ts';

type Tables = StayTables & BedAssignmentTables & PatientTables & WardTables;
const AFTERCARE_MS = 72 * 3_600_000;

export interface FoundPatient {
	readonly patient: Patient;
	readonly ward: { readonly id: WardId; readonly name: string } | null;
	readonly bed: string | null;
}

const escaped = (text: string): string => text.replaceAll(/[\\%_]/gu, (character) => `\\${character}`);

/** By name, pinyin, initials, record number or bed, among those this person may read: nobody else is ever counted. */
export async function searchPatients(handle: Handle, actor: Actor, text: string, { now = Date.now(), limit = 20 } = {}): Promise<readonly FoundPatient[]> {
	const wanted = text.normalize('NFC').trim().toLowerCase();
	if (wanted === '' || wanted.length > 40) return [];
	const bedNumber = /^\d{1,3}$/u.test(wanted) ? wanted.padStart(2, '0') : wanted.startsWith(EXTRA_BED) ? wanted : null;
	let query = tables<Tables>(handle)
		.selectFrom('patient')
		.leftJoin('inpatient_stay', (join) => join.onRef('inpatient_stay.patient', '=', 'patient.id').on('inpatient_stay.ended_at', 'is', null))
		.leftJoin('ward', 'ward.id', 'inpatient_stay.ward')
		.leftJoin('bed_assignment', (join) => join.onRef('bed_assignment.stay', '=', 'inpatient_stay.id').on('bed_assignment.ended_at', 'is', null))
		.leftJoin('ward_bed', 'ward_bed.id', 'bed_assignment.bed')
		.selectAll('patient')
		.select(['ward.id as ward_id', 'ward.name as ward_name', 'ward_bed.number as bed_number'])
		.where('patient.organization', '=', actor.organization)
		.where((e) =>
			e.or([sql<boolean>`patient.search_key like ${`%${escaped(wanted)}%`} escape '\\'`, ...(bedNumber === null ? [] : [e('ward_bed.number', '=', bedNumber)])])
		);
	if (actor.wards !== '*') {
		const wards = actor.wards;
		query = query.where((e) => {
			const cared = e
				.selectFrom('patient_care')
				.select('patient_care.ward')
				.whereRef('patient_care.patient', '=', 'patient.id')
				.where((c) => c.or([c('patient_care.until', 'is', null), c('patient_care.until', '>', now - AFTERCARE_MS)]));
			const here = wards.length === 0 ? e.val(0).$castTo<boolean>() : e.exists(cared.where('patient_care.ward', 'in', wards));
			return isDoctor(actor) ? e.or([here, e.not(e.exists(cared))]) : here;
		});
	}
	const rows = await query
		.orderBy('patient.initials')
		.orderBy('patient.id')
		.limit(limit * 3)
		.execute();
	const found: (FoundPatient & { readonly rank: number })[] = [];
	for (const row of rows) {
		// The query narrows for speed; the right itself is asked of the one rule every other door asks.
		if (!mayReadChart(actor, await careOf(handle, [row.id as PatientId], now))) continue;
		const rank = bedNumber !== null && row.bed_number === bedNumber ? 0 : row.name.toLowerCase().startsWith(wanted) || row.initials.startsWith(wanted) ? 1 : 2;
		found.push({
			rank,
			patient: patientOfRow(row),
			ward: row.ward_id === null || row.ward_name === null ? null : { id: row.ward_id as WardId, name: row.ward_name },
			bed: row.bed_number
		});
	}
	return found
		.toSorted((a, b) => a.rank - b.rank)
		.slice(0, limit)
		.map(({ patient, ward, bed }) => ({ patient, ward, bed }));
}
