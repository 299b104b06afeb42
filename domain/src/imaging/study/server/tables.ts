import type { Migration } from '../../../kernel/server/module.ts';

export interface StudyTable {
	id: string;
	organization: string;
	uid: string;
	reading: string;
	report: string;
	/** the chart it belongs to, null while unmatched */
	patient: string | null;
	match_how: string | null;
	match_by: string | null;
	match_at: number | null;
	/** the differences a reviewing radiologist vouched for, comma separated, null when none were */
	confirmed: string | null;
	header_patient_id: string | null;
	header_name: string | null;
	header_raw_name: string | null;
	header_birth_date: string | null;
	header_sex: string | null;
	header_doubtful: number;
	/** lower case, for prefix search: both written forms, each between bars */
	name_key: string;
	study_date: string | null;
	study_time: string | null;
	accession: string | null;
	study_number: string | null;
	description: string | null;
	referrer: string | null;
	series: number;
	instances: number;
	bytes: number;
	received_at: number;
	received_by: string;
}
export interface SeriesTable {
	id: string;
	organization: string;
	study: string;
	uid: string;
	modality: string;
	number: number | null;
	description: string | null;
	body_part: string | null;
	frame_of_reference: string | null;
	instances: number;
}
export interface InstanceTable {
	id: string;
	organization: string;
	study: string;
	series: string;
	uid: string;
	sop_class: string;
	number: number | null;
	rows: number | null;
	columns: number | null;
	frames: number;
	/** millimetres along the slice normal, as text so that it sorts and compares in the reader alone */
	position: string | null;
	transfer_syntax: string;
	blob: string;
	served: string;
	bytes: number;
	frame_table: string | null;
	metadata: Uint8Array;
	notes: string;
	received_at: number;
}
export interface StudyTables {
	imaging_study: StudyTable;
	imaging_series: SeriesTable;
	imaging_instance: InstanceTable;
}

export const studyMigrations: readonly Migration[] = [
	{
		id: 'imaging/study/1',
		sql: [
			`create table imaging_study (id text primary key, organization text not null, uid text not null, reading text not null unique, report text not null unique, patient text references patient (id),
				match_how text check (match_how in ('identifiers', 'person')), match_by text, match_at integer, confirmed text,
				header_patient_id text, header_name text, header_raw_name text, header_birth_date text, header_sex text, header_doubtful integer not null check (header_doubtful in (0, 1)), name_key text not null,
				study_date text, study_time text, accession text, study_number text, description text, referrer text,
				series integer not null, instances integer not null, bytes integer not null, received_at integer not null, received_by text not null, unique (organization, uid),
				check ((patient is null) = (match_how is null)))`,
			`create index imaging_study_patient on imaging_study (patient)`,
			`create index imaging_study_received on imaging_study (organization, received_at)`,
			`create index imaging_study_date on imaging_study (organization, study_date)`,
			`create index imaging_study_header on imaging_study (organization, header_patient_id)`,
			`create index imaging_study_accession on imaging_study (organization, accession)`,
			`create table imaging_series (id text primary key, organization text not null, study text not null references imaging_study (id), uid text not null, modality text not null, number integer, description text, body_part text,
				frame_of_reference text, instances integer not null, unique (organization, uid))`,
			`create index imaging_series_study on imaging_series (study, modality)`,
			`create table imaging_instance (id text primary key, organization text not null, study text not null references imaging_study (id), series text not null references imaging_series (id), uid text not null,
				sop_class text not null, number integer, rows integer, columns integer, frames integer not null, position text, transfer_syntax text not null, blob text not null, served text not null, bytes integer not null,
				frame_table text, metadata blob not null, notes text not null, received_at integer not null, unique (organization, uid))`,
			`create index imaging_instance_series on imaging_instance (series)`,
			`create index imaging_instance_study on imaging_instance (study)`,
			`create index imaging_instance_blob on imaging_instance (blob)`
		]
	}
];
