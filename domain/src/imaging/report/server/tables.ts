import { tables, type Handle, type Migration } from '../../../kernel/server/module.ts';
import type { ReportContent } from '../content.ts';
import type { ReportStatus, ReportVersion } from '../report.ts';

export interface ReportTable {
	report: string;
	organization: string;
	study: string;
	patient: string;
	status: 'draft' | 'preliminary' | 'reviewed';
	author: string | null;
	author_name: string | null;
	reviewer: string | null;
	reviewer_name: string | null;
	version: number;
	changed_at: number;
	returned_by: string | null;
	returned_reason: string | null;
}
/** One signature. The content is frozen text; `previous` is the hash of the version before, so that no version can be exchanged unseen. */
export interface ReportVersionTable {
	report: string;
	version: number;
	organization: string;
	study: string;
	patient: string;
	kind: 'preliminary' | 'reviewed' | 'addendum';
	schema_version: number;
	content: string;
	hash: string;
	previous: string | null;
	by_user: string;
	by_name: string;
	by_role: string;
	session: string;
	at: number;
}
/** Which measurements a signed version quotes: they can no longer be withdrawn. */
export interface ReportQuoteTable {
	report: string;
	version: number;
	measurement: string;
	organization: string;
}
export interface ReportTables {
	imaging_report: ReportTable;
	imaging_report_version: ReportVersionTable;
	imaging_report_quote: ReportQuoteTable;
}

export const reportMigrations: readonly Migration[] = [
	{
		id: 'imaging/report/1',
		sql: [
			`create table imaging_report (report text primary key, organization text not null, study text not null references imaging_study (id), patient text not null references patient (id),
				status text not null check (status in ('draft', 'preliminary', 'reviewed')), author text, author_name text, reviewer text, reviewer_name text, version integer not null, changed_at integer not null,
				returned_by text, returned_reason text, check (status = 'draft' or author is not null), check (status <> 'reviewed' or (reviewer is not null and reviewer <> author)))`,
			`create table imaging_report_version (report text not null references imaging_report (report), version integer not null, organization text not null, study text not null, patient text not null,
				kind text not null check (kind in ('preliminary', 'reviewed', 'addendum')), schema_version integer not null, content text not null, hash text not null, previous text,
				by_user text not null, by_name text not null, by_role text not null, session text not null, at integer not null, primary key (report, version))`,
			`create table imaging_report_quote (report text not null, version integer not null, measurement text not null, organization text not null, primary key (report, version, measurement))`
		]
	}
];

export const reportRow = (handle: Handle, report: string): Promise<ReportTable | undefined> =>
	tables<ReportTables>(handle).selectFrom('imaging_report').selectAll().where('report', '=', report).executeTakeFirst();

export function statusOf(row: ReportTable | undefined): ReportStatus {
	if (row?.status === 'preliminary') return { kind: 'preliminary', author: row.author ?? '', version: Number(row.version), at: Number(row.changed_at) };
	if (row?.status === 'reviewed')
		return { kind: 'reviewed', author: row.author ?? '', reviewer: row.reviewer ?? '', version: Number(row.version), at: Number(row.changed_at) };
	const returned =
		row?.returned_reason === null || row === undefined ? null : { by: row.returned_by ?? '', reason: row.returned_reason, at: Number(row.changed_at) };
	return { kind: 'draft', returned };
}

export async function versionsOf(handle: Handle, report: string): Promise<readonly ReportVersion[]> {
	const rows = await tables<ReportTables>(handle).selectFrom('imaging_report_version').selectAll().where('report', '=', report).orderBy('version').execute();
	return rows.map((row) => {
		const content = JSON.parse(row.content) as ReportContent | { readonly text: string };
		return {
			version: Number(row.version),
			kind: row.kind,
			hash: row.hash,
			previous: row.previous,
			by: row.by_user,
			byName: row.by_name,
			at: Number(row.at),
			content: 'text' in content ? null : content,
			text: 'text' in content ? content.text : null
		};
	});
}

export const lastVersion = (handle: Handle, report: string): Promise<{ version: number; hash: string } | undefined> =>
	tables<ReportTables>(handle)
		.selectFrom('imaging_report_version')
		.select(['version', 'hash'])
		.where('report', '=', report)
		.orderBy('version', 'desc')
		.limit(1)
		.executeTakeFirst();

/** The newest signed version that quotes a measurement, or null. */
export async function signedVersionsQuoting(handle: Handle, report: string, measurement: string): Promise<number | null> {
	const row = await tables<ReportTables>(handle)
		.selectFrom('imaging_report_quote')
		.select('version')
		.where('report', '=', report)
		.where('measurement', '=', measurement)
		.orderBy('version', 'desc')
		.limit(1)
		.executeTakeFirst();
	return row === undefined ? null : Number(row.version);
}
