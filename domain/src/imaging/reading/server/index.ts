import { liveName, type PatientId } from '../../../kernel/index.ts';
import type { LiveDocumentTable } from '../../../kernel/server/live-log.ts';
import { handle, tables, type Handle, type LiveKind, type Served } from '../../../kernel/server/module.ts';
import { careOfStudy, reportStatusOf, studyRow } from '../../study/server/state.ts';
import { metadataOf } from '../../study/server/metadata.ts';
import type { StudyTables } from '../../study/server/tables.ts';
import type { ReadingId, ReportId, StudyId } from '../../study/study.ts';
import { mayDraw, maySeeStudy } from '../../study/policy.ts';
import { signedVersionsQuoting } from '../../report/server/tables.ts';
import { READING_KIND, READING_VERSION, readingShape } from '../live.ts';
import { acceptMeasurement, withdrawMeasurement, type ReadingEvent, type ReadingState } from '../reading.ts';
import { measurementById, readingMigrations, type ReadingTables } from './tables.ts';

async function load(
	trx: Handle,
	organization: string,
	studyId: string,
	measurement: string,
	image: { readonly sopUid: string } | null
): Promise<ReadingState | null> {
	const study = await studyRow(trx, organization, studyId);
	if (study === undefined) return null;
	const instance =
		image === null
			? undefined
			: await tables<StudyTables>(trx)
					.selectFrom('imaging_instance')
					.select(['frames', 'metadata'])
					.where('study', '=', study.id)
					.where('uid', '=', image.sopUid)
					.where('frames', '>', 0)
					.executeTakeFirst();
	const existing = await measurementById(trx, measurement);
	const ours = existing !== null && existing.study === study.id && existing.patient === study.patient;
	return {
		study: study.id as StudyId,
		reading: study.reading as ReadingId,
		report: study.report as ReportId,
		patient: study.patient as PatientId | null,
		reportStatus: await reportStatusOf(trx, study.report),
		image: instance === undefined ? null : { frames: Number(instance.frames), header: metadataOf(instance.metadata) },
		existing: ours ? existing.measurement : null,
		taken: existing !== null && !ours,
		signedIn: ours ? await signedVersionsQuoting(trx, study.report, measurement) : null
	};
}

async function save(
	trx: Handle,
	events: readonly ReadingEvent[],
	context: { readonly actor: { readonly organization: string; readonly user: string }; readonly now: number }
): Promise<void> {
	const db = tables<ReadingTables>(trx);
	for (const event of events) {
		if (event.type === 'imaging.reading.measurement-withdrawn') {
			await db
				.updateTable('imaging_measurement')
				.set({ withdrawn_at: context.now, withdrawn_by: context.actor.user, withdrawn_reason: event.reason })
				.where('id', '=', event.measurement)
				.execute();
			continue;
		}
		const { measurement } = event;
		await db
			.insertInto('imaging_measurement')
			.values({
				id: measurement.measurement,
				organization: context.actor.organization,
				study: event.study,
				patient: event.patient,
				kind: measurement.kind,
				sop_uid: measurement.sopUid,
				frame: measurement.frame,
				points: JSON.stringify(measurement.points),
				value_tenth_mm: Math.round(measurement.value * 10),
				label: measurement.label,
				calibration: measurement.calibration,
				by_user: measurement.by,
				by_name: measurement.byName,
				at: measurement.at,
				withdrawn_at: null,
				withdrawn_by: null,
				withdrawn_reason: null
			})
			.execute();
	}
}

export const liveGeneration = async (handle: Handle, name: string): Promise<{ readonly generation: number; readonly sealed: boolean }> => {
	const row = await tables<{ live_document: LiveDocumentTable }>(handle)
		.selectFrom('live_document')
		.select(['generation', 'sealed'])
		.where('id', '=', name)
		.executeTakeFirst();
	return { generation: Number(row?.generation ?? 0), sealed: Number(row?.sealed ?? 0) === 1 };
};

/** The room of a shared reading: an opaque id of its own, so that knowing a study's UID opens nothing. */
export const readingLive: LiveKind = {
	kind: READING_KIND,
	mode: 'session',
	version: READING_VERSION,
	shape: readingShape,
	async admit(handle, actor, id) {
		const study = await tables<StudyTables>(handle)
			.selectFrom('imaging_study')
			.select(['patient'])
			.where('organization', '=', actor.organization)
			.where('reading', '=', id)
			.executeTakeFirst();
		if (study === undefined) return null;
		const care = await careOfStudy(handle, study.patient, Date.now());
		if (!maySeeStudy(actor, care)) return null;
		return {
			mode: 'session',
			patient: study.patient as PatientId | null,
			writes: mayDraw(actor, care) ? '*' : [],
			sealed: false,
			generation: (await liveGeneration(handle, liveName(READING_KIND, id))).generation
		};
	},
	touchedBy: (event) =>
		event.type.startsWith('imaging.study.') && event.type !== 'imaging.study.received' ? [(event as typeof event & { reading: string }).reading] : []
};

export const served: Served = {
	id: 'imaging.reading',
	migrations: readingMigrations,
	handlers: [
		handle(acceptMeasurement, { load: (trx, input, { actor }) => load(trx, actor.organization, input.study, input.measurement, input.image), save }),
		handle(withdrawMeasurement, { load: (trx, input, { actor }) => load(trx, actor.organization, input.study, input.measurement, null), save })
	],
	live: [readingLive]
};
