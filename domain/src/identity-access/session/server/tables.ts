import type { Migration } from '../../../kernel/server/index.ts';
import type { Place } from '../session.ts';

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
	/** 1: somebody else knows the password, nothing is open but its change */
	must_change: number;
	signed_in_at: number | null;
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
	place: Place;
}
/** A password made ready by the server: commands name it, so that no password and no hash of one stands in a command or an event. */
export interface PasswordOfferTable {
	id: string;
	user: string;
	made_by: string;
	password_hash: string;
	at: number;
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
	password_offer: PasswordOfferTable;
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
	{ id: 'identity-access/session/2', sql: [`alter table session add column device text not null default ''`] },
	{
		id: 'identity-access/session/3',
		sql: [
			`alter table session add column place text not null default 'ward' check (place in ('ward', 'office'))`,
			`alter table user_account add column must_change integer not null default 0 check (must_change in (0, 1))`,
			`alter table user_account add column signed_in_at integer`,
			`create table password_offer (id text primary key, user text not null references user_account (id), made_by text not null, password_hash text not null, at integer not null)`
		]
	}
];
