import type { Migration } from '../../../kernel/server/module.ts';
import type { Severity } from '../stay.ts';

export interface StayTable {
	id: string;
	organization: string;
	patient: string;
	ward: string;
	admitted_at: number;
	in_ward_since: number;
	from_ward: string | null;
	resident: string | null;
	resident_name: string | null;
	attending: string | null;
	attending_name: string | null;
	nurse: string | null;
	nurse_name: string | null;
	severity: Severity | null;
	/** when the notice of 病危 / 病重 was given; null before this was kept, and without a notice */
	severity_since: number | null;
	expected_discharge: string | null;
	notice_at: number | null;
	notice_by: string | null;
	payer: string;
	/** since when without a bed; null while in one */
	waiting_since: number | null;
	command_id: string | null;
	changed_by: string | null;
	ended_at: number | null;
	ended_by: string | null;
}
export interface StayTables {
	inpatient_stay: StayTable;
}

export const stayMigrations: readonly Migration[] = [
	{
		id: 'inpatient/stay/1',
		sql: [
			`create table inpatient_stay (id text primary key, organization text not null, patient text not null references patient (id), ward text not null references ward (id), admitted_at integer not null, in_ward_since integer not null,
				from_ward text, resident text, resident_name text, attending text, attending_name text, nurse text, nurse_name text, severity text check (severity in ('critical', 'serious')), expected_discharge text,
				notice_at integer, notice_by text, payer text not null, waiting_since integer, command_id text, changed_by text, ended_at integer, ended_by text,
				unique (id, patient), check (ended_at is null or ended_at >= admitted_at), check (in_ward_since >= admitted_at))`,
			`create unique index inpatient_stay_active on inpatient_stay (patient) where ended_at is null`,
			`create index inpatient_stay_ward on inpatient_stay (ward, ended_at)`
		]
	},
	{ id: 'inpatient/stay/severity-since', sql: [`alter table inpatient_stay add column severity_since integer`] }
];
