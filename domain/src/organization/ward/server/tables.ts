import type { Migration } from '../../../kernel/server/module.ts';
import type { BedStatus, RoomSexRule, WardSexRule } from '../ward.ts';

export interface WardTable {
	id: string;
	organization: string;
	name: string;
	sex_rule: WardSexRule;
	position: number;
	round_special: number;
	round_first: number;
	round_second: number;
	round_third: number;
	duty: string;
}
export interface RoomTable {
	id: string;
	organization: string;
	ward: string;
	name: string;
	purpose: string;
	sex_rule: RoomSexRule;
	position: number;
}
export interface BedTable {
	id: string;
	organization: string;
	ward: string;
	room: string;
	number: string;
	position: number;
	extra: number;
	status: BedStatus;
	status_note: string | null;
	reserved_for: string | null;
	command_id: string | null;
	changed_by: string | null;
	changed_at: number | null;
	/** an extra bed that was taken away; what lay in it keeps pointing here */
	removed_at: number | null;
	removed_by: string | null;
}
export interface WardTables {
	ward: WardTable;
	ward_room: RoomTable;
	ward_bed: BedTable;
}

export const wardMigrations: readonly Migration[] = [
	{
		id: 'organization/ward/1',
		sql: [
			`create table ward (id text primary key, organization text not null references organization (id), name text not null, sex_rule text not null check (sex_rule in ('male', 'female', 'mixed')),
				position integer not null, round_special integer not null, round_first integer not null, round_second integer not null, round_third integer not null, duty text not null, unique (id, sex_rule))`,
			`create table ward_room (id text primary key, organization text not null, ward text not null references ward (id), name text not null, purpose text not null,
				sex_rule text not null check (sex_rule in ('male', 'female', 'same-sex', 'any')), position integer not null, unique (ward, name), unique (id, sex_rule))`,
			`create table ward_bed (id text primary key, organization text not null, ward text not null, room text not null references ward_room (id), number text not null, position integer not null,
				extra integer not null check (extra in (0, 1)), status text not null check (status in ('free', 'reserved', 'cleaning', 'disinfecting', 'maintenance', 'private-room')), status_note text, reserved_for text,
				command_id text, changed_by text, changed_at integer, unique (ward, number), unique (id, room, ward))`
		]
	},
	{
		// 加1 is given again after it was taken away: a number is one bed's only while the bed stands. The rows keep their ids, so what points at them still does at the commit.
		id: 'organization/ward/2',
		sql: [
			`pragma defer_foreign_keys = on`,
			`create table ward_bed_before as select * from ward_bed`,
			`drop table ward_bed`,
			`create table ward_bed (id text primary key, organization text not null, ward text not null, room text not null references ward_room (id), number text not null, position integer not null,
				extra integer not null check (extra in (0, 1)), status text not null check (status in ('free', 'reserved', 'cleaning', 'disinfecting', 'maintenance', 'private-room')), status_note text, reserved_for text,
				command_id text, changed_by text, changed_at integer, removed_at integer, removed_by text,
				check (removed_at is null or extra = 1), check ((removed_at is null) = (removed_by is null)), unique (id, room, ward))`,
			`insert into ward_bed (id, organization, ward, room, number, position, extra, status, status_note, reserved_for, command_id, changed_by, changed_at)
				select id, organization, ward, room, number, position, extra, status, status_note, reserved_for, command_id, changed_by, changed_at from ward_bed_before`,
			`drop table ward_bed_before`,
			`create unique index ward_bed_number on ward_bed (ward, number) where removed_at is null`
		]
	}
];
