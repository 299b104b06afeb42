import type { Migration } from '../../../kernel/server/index.ts';

export interface UserAccountTable {
	id: string;
	organization: string;
	username: string;
	name: string;
	role: string;
	wards: string;
	password_hash: string;
	vault_key: string;
	active: number;
	created_at: number;
}
export interface SessionTable {
	id: string;
	user: string;
	/** the browser's own id; empty for programs */
	device: string;
	token_hash: string;
	previous_hash: string | null;
	rotated_at: number;
	kind: string;
	created_at: number;
	expires_at: number;
	seen_at: number;
	stepped_up_at: number;
}
export interface SignInFailureTable {
	key: string;
	failures: number;
	last_at: number;
}
export interface IdentityTables {
	user_account: UserAccountTable;
	session: SessionTable;
	sign_in_failure: SignInFailureTable;
}

export const migrations: readonly Migration[] = [
	{
		id: 'identity-access/session/1',
		sql: [
			`create table user_account (id text primary key, organization text not null, username text not null unique, name text not null, role text not null, wards text not null, password_hash text not null, vault_key text not null, active integer not null check (active in (0, 1)), created_at integer not null)`,
			`create table session (id text primary key, user text not null references user_account (id), token_hash text not null unique, previous_hash text, rotated_at integer not null, kind text not null, created_at integer not null, expires_at integer not null, seen_at integer not null, stepped_up_at integer not null)`,
			`create index session_user on session (user)`,
			`create table sign_in_failure (key text primary key, failures integer not null, last_at integer not null)`
		]
	},
	{ id: 'identity-access/session/2', sql: [`alter table session add column device text not null default ''`] }
];
