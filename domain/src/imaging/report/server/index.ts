import * as Y from 'yjs';
import { keepForeignFormatting, liveName, type Event, type PatientId } from '../../../kernel/index.ts';
import { changeLiveRights, loadLive, sealLive } from '../../../kernel/server/live-log.ts';
import { handle, tables, type Handle, type LiveKind, type Served, type WriteContext } from '../../../kernel/server/module.ts';
import { measurementsOf } from '../../reading/server/tables.ts';
import { liveGeneration } from '../../reading/server/index.ts';
import { chartOf, careOfStudy, identityNow } from '../../study/server/state.ts';
import type { StudyTables } from '../../study/server/tables.ts';
import { mayReport, mayReview, maySeeStudy } from '../../study/policy.ts';
import type { ReadingId, StudyId } from '../../study/study.ts';
import { canonical, hashOf, readReport } from '../content.ts';
import { reportBlocked } from '../decide.ts';
import { REPORT_KIND, REPORT_ROOTS, REPORT_VERSION, reportShape } from '../live.ts';
import {
	addAddendum,
	returnReport,
	reviewReport,
	submitReport,
	type AddendumSigned,
	type ReportEvent,
	type ReportReviewed,
	type ReportState,
	type ReportSubmitted
} from '../report.ts';
import { lastVersion, reportMigrations, reportRow, statusOf, type ReportTables } from './tables.ts';

/** The document as it stands on disk in this transaction: what a signature is compared with. */
async function documentOf(trx: Handle, report: string): Promise<Y.Doc> {
	const { snapshot, updates } = await loadLive(trx, liveName(REPORT_KIND, report));
	const doc = new Y.Doc();
	keepForeignFormatting(doc);
	for (const root of REPORT_ROOTS) doc.getXmlFragment(root);
	if (snapshot !== null) Y.applyUpdate(doc, snapshot);
	for (const update of updates) Y.applyUpdate(doc, update);
	return doc;
}

async function load(trx: Handle, organization: string, input: { readonly study: string; readonly report: string }): Promise<ReportState | null> {
	const study = await tables<StudyTables>(trx)
		.selectFrom('imaging_study')
		.selectAll()
		.where('organization', '=', organization)
		.where('id', '=', input.study)
		.where('report', '=', input.report)
		.executeTakeFirst();
	if (study === undefined) return null;
	const doc = await documentOf(trx, study.report);
	const { content, missing, empty } = readReport(doc, study.patient === null ? [] : await measurementsOf(trx, study.id, study.patient));
	doc.destroy();
	const last = await lastVersion(trx, study.report);
	return {
		study: study.id as StudyId,
		reading: study.reading as ReadingId,
		report: input.report as ReportState['report'],
		patient: study.patient as PatientId | null,
		identity: identityNow(study, await chartOf(trx, study.patient, organization)),
		status: statusOf(await reportRow(trx, study.report)),
		content,
		hash: hashOf(content),
		missing,
		empty,
		lastVersion: Number(last?.version ?? 0),
		lastHash: last?.hash ?? null
	};
}

async function addVersion(
	trx: Handle,
	event: ReportSubmitted | ReportReviewed | AddendumSigned,
	state: ReportState,
	{ actor, now }: WriteContext
): Promise<void> {
	const db = tables<ReportTables>(trx);
	const kind = event.type === 'imaging.report.submitted' ? 'preliminary' : event.type === 'imaging.report.reviewed' ? 'reviewed' : 'addendum';
	const content = event.type === 'imaging.report.addendum-signed' ? { previous: event.previous, text: event.text } : state.content;
	const common = { report: event.report, version: event.version, organization: actor.organization };
	await db
		.insertInto('imaging_report_version')
		.values({
			...common,
			study: event.study,
			patient: event.patient,
			kind,
			schema_version: REPORT_VERSION,
			content: canonical(content),
			hash: event.hash,
			previous: event.previous,
			by_user: actor.user,
			by_name: actor.name,
			by_role: actor.role,
			session: actor.session,
			at: now
		})
		.execute();
	if (kind === 'addendum') return;
	for (const { id } of state.content.measurements)
		await db
			.insertInto('imaging_report_quote')
			.values({ ...common, measurement: id })
			.execute();
}

