import type { PatientId } from '../../../kernel/index.ts';
import { tables, type Handle } from '../../../kernel/server/module.ts';
import { careOf, patientById, recordsOf, type PatientTables } from '../../../patient/server.ts';
import type { Care } from '../../../patient/index.ts';
import { compareIdentity, type ChartIdentity, type HeaderIdentity, type IdentityField, type ImageSex } from '../identity.ts';
import type { IdentityState, Matching, ReadingId, ReportId, StudyId, StudyState } from '../study.ts';
import type { StudyTable, StudyTables } from './tables.ts';

export type Chart = ChartIdentity & { readonly patient: PatientId };

export const headerOf = (row: StudyTable): HeaderIdentity => ({
	patientId: row.header_patient_id,
	name: row.header_name,
	birthDate: row.header_birth_date,
	sex: row.header_sex as ImageSex | null,
	doubtfulText: row.header_doubtful === 1
});

export async function chartOf(handle: Handle, patient: string | null, organization: string): Promise<Chart | null> {
	if (patient === null) return null;
	const row = await tables<PatientTables>(handle).selectFrom('patient').select('organization').where('id', '=', patient).executeTakeFirst();
	const found = row?.organization === organization ? await patientById(handle, patient as PatientId) : null;
	return found === null ? null : { patient: found.id, mrn: found.mrn, name: found.name, birthDate: found.birthDate, sex: found.sex };
}

/** Compared anew each time: a chart corrected after the match may agree or disagree now. */
export function identityNow(row: StudyTable, chart: Chart | null): IdentityState | null {
	if (row.patient === null || chart === null) return null;
	const { verdict, differs } = compareIdentity(headerOf(row), chart);
	if (verdict !== 'differs') return verdict;
	const vouched = (row.confirmed ?? '').split(',') as IdentityField[];
	return differs.every((field) => vouched.includes(field)) ? 'confirmed' : 'differs';
}

export function matchingOf(row: StudyTable, identity: IdentityState | null): Matching {
	if (row.patient === null) return { kind: 'unmatched' };
	return {
		kind: 'matched',
		patient: row.patient as PatientId,
		how: row.match_how === 'identifiers' ? 'identifiers' : 'person',
		identity: identity ?? 'differs',
		by: row.match_by ?? '',
		at: Number(row.match_at ?? 0)
	};
}

export const studyRow = (handle: Handle, organization: string, study: string): Promise<StudyTable | undefined> =>
	tables<StudyTables>(handle).selectFrom('imaging_study').selectAll().where('organization', '=', organization).where('id', '=', study).executeTakeFirst();

/** Where the person of a study is cared for, links between records followed; null = unmatched. */
export const careOfStudy = async (handle: Handle, patient: string | null, now: number): Promise<Care | null> =>
	patient === null ? null : careOf(handle, await recordsOf(handle, patient as PatientId), now);

interface ReportStatusTables {
	imaging_report: { report: string; status: string };
}
export async function reportStatusOf(handle: Handle, report: string): Promise<'draft' | 'preliminary' | 'reviewed'> {
	const row = await tables<ReportStatusTables>(handle).selectFrom('imaging_report').select('status').where('report', '=', report).executeTakeFirst();
	return row?.status === 'preliminary' || row?.status === 'reviewed' ? row.status : 'draft';
}

/** The one chart that carries the PatientID of the header as its record number. */
async function candidateOf(handle: Handle, organization: string, row: StudyTable): Promise<Chart | null> {
	if (row.header_patient_id === null || row.header_doubtful === 1) return null;
	const found = await tables<PatientTables>(handle)
		.selectFrom('patient')
		.select('id')
		.where('organization', '=', organization)
		.where('mrn', '=', row.header_patient_id)
		.executeTakeFirst();
	return found === undefined ? null : chartOf(handle, found.id, organization);
}

export async function loadStudyState(handle: Handle, organization: string, study: string, patient: string | null): Promise<StudyState | null> {
	const row = await studyRow(handle, organization, study);
	if (row === undefined) return null;
	const chart = await chartOf(handle, patient ?? row.patient, organization);
	return {
		study: row.id as StudyId,
		reading: row.reading as ReadingId,
		report: row.report as ReportId,
		reportStatus: await reportStatusOf(handle, row.report),
		header: headerOf(row),
		matching: matchingOf(row, identityNow(row, row.patient === chart?.patient ? chart : await chartOf(handle, row.patient, organization))),
		chart,
		candidate: row.patient === null ? await candidateOf(handle, organization, row) : null,
		series: Number(row.series),
		instances: Number(row.instances)
	};
}
