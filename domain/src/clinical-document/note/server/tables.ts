import type { Handle, Migration } from '../../../kernel/server/module.ts';
import { tables } from '../../../kernel/server/module.ts';

export interface NoteTable {
	id: string;
	organization: string;
	patient: string;
	stay: string;
	ward: string;
	type: string;
	date: string;
	version: number;
	sealed: number;
	opened_by: string;
	opened_at: number;
}
export interface NoteConsultantTable {
	note: string;
	organization: string;
	user: string;
	invited_by: string;
	invited_at: number;
	reason: string;
	urgent: number;
}
export interface NoteVersionTable {
	note: string;
	version: number;
	organization: string;
	patient: string;
	schema_version: number;
	content: string;
	content_hash: string;
	previous: string | null;
	trace_complete: number;
	at: number;
}
export interface NoteSignatureTable {
	id: string;
	organization: string;
	note: string;
	version: number;
	patient: string;
	addendum: string | null;
	author: string;
	author_name: string;
	role: string;
	meaning: string;
	at: number;
	content_hash: string;
	previous: string | null;
	hash: string;
}
export interface NoteAddendumTable {
	id: string;
	organization: string;
	note: string;
	patient: string;
	root: string;
	text: string;
	origin: string;
	author: string;
	author_name: string;
	proposed_at: number;
	state: string;
	signed_at: number | null;
}
export interface NoteTables {
	note: NoteTable;
	note_consultant: NoteConsultantTable;
	note_version: NoteVersionTable;
	note_signature: NoteSignatureTable;
	note_addendum: NoteAddendumTable;
}
export const noteTables = (handle: Handle) => tables<NoteTables>(handle);

const fixed = (table: string): readonly string[] => [
	`create trigger ${table}_no_update before update on ${table} begin select raise(abort, 'a signed row is never changed'); end`,
	`create trigger ${table}_no_delete before delete on ${table} begin select raise(abort, 'a signed row is never removed'); end`
];

export const migrations: readonly Migration[] = [
	{
		id: 'clinical-document/note/1',
		sql: [
			`create table note (id text primary key, organization text not null, patient text not null, stay text not null, ward text not null, type text not null, date text not null, version integer not null default 0, sealed integer not null default 0 check (sealed in (0, 1)), opened_by text not null, opened_at integer not null, unique (stay, type, date))`,
			`create index note_patient on note (patient, date)`,
			`create table note_consultant (note text not null references note (id), organization text not null, user text not null, invited_by text not null, invited_at integer not null, primary key (note, user))`,
			`create table note_version (note text not null references note (id), version integer not null, organization text not null, patient text not null, schema_version integer not null, content text not null, content_hash text not null, previous text, trace_complete integer not null check (trace_complete in (0, 1)), at integer not null, primary key (note, version))`,
			`create table note_signature (id text primary key, organization text not null, note text not null references note (id), version integer not null, patient text not null, addendum text, author text not null, author_name text not null, role text not null, meaning text not null, at integer not null, content_hash text not null, previous text, hash text not null unique)`,
			// One signature a version, one an addendum: a second signer of the same step loses here even if decide were wrong.
			`create unique index note_signature_version on note_signature (note, version) where addendum is null`,
			`create unique index note_signature_addendum on note_signature (addendum) where addendum is not null`,
			`create table note_addendum (id text primary key, organization text not null, note text not null references note (id), patient text not null, root text not null, text text not null, origin text not null, author text not null, author_name text not null, proposed_at integer not null, state text not null check (state in ('proposed', 'signed')), signed_at integer)`,
			`create index note_addendum_note on note_addendum (note, proposed_at)`,
			...fixed('note_version'),
			...fixed('note_signature'),
			`create trigger note_addendum_words before update of text, root, note, patient, author on note_addendum begin select raise(abort, 'the words of an addendum are never changed'); end`,
			`create trigger note_addendum_no_delete before delete on note_addendum begin select raise(abort, 'an addendum is never removed'); end`
		]
	},
	{
		id: 'clinical-document/note/2',
		sql: [
			`alter table note_consultant add column reason text not null default ''`,
			`alter table note_consultant add column urgent integer not null default 0 check (urgent in (0, 1))`,
			`create index note_consultant_user on note_consultant (user)`,
			`create index note_ward on note (ward, date)`
		]
	}
];
