import type { Actor } from '../../../kernel/index.ts';
import { isRadiologist } from '../../../kernel/index.ts';
import { db, read } from '../../../kernel/server/index.ts';
import { measurementsOf } from '../../reading/server/tables.ts';
import { reportBlocked } from '../../report/decide.ts';
import { reportRow, statusOf, versionsOf, type ReportTables } from '../../report/server/tables.ts';
import { compareIdentity } from '../identity.ts';
import { mayConfirmIdentity, mayDraw, mayMatch, mayReport, mayReview } from '../policy.ts';
import type { ReadingId, ReportId, StudyId } from '../study.ts';
import { seriesMetadataUrl, thumbnailUrl, type InstanceView, type SeriesView, type StudyView, type WorklistRow } from '../views.ts';
import { see, studyById } from './access.ts';
import { EXPLICIT_LE, IMPLICIT_LE } from './ingest/reader.ts';
import { visibleStudies } from './qido.ts';
import { careOfStudy, chartOf, headerOf, identityNow, matchingOf, type Chart } from './state.ts';
import type { StudyTable, StudyTables } from './tables.ts';

export interface WorklistFilter {
	readonly matching?: 'matched' | 'unmatched';
	readonly report?: 'draft' | 'preliminary' | 'reviewed';
	readonly patient?: string;
	/** part of the header's name, number or accession; never put into an address */
	readonly text?: string;
	readonly limit?: number;
	readonly offset?: number;
}

function rowOf(row: StudyTable, chart: Chart | null, modalities: readonly string[], reportStatus: WorklistRow['reportStatus']): WorklistRow {
	return {
		study: row.id as StudyId,
		reading: row.reading as ReadingId,
		report: row.report as ReportId,
		studyUid: row.uid,
		header: headerOf(row),
		matching: matchingOf(row, identityNow(row, chart)),
		chart,
		modalities,
		description: row.description,
		studyDate: row.study_date,
		studyTime: row.study_time,
		accession: row.accession,
		series: Number(row.series),
		instances: Number(row.instances),
		receivedAt: Number(row.received_at),
		reportStatus
	};
}

const escaped = (text: string): string => text.toLowerCase().replace(/[\\%_]/gu, '\\$&');

/** Newest first, only what this person may see. One audited read for the list (purpose `chart` when it is one patient's). */
export async function worklist(actor: Actor, filter: WorklistFilter = {}): Promise<readonly WorklistRow[]> {
	let query = visibleStudies(actor);
	if (filter.matching !== undefined) query = query.where('imaging_study.patient', filter.matching === 'matched' ? 'is not' : 'is', null);
	if (filter.patient !== undefined) query = query.where('imaging_study.patient', '=', filter.patient);
	if (filter.text !== undefined && filter.text.trim() !== '') {
		const part = `%${escaped(filter.text.trim())}%`;
		const name = `%${escaped(filter.text.trim().replaceAll(/\s+/gu, '^'))}%`;
		query = query.where((e) =>
			e.or([
				e('imaging_study.name_key', 'like', name),
				e('imaging_study.accession', '=', filter.text?.trim() ?? ''),
				e('imaging_study.header_patient_id', '=', filter.text?.trim() ?? ''),
				e('imaging_study.name_key', 'like', part)
			])
		);
	}
	if (filter.report !== undefined) {
		const status = filter.report;
		const withStatus = db<ReportTables>().selectFrom('imaging_report').select('report').where('status', '=', status);
		const others = db<ReportTables>().selectFrom('imaging_report').select('report').where('status', 'in', ['preliminary', 'reviewed']);
		query = status === 'draft' ? query.where('imaging_study.report', 'not in', others) : query.where('imaging_study.report', 'in', withStatus);
	}
	const rows = await query
		.selectAll('imaging_study')
		.orderBy('imaging_study.received_at', 'desc')
		.orderBy('imaging_study.id')
		.limit(Math.min(200, filter.limit ?? 100))
		.offset(filter.offset ?? 0)
		.execute();
	await read(actor, {
		purpose: filter.patient === undefined ? 'worklist' : 'chart',
		patient: filter.patient ?? null,
		allow: true,
		detail: { rows: rows.length }
	});
	if (rows.length === 0) return [];
	const modalities = await db<StudyTables>()
		.selectFrom('imaging_series')
		.select(['study', 'modality'])
		.distinct()
		.where(
			'study',
			'in',
			rows.map((row) => row.id)
		)
		.execute();
	const reports = await db<ReportTables>()
		.selectFrom('imaging_report')
		.select(['report', 'status'])
		.where(
			'report',
			'in',
			rows.map((row) => row.report)
		)
		.execute();
	const lines: WorklistRow[] = [];
	for (const row of rows) {
		const status = reports.find((each) => each.report === row.report)?.status ?? 'draft';
		lines.push(
			rowOf(
				row,
				await chartOf(db(), row.patient, actor.organization),
				modalities.filter((each) => each.study === row.id).map((each) => each.modality),
				status
			)
		);
	}
	return lines;
}

