import { tables, type Handle } from '../../../kernel/server/module.ts';
import type { Role } from '../../../kernel/index.ts';
import type { IdentityTables } from './tables.ts';

/** The post of an active person; null for nobody. */
export async function roleOf(handle: Handle, user: string): Promise<Role | null> {
	const row = await tables<IdentityTables>(handle).selectFrom('user_account').select('role').where('id', '=', user).where('active', '=', 1).executeTakeFirst();
	return (row?.role as Role | undefined) ?? null;
}
