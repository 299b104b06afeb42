import type { Migration } from '../../../kernel/server/module.ts';
import type { RoomSexRule, WardSexRule } from '../../../organization/index.ts';
import type { Sex } from '../../../patient/index.ts';

/** One line a stay in one bed. The columns from `active_sex` on are the second wall behind `decide`: set while it lasts, null afterwards. */
export interface BedAssignmentTable {
	id: string;
	organization: string;
	stay: string;
	patient: string;
	ward: string;
	ward_rule: WardSexRule;
	room: string;
	room_rule: RoomSexRule;
	bed: string;
	started_at: number;
	started_by: string;
	started_by_name: string;
	command_id: string | null;
	override_reason: string | null;
	ended_at: number | null;
	ended_by_name: string | null;
	active_sex: Sex | null;
	lock_sex: 'male' | 'female' | null;
	lock_cohort: string | null;
}
export interface BedAssignmentTables {
	bed_assignment: BedAssignmentTable;
	/** who a room is for at this moment; assignments point at it by foreign key, so that two kinds of people cannot be in one room */
	bed_room_sex: { room: string; sex: 'male' | 'female' };
	bed_room_cohort: { room: string; cohort: string };
}

export const bedAssignmentMigrations: readonly Migration[] = [
	{
		id: 'inpatient/bed-assignment/1',
		sql: [
			`create table bed_room_sex (room text primary key references ward_room (id), sex text not null check (sex in ('male', 'female')), unique (room, sex))`,
			`create table bed_room_cohort (room text primary key references ward_room (id), cohort text not null, unique (room, cohort))`,
			`create table bed_assignment (id text primary key, organization text not null, stay text not null, patient text not null, ward text not null, ward_rule text not null, room text not null, room_rule text not null,
				bed text not null, started_at integer not null, started_by text not null, started_by_name text not null, command_id text, override_reason text, ended_at integer, ended_by_name text,
				active_sex text, lock_sex text, lock_cohort text,
				check (ended_at is null or ended_at >= started_at),
				check ((ended_at is null) = (active_sex is not null)),
				check (ward_rule = 'mixed' or active_sex is null or active_sex = ward_rule or (active_sex = 'unknown' and override_reason is not null)),
				check (room_rule in ('any', 'same-sex') or active_sex is null or active_sex = room_rule or (active_sex = 'unknown' and override_reason is not null)),
				check (room_rule <> 'same-sex' or ended_at is not null or lock_sex is not null or override_reason is not null),
				check (ended_at is not null or lock_cohort is not null),
				foreign key (stay, patient) references inpatient_stay (id, patient),
				foreign key (bed, room, ward) references ward_bed (id, room, ward),
				foreign key (ward, ward_rule) references ward (id, sex_rule),
				foreign key (room, room_rule) references ward_room (id, sex_rule),
				foreign key (patient, active_sex) references patient (id, sex) on update cascade,
				foreign key (room, lock_sex) references bed_room_sex (room, sex) on update cascade,
				foreign key (room, lock_cohort) references bed_room_cohort (room, cohort) on update cascade)`,
			`create unique index bed_assignment_bed on bed_assignment (bed) where ended_at is null`,
			`create unique index bed_assignment_stay on bed_assignment (stay) where ended_at is null`,
			`create index bed_assignment_history on bed_assignment (stay, started_at)`,
			`create index bed_assignment_ward on bed_assignment (ward, ended_at)`
		]
	},
	{
		// The unique indexes above hold for the present only; these hold for the past as well: a history that says two people lay in one bed is worth nothing in a dispute.
		id: 'inpatient/bed-assignment/2',
		sql: [
			`create index bed_assignment_bed_history on bed_assignment (bed, started_at)`,
			...(['insert', 'update'] as const).flatMap((change) =>
				(['bed', 'stay'] as const).map(
					(key) => `create trigger bed_assignment_${key}_${change} before ${change} on bed_assignment when exists (
						select 1 from bed_assignment other where other.${key} = new.${key} and other.id <> ${change === 'insert' ? 'new' : 'old'}.id
							and (new.ended_at is null or other.started_at < new.ended_at) and (other.ended_at is null or new.started_at < other.ended_at)
							and (other.ended_at is not null or new.ended_at is not null))
						begin select raise(abort, 'two assignments of one ${key} overlap in time'); end`
				)
			)
		]
	}
];
