import { newId } from '../../../kernel/index.ts';
import { tables, task, type Handle } from '../../../kernel/server/module.ts';
import type { FileReason } from '../reasons.ts';
import type { Examined } from './ingest/examine.ts';
import type { StudyTables } from './tables.ts';

export interface StoreInput {
	readonly organization: string;
	readonly user: string;
	readonly file: Examined;
}
export type Stored =
	{ readonly kind: 'stored' | 'known'; readonly study: string } | { readonly kind: 'refused'; readonly reason: FileReason; readonly detail: string };

const refused = (reason: FileReason, detail = ''): Stored => ({ kind: 'refused', reason, detail });
/** Both written forms of a name in lower case; the bars let a search ask for the beginning of either. */
export const nameKey = (raw: string | null): string => (raw === null ? '' : `|${raw.toLowerCase().split('=').join('|')}|`);

/** The rows of one instance, in one commit. The same bytes again change nothing; the same UID with other bytes is refused. */
async function store(trx: Handle, { organization, user, file }: StoreInput, now: number): Promise<Stored> {
	const db = tables<StudyTables>(trx);
	const same = await db
		.selectFrom('imaging_instance')
		.select(['blob', 'study'])
		.where('organization', '=', organization)
		.where('uid', '=', file.sopUid)
		.executeTakeFirst();
	if (same !== undefined) return same.blob === file.sha256 ? { kind: 'known', study: same.study } : refused('same-uid-other-bytes', file.sopUid);
	const existing = await db
		.selectFrom('imaging_study')
		.select(['id', 'header_patient_id', 'header_birth_date', 'header_sex'])
		.where('organization', '=', organization)
		.where('uid', '=', file.studyUid)
		.executeTakeFirst();
	const series = await db
		.selectFrom('imaging_series')
		.select(['id', 'study'])
		.where('organization', '=', organization)
		.where('uid', '=', file.seriesUid)
		.executeTakeFirst();
	if (series !== undefined && series.study !== existing?.id) return refused('uid-conflict', file.seriesUid);
	// One study is one person. A second identity inside it would let pictures reach the wrong chart.
	if (
		existing !== undefined &&
		(existing.header_patient_id !== file.identity.patientId ||
			contradicts(existing.header_birth_date, file.identity.birthDate) ||
			contradicts(existing.header_sex, file.identity.sex))
	)
		return refused('patient-differs-in-study', file.studyUid);
	const study = existing?.id ?? (await createStudy(trx, organization, user, file, now));
	const seriesId = series?.id ?? newId();
	if (series === undefined) {
		const { modality, number, description, bodyPart, frameOfReference } = file.series;
		await db
			.insertInto('imaging_series')
			.values({
				id: seriesId,
				organization,
				study,
				uid: file.seriesUid,
				modality,
				number: whole(number),
				description,
				body_part: bodyPart,
				frame_of_reference: frameOfReference,
				instances: 0
			})
			.execute();
	}
	await db
		.insertInto('imaging_instance')
		.values({
			id: newId(),
			organization,
			study,
			series: seriesId,
			uid: file.sopUid,
			sop_class: file.sopClass,
			number: whole(file.number),
			rows: file.rows,
			columns: file.columns,
			frames: file.frames,
			position: file.position === null ? null : String(file.position),
			transfer_syntax: file.transferSyntax,
			blob: file.sha256,
			served: file.served,
			bytes: file.bytes,
			frame_table: file.table === null ? null : JSON.stringify(file.table),
			metadata: file.metadata,
			notes: file.notes.join(','),
			received_at: now
		})
		.execute();
	await db
		.updateTable('imaging_series')
		.set((eb) => ({ instances: eb('instances', '+', 1) }))
		.where('id', '=', seriesId)
		.execute();
	await db
		.updateTable('imaging_study')
		.set((eb) => ({ instances: eb('instances', '+', 1), series: eb('series', '+', series === undefined ? 1 : 0), bytes: eb('bytes', '+', file.bytes) }))
		.where('id', '=', study)
		.execute();
	return { kind: 'stored', study };
}

const whole = (number: number | null): number | null => (number !== null && Number.isSafeInteger(number) ? number : null);
const contradicts = (a: string | null, b: string | null): boolean => a !== null && b !== null && a !== b;

async function createStudy(trx: Handle, organization: string, user: string, file: Examined, now: number): Promise<string> {
	const id = newId();
	const { identity, study } = file;
	await tables<StudyTables>(trx)
		.insertInto('imaging_study')
		.values({
			id,
			organization,
			uid: file.studyUid,
			reading: newId(),
			report: newId(),
			patient: null,
			match_how: null,
			match_by: null,
			match_at: null,
			confirmed: null,
			header_patient_id: identity.patientId,
			header_name: identity.name,
			header_raw_name: file.rawName,
			header_birth_date: identity.birthDate,
			header_sex: identity.sex,
			header_doubtful: identity.doubtfulText ? 1 : 0,
			name_key: nameKey(file.rawName),
			study_date: study.date,
			study_time: study.time,
			accession: study.accession,
			study_number: study.id,
			description: study.description,
			referrer: study.referrer,
			series: 0,
			instances: 0,
			bytes: 0,
			received_at: now,
			received_by: user
		})
		.execute();
	return id;
}

export const storeInstance = task<StoreInput, Stored>({ name: 'imaging.study.store', run: store });
