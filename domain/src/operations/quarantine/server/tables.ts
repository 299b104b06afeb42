import type { Migration } from '../../../kernel/server/index.ts';

export interface QuarantineTable {
	id: string;
	organization: string;
	doc: string;
	patient: string | null;
	offered_by: string;
	session: string;
	device: string;
	offered_at: number;
	/** the epoch the offering page came from */
	epoch: number;
	sha256: string;
	runs: string;
	deletions: number;
	data: Uint8Array;
	bytes: number;
	status: 'waiting' | 'accepted' | 'rejected';
	decided_by: string | null;
	decided_at: number | null;
	reason: string | null;
}
export interface EpochTable {
	epoch: number;
	at: number;
	/** digest of the backup this epoch began from */
	backup: string;
}
export interface QuarantineTables {
	quarantine: QuarantineTable;
	operations_epoch: EpochTable;
}

export const migrations: readonly Migration[] = [
	{
		id: 'operations/quarantine/1',
		sql: [
			`create table operations_epoch (epoch integer primary key check (epoch > 1), at integer not null, backup text not null)`,
			`create table quarantine (id text primary key, organization text not null, doc text not null, patient text, offered_by text not null, session text not null, device text not null, offered_at integer not null,
				epoch integer not null, sha256 text not null, runs text not null, deletions integer not null, data blob not null, bytes integer not null,
				status text not null check (status in ('waiting', 'accepted', 'rejected')), decided_by text, decided_at integer, reason text,
				check ((status = 'waiting') = (decided_by is null)), check ((decided_by is null) = (decided_at is null)), check ((decided_by is null) = (reason is null)))`,
			`create unique index quarantine_same on quarantine (doc, offered_by, sha256)`,
			`create index quarantine_waiting on quarantine (offered_at) where status = 'waiting'`,
			`create trigger quarantine_kept before delete on quarantine begin select raise(abort, 'what was offered is never removed'); end`,
			`create trigger quarantine_bytes before update of data, doc, offered_by, sha256, runs on quarantine begin select raise(abort, 'what was offered is never changed'); end`
		]
	}
];