type SliceRow = { readonly position: string | null; readonly number: number | null; readonly uid: string };
/** In the order of space where every slice has a place, else in the order of the machine. */
function inSpace(a: SliceRow, b: SliceRow): number {
	if (a.position !== null && b.position !== null && a.position !== b.position) return Number(a.position) - Number(b.position);
	return Number(a.number ?? 0) - Number(b.number ?? 0) || (a.uid < b.uid ? -1 : 1);
}

/** Transfer syntaxes this server makes small pictures of: native ones, and baseline JPEG as it is. */
const DRAWN = new Set([EXPLICIT_LE, IMPLICIT_LE, '1.2.840.10008.1.2.4.50']);

async function seriesOf(study: StudyTable): Promise<readonly SeriesView[]> {
	const series = await db<StudyTables>().selectFrom('imaging_series').selectAll().where('study', '=', study.id).execute();
	const instances = await db<StudyTables>()
		.selectFrom('imaging_instance')
		.select(['series', 'uid', 'sop_class', 'number', 'frames', 'rows', 'columns', 'transfer_syntax', 'position'])
		.where('study', '=', study.id)
		.execute();
	const views = series.map((row): SeriesView => {
		const own = instances.filter((each) => each.series === row.id).sort(inSpace);
		const middle = own.filter((each) => Number(each.frames) > 0)[Math.floor(own.filter((each) => Number(each.frames) > 0).length / 2)];
		return {
			seriesUid: row.uid,
			modality: row.modality,
			number: row.number === null ? null : Number(row.number),
			description: row.description,
			bodyPart: row.body_part,
			instances: own.map((each): InstanceView => ({
				sopUid: each.uid,
				sopClass: each.sop_class,
				number: each.number === null ? null : Number(each.number),
				frames: Number(each.frames),
				rows: each.rows === null ? null : Number(each.rows),
				columns: each.columns === null ? null : Number(each.columns),
				transferSyntax: each.transfer_syntax
			})),
			metadataUrl: seriesMetadataUrl(study.uid, row.uid),
			thumbnailUrl: middle === undefined || !DRAWN.has(middle.transfer_syntax) ? null : thumbnailUrl(study.uid, row.uid, middle.uid)
		};
	});
	return views.sort((a, b) => (a.number ?? 0) - (b.number ?? 0) || (a.seriesUid < b.seriesUid ? -1 : 1));
}

/** Everything the reading page shows at first. Throws `Denied` when the study does not exist or may not be seen. */
export async function openStudy(actor: Actor, study: string): Promise<StudyView> {
	const row = await see(actor, await studyById(actor.organization, study), 'imaging');
	const chart = await chartOf(db(), row.patient, actor.organization);
	const seriesList = await seriesOf(row);
	const report = await reportRow(db(), row.report);
	const status = statusOf(report);
	const modalities = [...new Set(seriesList.map((each) => each.modality))];
	const base = rowOf(row, chart, modalities, status.kind);
	const identity = identityNow(row, chart);
	const blocked = reportBlocked({ patient: chart?.patient ?? null, identity });
	const care = await careOfStudy(db(), row.patient, Date.now());
	const open = status.kind !== 'reviewed' && blocked === null;
	const otherThanAuthor = status.kind === 'preliminary' && status.author !== actor.user;
	// The ward sees what has been signed, not what is being written.
	const shown = status.kind !== 'draft' || isRadiologist(actor);
	return {
		...base,
		comparison: chart === null ? null : compareIdentity(headerOf(row), chart),
		seriesList,
		measurements: row.patient === null ? [] : await measurementsOf(db(), row.id, row.patient),
		reportView: {
			report: row.report as ReportId,
			status,
			authorName: report?.author_name ?? null,
			reviewerName: report?.reviewer_name ?? null,
			versions: shown ? await versionsOf(db(), row.report) : [],
			blocked
		},
		rights: {
			draw: mayDraw(actor, care),
			accept: mayReport(actor) && open && chart !== null,
			match: mayMatch(actor),
			confirmIdentity: mayConfirmIdentity(actor) && identity === 'differs',
			write: open && (status.kind === 'draft' ? mayReport(actor) : mayReview(actor) && otherThanAuthor),
			submit: open && status.kind === 'draft' && mayReport(actor),
			review: open && otherThanAuthor && mayReview(actor),
			addendum: status.kind === 'reviewed' && mayReview(actor)
		}
	};
}
