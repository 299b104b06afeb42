import { sql, type Expression, type SqlBool } from 'kysely';
import type { Actor } from '../../../kernel/index.ts';
import { isDoctor, isRadiologist } from '../../../kernel/index.ts';
import { db, read } from '../../../kernel/server/index.ts';
import { AFTERCARE_MS, type PatientTables } from '../../../patient/server.ts';
import type { DicomAttribute, DicomJson, DicomValue } from '../dicom/json.ts';
import { maySeeStudy } from '../policy.ts';
import type { InstanceTable, SeriesTable, StudyTable, StudyTables } from './tables.ts';

/** QIDO-RS (PS3.18 10.6): searches over what the rows know. Attributes nobody can search by are answered with a Warning, never silently. */
export interface Query {
	readonly limit: number;
	readonly offset: number;
	readonly match: ReadonlyMap<string, string>;
	readonly ignored: readonly string[];
}
export class BadQuery extends Error {}

const KEYWORDS: Readonly<Record<string, string>> = {
	PatientID: '00100020',
	PatientName: '00100010',
	StudyDate: '00080020',
	AccessionNumber: '00080050',
	ModalitiesInStudy: '00080061',
	StudyInstanceUID: '0020000D',
	StudyID: '00200010',
	SeriesInstanceUID: '0020000E',
	Modality: '00080060',
	SeriesNumber: '00200011',
	SOPInstanceUID: '00080018',
	SOPClassUID: '00080016',
	InstanceNumber: '00200013'
};
export type Level = 'study' | 'series' | 'instance';
const OF_SERIES = ['00080060', '0020000E', '00200011'];
const OF_INSTANCE = ['00080018', '00080016', '00200013'];
const STUDY_TAGS = Object.values(KEYWORDS).filter((tag) => !OF_SERIES.includes(tag) && !OF_INSTANCE.includes(tag));
const SEARCHED: Readonly<Record<Level, ReadonlySet<string>>> = {
	study: new Set(STUDY_TAGS),
	series: new Set([...STUDY_TAGS, ...OF_SERIES]),
	instance: new Set([...STUDY_TAGS, ...OF_SERIES, ...OF_INSTANCE])
};
const MAX_LIMIT = 1000;

function whole(text: string | null, fallback: number, name: string): number {
	if (text === null) return fallback;
	if (!/^\d{1,9}$/u.test(text)) throw new BadQuery(`${name} is a whole number`);
	return Number(text);
}

export function parseQuery(parameters: URLSearchParams, level: Level): Query {
	const match = new Map<string, string>();
	const ignored: string[] = [];
	for (const [name, value] of parameters) {
		// Names are found as they are written: asked for more, we say so.
		if (name === 'fuzzymatching' && value === 'true') ignored.push(name);
		if (['limit', 'offset', 'includefield', 'fuzzymatching'].includes(name)) continue;
		const tag = (Object.hasOwn(KEYWORDS, name) ? KEYWORDS[name] : undefined) ?? name.toUpperCase();
		if (value.length > 512 || value.includes('\0')) throw new BadQuery(`${name} is too long`);
		if (!SEARCHED[level].has(tag)) ignored.push(name.slice(0, 64).replace(/[^\w.]/gu, ''));
		else if (value !== '' && value !== '*') match.set(tag, value);
	}
	return { limit: Math.min(MAX_LIMIT, whole(parameters.get('limit'), 100, 'limit')), offset: whole(parameters.get('offset'), 0, 'offset'), match, ignored };
}

/** `*` and `?` of DICOM as a LIKE pattern over our own lower-cased column. */
const pattern = (text: string): string =>
	text
		.toLowerCase()
		.replace(/[\\%_]/gu, '\\$&')
		.replaceAll('*', '%')
		.replaceAll('?', '_');

