import { randomInt } from 'node:crypto';
import { newId, type Role, type WardId } from '../../../kernel/index.ts';
import { hospital } from '../../../kernel/server/index.ts';
import { tables, type Handle } from '../../../kernel/server/module.ts';
import { hashPassword } from '../../session/server/password.ts';
import type { Account } from '../account.ts';
import type { IdentityTables } from '../../session/server/tables.ts';

export async function accountsOf(handle: Handle, organization: string): Promise<readonly Account[]> {
	const rows = await tables<IdentityTables>(handle)
		.selectFrom('user_account')
		.select(['id', 'username', 'name', 'role', 'wards', 'active', 'must_change', 'signed_in_at'])
		.where('organization', '=', organization)
		.orderBy('username')
		.execute();
	return rows.map((row) => ({
		user: row.id,
		username: row.username,
		name: row.name,
		role: row.role as Role,
		wards: row.wards === '*' ? '*' : (JSON.parse(row.wards) as WardId[]),
		active: row.active === 1,
		mustChange: row.must_change === 1,
		signedInAt: row.signed_in_at === null ? null : Number(row.signed_in_at)
	}));
}

/** Makes a password ready for one command of this maker; the command names it and nothing else. */
export async function offerPassword(user: string, madeBy: string, password: string): Promise<string> {
	const id = newId();
	await hospital().writer.task('identity-access.password-offered', { id, user, madeBy, passwordHash: await hashPassword(password) });
	return id;
}

export async function hasAccount(handle: Handle, organization: string, user: string): Promise<boolean> {
	const row = await tables<IdentityTables>(handle)
		.selectFrom('user_account')
		.select('id')
		.where('id', '=', user)
		.where('organization', '=', organization)
		.executeTakeFirst();
	return row !== undefined;
}

/** Letters that nobody mistakes for another when read out over a telephone: 16 of 31, 79 bits. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
export const oneTimePassword = (): string =>
	Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('')).join('-');