async function save(trx: Handle, events: readonly ReportEvent[], context: WriteContext, state: ReportState | null): Promise<void> {
	if (state === null) return;
	const db = tables<ReportTables>(trx);
	const { actor, now } = context;
	for (const event of events) {
		const room = liveName(REPORT_KIND, event.report);
		const row = db.updateTable('imaging_report').where('report', '=', event.report);
		switch (event.type) {
			case 'imaging.report.submitted': {
				const submitted = {
					status: 'preliminary',
					author: actor.user,
					author_name: actor.name,
					version: event.version,
					changed_at: now,
					returned_by: null,
					returned_reason: null
				} as const;
				await db
					.insertInto('imaging_report')
					.values({
						report: event.report,
						organization: actor.organization,
						study: event.study,
						patient: event.patient,
						reviewer: null,
						reviewer_name: null,
						...submitted
					})
					.onConflict((conflict) => conflict.column('report').doUpdateSet({ ...submitted, patient: event.patient }))
					.execute();
				await addVersion(trx, event, state, context);
				await changeLiveRights(trx, room, now);
				break;
			}
			case 'imaging.report.reviewed':
				await row.set({ status: 'reviewed', reviewer: actor.user, reviewer_name: actor.name, version: event.version, changed_at: now }).execute();
				await addVersion(trx, event, state, context);
				// The seal and the version are one commit.
				await sealLive(trx, room, now);
				break;
			case 'imaging.report.returned':
				await row.set({ status: 'draft', changed_at: now, returned_by: actor.name, returned_reason: event.reason }).execute();
				await changeLiveRights(trx, room, now);
				break;
			case 'imaging.report.addendum-signed':
				await row.set({ version: event.version }).execute();
				await addVersion(trx, event, state, context);
				break;
		}
	}
}

export const reportLive: LiveKind = {
	kind: REPORT_KIND,
	mode: 'draft',
	version: REPORT_VERSION,
	shape: reportShape,
	async admit(handle, actor, id) {
		const study = await tables<StudyTables>(handle)
			.selectFrom('imaging_study')
			.selectAll()
			.where('organization', '=', actor.organization)
			.where('report', '=', id)
			.executeTakeFirst();
		if (study === undefined || !maySeeStudy(actor, await careOfStudy(handle, study.patient, Date.now()))) return null;
		const status = statusOf(await reportRow(handle, id));
		// The ward reads what a radiologist has signed, never half a sentence.
		if (status.kind === 'draft' && !mayReport(actor)) return null;
		const { generation, sealed } = await liveGeneration(handle, liveName(REPORT_KIND, id));
		const blocked =
			reportBlocked({ patient: study.patient as PatientId | null, identity: identityNow(study, await chartOf(handle, study.patient, actor.organization)) }) !==
			null;
		const writes =
			blocked || status.kind === 'reviewed' ? false : status.kind === 'draft' ? mayReport(actor) : mayReview(actor) && status.author !== actor.user;
		return {
			mode: 'draft',
			patient: study.patient as PatientId | null,
			writes: writes ? REPORT_ROOTS : [],
			sealed: sealed || status.kind === 'reviewed',
			generation
		};
	},
	touchedBy: (event) => (isAboutReport(event) ? [event.report] : [])
};

const isAboutReport = (event: Event): event is Event & { readonly report: string } =>
	event.type.startsWith('imaging.report.') || (event.type.startsWith('imaging.study.') && event.type !== 'imaging.study.received');

export const served: Served = {
	id: 'imaging.report',
	migrations: reportMigrations,
	handlers: [
		handle(submitReport, { load: (trx, input, { actor }) => load(trx, actor.organization, input), save }),
		handle(reviewReport, { load: (trx, input, { actor }) => load(trx, actor.organization, input), save }),
		handle(returnReport, { load: (trx, input, { actor }) => load(trx, actor.organization, input), save }),
		handle(addAddendum, { load: (trx, input, { actor }) => load(trx, actor.organization, input), save })
	],
	live: [reportLive]
};