/** An identifier, with `*` and `?` as DICOM means them. */
function matches(column: string, value: string): Expression<SqlBool> {
	if (!/[*?]/u.test(value)) return sql<SqlBool>`${sql.ref(column)} = ${value}`;
	return sql<SqlBool>`lower(${sql.ref(column)}) like ${pattern(value)} escape '\\'`;
}
const wholeNumber = (text: string, name: string): number => {
	if (!/^-?\d{1,9}$/u.test(text)) throw new BadQuery(`${name} is a whole number`);
	return Number(text);
};

function dateRange(text: string): readonly [string | null, string | null] {
	const match = /^(\d{8})?(-)?(\d{8})?$/u.exec(text.replaceAll(/(?<=\d{4})-(?=\d{2}-\d{2})|(?<=\d{4}-?\d{2})-(?=\d{2}(?!\d))/gu, ''));
	if (match === null || (match[1] === undefined && match[3] === undefined)) throw new BadQuery('StudyDate is YYYYMMDD or a range of it');
	const date = (digits: string | undefined): string | null => (digits === undefined ? null : `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`);
	const from = date(match[1]);
	return match[2] === undefined ? [from, from] : [from, date(match[3])];
}

const list = (text: string): string[] => text.split(/[,\\]/u).slice(0, 200);

/** Studies this person may see, as a query to narrow. */
function visibleStudies(actor: Actor) {
	const all = db<StudyTables & PatientTables>().selectFrom('imaging_study').where('imaging_study.organization', '=', actor.organization);
	if (isRadiologist(actor)) return all;
	const matched = all.where('imaging_study.patient', 'is not', null);
	if (!maySeeStudy(actor, { wards: actor.wards === '*' ? [] : actor.wards })) return matched.where('imaging_study.id', '=', '');
	if (actor.wards === '*') return matched;
	const wards = actor.wards;
	const since = Date.now() - AFTERCARE_MS;
	return matched.where((e) =>
		e.or([
			e.exists(
				e
					.selectFrom('patient_care')
					.select('patient_care.patient')
					.whereRef('patient_care.patient', '=', 'imaging_study.patient')
					.where('patient_care.ward', 'in', wards.length > 0 ? [...wards] : [''])
					.where((c) => c.or([c('patient_care.until', 'is', null), c('patient_care.until', '>', since)]))
			),
			// As `mayReadChart` has it: a doctor who was asked about this patient.
			e.exists(
				e
					.selectFrom('patient_consultant')
					.select('patient_consultant.patient')
					.whereRef('patient_consultant.patient', '=', 'imaging_study.patient')
					.where('patient_consultant.user', '=', isDoctor(actor) ? actor.user : '')
					.where((c) => c.or([c('patient_consultant.until', 'is', null), c('patient_consultant.until', '>', since)]))
			)
		])
	);
}

function narrow(actor: Actor, { match }: Query) {
	let query = visibleStudies(actor);
	for (const [tag, value] of match) {
		switch (tag) {
			case '00100020':
				query = query.where(matches('imaging_study.header_patient_id', value));
				break;
			case '00100010':
				query = query.where('imaging_study.name_key', 'like', value.startsWith('*') ? `%${pattern(value)}%` : `%|${pattern(value)}|%`);
				break;
			case '00080020': {
				const [from, to] = dateRange(value);
				if (from !== null) query = query.where('imaging_study.study_date', '>=', from);
				if (to !== null) query = query.where('imaging_study.study_date', '<=', to);
				break;
			}
			case '00080050':
				query = query.where(matches('imaging_study.accession', value));
				break;
			case '00200010':
				query = query.where(matches('imaging_study.study_number', value));
				break;
			case '0020000D':
				query = query.where('imaging_study.uid', 'in', list(value));
				break;
			case '00080061':
				query = query.where((e) =>
					e.exists(
						e
							.selectFrom('imaging_series')
							.select('imaging_series.id')
							.whereRef('imaging_series.study', '=', 'imaging_study.id')
							.where('imaging_series.modality', 'in', list(value))
					)
				);
				break;
			default:
				break;
		}
	}
	return query;
}

