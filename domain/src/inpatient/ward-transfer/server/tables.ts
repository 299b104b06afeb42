import type { Migration } from '../../../kernel/server/module.ts';
import type { TransferEnd } from '../ward-transfer.ts';

export interface WardTransferTable {
	id: string;
	organization: string;
	stay: string;
	patient: string;
	from_ward: string;
	to_ward: string;
	reason: string;
	asked_at: number;
	asked_by: string;
	asked_by_name: string;
	ended_at: number | null;
	ended_how: TransferEnd | null;
	ended_by_name: string | null;
	ended_reason: string | null;
}
export interface WardTransferTables {
	inpatient_ward_transfer: WardTransferTable;
}

export const wardTransferMigrations: readonly Migration[] = [
	{
		id: 'inpatient/ward-transfer/1',
		sql: [
			`create table inpatient_ward_transfer (id text primary key, organization text not null, stay text not null, patient text not null, from_ward text not null references ward (id), to_ward text not null references ward (id),
				reason text not null, asked_at integer not null, asked_by text not null, asked_by_name text not null, ended_at integer, ended_how text check (ended_how in ('received', 'cancelled', 'declined')),
				ended_by_name text, ended_reason text, check (from_ward <> to_ward), check ((ended_at is null) = (ended_how is null)), check (ended_at is null or ended_at >= asked_at),
				foreign key (stay, patient) references inpatient_stay (id, patient))`,
			`create unique index inpatient_ward_transfer_open on inpatient_ward_transfer (stay) where ended_at is null`,
			`create index inpatient_ward_transfer_from on inpatient_ward_transfer (from_ward, ended_at)`,
			`create index inpatient_ward_transfer_to on inpatient_ward_transfer (to_ward, ended_at)`,
			`create index inpatient_ward_transfer_stay on inpatient_ward_transfer (stay, asked_at)`,
			// A bed belongs to a ward and a patient to another: whoever is in the bed must be in the ward, whatever was decided above.
			`create trigger inpatient_bed_in_ward before insert on bed_assignment when new.ended_at is null and not exists (
				select 1 from inpatient_stay where id = new.stay and ward = new.ward and ended_at is null)
				begin select raise(abort, 'the patient is not in the ward of this bed'); end`,
			`create trigger inpatient_ward_of_bed before update of ward, ended_at on inpatient_stay when (new.ward <> old.ward or (new.ended_at is not null and old.ended_at is null)) and exists (
				select 1 from bed_assignment where stay = new.id and ended_at is null)
				begin select raise(abort, 'the patient still lies in a bed of the ward'); end`
		]
	}
];
