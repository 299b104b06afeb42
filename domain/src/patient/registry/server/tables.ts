import type { Generated } from 'kysely';
import type { Migration } from '../../../kernel/server/module.ts';
import type { Sex } from '../registry.ts';

export interface PatientTable {
	id: string;
	organization: string;
	mrn: string;
	name: string;
	pinyin: string;
	initials: string;
	/** what a search looks into: lower case, `name|pinyin|initials|mrn` */
	search_key: string;
	sex: Sex;
	birth_date: string | null;
	/** where an imported record came from; a second import finds it again */
	source: string | null;
	created_at: number;
}
export interface PatientLinkTable {
	id: string;
	organization: string;
	patient: string;
	survivor: string;
	reason: string;
	linked_at: number;
	linked_by: string;
	ended_at: number | null;
	ended_by: string | null;
}
/** Who cares for the patient: written with admission, transfer and leaving; every right to read or write a chart hangs on it. */
export interface PatientCareTable {
	organization: string;
	patient: string;
	ward: string;
	since: number;
	until: number | null;
	/** 1: on the way to this ward, which prepares and may read, but does not treat yet */
	announced: Generated<number>;
}
/** Doctors asked for an opinion, from the request until the note that asked is sealed or the patient leaves. */
export interface PatientConsultantTable {
	organization: string;
	patient: string;
	user: string;
	since: number;
	until: number | null;
}
export interface PatientTables {
	patient: PatientTable;
	patient_link: PatientLinkTable;
	patient_care: PatientCareTable;
	patient_consultant: PatientConsultantTable;
}

export const patientMigrations: readonly Migration[] = [
	{
		id: 'patient/registry/1',
		sql: [
			`create table patient (id text primary key, organization text not null references organization (id), mrn text not null, name text not null, pinyin text not null, initials text not null, search_key text not null,
				sex text not null check (sex in ('male', 'female', 'unknown')), birth_date text, source text, created_at integer not null, unique (organization, mrn), unique (id, sex))`,
			`create unique index patient_source on patient (organization, source) where source is not null`,
			`create table patient_link (id text primary key, organization text not null, patient text not null references patient (id), survivor text not null references patient (id), reason text not null,
				linked_at integer not null, linked_by text not null, ended_at integer, ended_by text, check (patient <> survivor))`,
			`create unique index patient_link_active on patient_link (patient) where ended_at is null`,
			`create index patient_link_survivor on patient_link (survivor)`,
			`create table patient_care (organization text not null, patient text not null references patient (id), ward text not null references ward (id), since integer not null, until integer, check (until is null or until >= since))`,
			`create unique index patient_care_active on patient_care (patient, ward) where until is null`,
			`create index patient_care_patient on patient_care (patient)`
		]
	},
	{
		id: 'patient/registry/2',
		sql: [`alter table patient_care add column announced integer not null default 0 check (announced in (0, 1))`]
	},
	{
		id: 'patient/registry/3',
		sql: [
			`create table patient_consultant (organization text not null, patient text not null references patient (id), user text not null, since integer not null, until integer, check (until is null or until >= since))`,
			`create unique index patient_consultant_active on patient_consultant (patient, user) where until is null`,
			`create index patient_consultant_patient on patient_consultant (patient)`
		]
	}
];