const attribute = (vr: string, ...values: readonly (string | number | null)[]): DicomAttribute => {
	const present = values.filter((value) => value !== null && value !== '');
	return present.length === 0 ? { vr } : { vr, Value: present };
};
const da = (date: string | null): DicomAttribute => attribute('DA', date?.replaceAll('-', '') ?? null);
function pn(raw: string | null): DicomAttribute {
	if (raw === null) return { vr: 'PN' };
	const [Alphabetic, Ideographic, Phonetic] = raw.split('=');
	const name: DicomValue = { ...(Alphabetic ? { Alphabetic } : {}), ...(Ideographic ? { Ideographic } : {}), ...(Phonetic ? { Phonetic } : {}) };
	return { vr: 'PN', Value: [name] };
}
const SEX: Readonly<Record<string, string>> = { male: 'M', female: 'F', other: 'O' };

const studyJson = (row: StudyTable, modalities: readonly string[], base: string): DicomJson => ({
	'00080005': attribute('CS', 'ISO_IR 192'),
	'00080020': da(row.study_date),
	'00080030': attribute('TM', row.study_time),
	'00080050': attribute('SH', row.accession),
	'00080056': attribute('CS', 'ONLINE'),
	'00080061': attribute('CS', ...modalities),
	'00080090': pn(row.referrer),
	'00081030': attribute('LO', row.description),
	'00081190': attribute('UR', `${base}/studies/${row.uid}`),
	'00100010': pn(row.header_raw_name),
	'00100020': attribute('LO', row.header_patient_id),
	'00100030': da(row.header_birth_date),
	'00100040': attribute('CS', SEX[row.header_sex ?? ''] ?? null),
	'0020000D': attribute('UI', row.uid),
	'00200010': attribute('SH', row.study_number),
	'00201206': attribute('IS', Number(row.series)),
	'00201208': attribute('IS', Number(row.instances))
});
const seriesJson = (row: SeriesTable, studyUid: string, base: string): DicomJson => ({
	'00080005': attribute('CS', 'ISO_IR 192'),
	'00080056': attribute('CS', 'ONLINE'),
	'00080060': attribute('CS', row.modality),
	'0008103E': attribute('LO', row.description),
	'00081190': attribute('UR', `${base}/studies/${studyUid}/series/${row.uid}`),
	'00180015': attribute('CS', row.body_part),
	'0020000D': attribute('UI', studyUid),
	'0020000E': attribute('UI', row.uid),
	'00200011': attribute('IS', row.number),
	'00200052': attribute('UI', row.frame_of_reference),
	'00201209': attribute('IS', Number(row.instances))
});
type InstanceRow = Pick<InstanceTable, 'uid' | 'sop_class' | 'number' | 'rows' | 'columns' | 'frames' | 'transfer_syntax'> & {
	readonly seriesUid: string;
	readonly modality: string;
};
const instanceJson = (row: InstanceRow, studyUid: string, base: string): DicomJson => ({
	'00080005': attribute('CS', 'ISO_IR 192'),
	'00080016': attribute('UI', row.sop_class),
	'00080018': attribute('UI', row.uid),
	'00080056': attribute('CS', 'ONLINE'),
	'00080060': attribute('CS', row.modality),
	'00081190': attribute('UR', `${base}/studies/${studyUid}/series/${row.seriesUid}/instances/${row.uid}`),
	'00083002': attribute('UI', row.transfer_syntax),
	'0020000D': attribute('UI', studyUid),
	'0020000E': attribute('UI', row.seriesUid),
	'00200013': attribute('IS', row.number),
	'00280008': attribute('IS', row.frames > 0 ? Number(row.frames) : null),
	'00280010': attribute('US', row.rows),
	'00280011': attribute('US', row.columns)
});

/** Newest first. The list itself is one audited read without a patient. */
export async function searchStudies(actor: Actor, query: Query, base: string): Promise<readonly DicomJson[]> {
	const rows = await narrow(actor, query)
		.selectAll('imaging_study')
		.orderBy('imaging_study.received_at', 'desc')
		.orderBy('imaging_study.id')
		.limit(query.limit)
		.offset(query.offset)
		.execute();
	await read(actor, { purpose: 'search', patient: null, allow: true, detail: { rows: rows.length } });
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
	return rows.map((row) =>
		studyJson(
			row,
			modalities.filter((each) => each.study === row.id).map((each) => each.modality),
			base
		)
	);
}

/** `study`: one study that has passed the door already, or null for all visible ones. */
export async function searchSeries(actor: Actor, study: StudyTable | null, query: Query, base: string): Promise<readonly DicomJson[]> {
	let rows = db<StudyTables>()
		.selectFrom('imaging_series')
		.innerJoin('imaging_study', 'imaging_study.id', 'imaging_series.study')
		.selectAll('imaging_series')
		.select('imaging_study.uid as studyUid');
	rows =
		study === null
			? rows.where('imaging_series.study', 'in', narrow(actor, query).select('imaging_study.id'))
			: rows.where('imaging_series.study', '=', study.id);
	const [modality, series, number] = [query.match.get('00080060'), query.match.get('0020000E'), query.match.get('00200011')];
	if (number !== undefined) rows = rows.where('imaging_series.number', '=', wholeNumber(number, 'SeriesNumber'));
	if (modality !== undefined) rows = rows.where('imaging_series.modality', 'in', list(modality));
	if (series !== undefined) rows = rows.where('imaging_series.uid', 'in', list(series));
	const found = await rows.orderBy('imaging_series.study').orderBy('imaging_series.uid').limit(query.limit).offset(query.offset).execute();
	if (study === null) await read(actor, { purpose: 'search', patient: null, allow: true, detail: { rows: found.length } });
	return found.map((row) => seriesJson(row, row.studyUid, base));
}

export async function searchInstances(
	actor: Actor,
	study: StudyTable | null,
	seriesUid: string | null,
	query: Query,
	base: string
): Promise<readonly DicomJson[]> {
	let rows = db<StudyTables>()
		.selectFrom('imaging_instance')
		.innerJoin('imaging_series', 'imaging_series.id', 'imaging_instance.series')
		.innerJoin('imaging_study', 'imaging_study.id', 'imaging_instance.study')
		.select([
			'imaging_instance.uid',
			'imaging_instance.sop_class',
			'imaging_instance.number',
			'imaging_instance.rows',
			'imaging_instance.columns',
			'imaging_instance.frames',
			'imaging_instance.transfer_syntax'
		])
		.select(['imaging_series.uid as seriesUid', 'imaging_series.modality', 'imaging_study.uid as studyUid']);
	rows =
		study === null
			? rows.where('imaging_instance.study', 'in', narrow(actor, query).select('imaging_study.id'))
			: rows.where('imaging_instance.study', '=', study.id);
	const series = seriesUid ?? query.match.get('0020000E');
	const [sop, sopClass, modality] = [query.match.get('00080018'), query.match.get('00080016'), query.match.get('00080060')];
	const [seriesNumber, number] = [query.match.get('00200011'), query.match.get('00200013')];
	if (seriesNumber !== undefined) rows = rows.where('imaging_series.number', '=', wholeNumber(seriesNumber, 'SeriesNumber'));
	if (number !== undefined) rows = rows.where('imaging_instance.number', '=', wholeNumber(number, 'InstanceNumber'));
	if (series !== undefined) rows = rows.where('imaging_series.uid', 'in', list(series));
	if (sop !== undefined) rows = rows.where('imaging_instance.uid', 'in', list(sop));
	if (sopClass !== undefined) rows = rows.where('imaging_instance.sop_class', 'in', list(sopClass));
	if (modality !== undefined) rows = rows.where('imaging_series.modality', 'in', list(modality));
	const found = await rows.orderBy('imaging_instance.series').orderBy('imaging_instance.uid').limit(query.limit).offset(query.offset).execute();
	if (study === null) await read(actor, { purpose: 'search', patient: null, allow: true, detail: { rows: found.length } });
	return found.map((row) => instanceJson(row, row.studyUid, base));
}

/** The worklist's rows come through the same gate. */
export { visibleStudies };
