import { colleagues, demoOrganization, staff } from '../../../organization/index.ts';
import { appendAudit, db, hospital, tables, task, type Handle } from '../../../kernel/server/index.ts';
import { hashPassword, verifyPassword } from './password.ts';
import type { IdentityTables } from './tables.ts';

const STAFF = [...staff, ...colleagues].map(({ id }) => id);
const demoAccounts = (handle: Handle) => tables<IdentityTables>(handle).selectFrom('user_account').where('id', 'in', STAFF);

/** Whose hospital the open folder holds: an invented one, somebody's own, or nobody's yet. */
export async function hospitalHeld(): Promise<'demo' | 'own' | 'none'> {
	if ((await demoAccounts(hospital().reader).select('id').limit(1).executeTakeFirst()) !== undefined) return 'demo';
	return (await db<IdentityTables>().selectFrom('user_account').select('id').limit(1).executeTakeFirst()) === undefined ? 'none' : 'own';
}

/** What the console prints opens the demo accounts, also after a start with another password; one that its owner changed stays as it is. */
export async function holdDemoPassword(password: string): Promise<void> {
	const rows = await demoAccounts(hospital().reader).select('password_hash').execute();
	const shared = new Map<string, number>();
	for (const { password_hash } of rows) shared.set(password_hash, (shared.get(password_hash) ?? 0) + 1);
	const [hash, times] = [...shared].reduce((most, each) => (each[1] > most[1] ? each : most), ['', 0]);
	if (times < 2 || (await verifyPassword(hash, password))) return;
	await hospital().writer.task('identity-access.demo-password', { from: hash, to: await hashPassword(password) });
}

export const demoPasswordTask = task({
	name: 'identity-access.demo-password',
	async run(trx, input: { readonly from: string; readonly to: string }, now) {
		const concerned = demoAccounts(trx).select('id').where('password_hash', '=', input.from);
		await tables<IdentityTables>(trx).deleteFrom('session').where('user', 'in', concerned).execute();
		await tables<IdentityTables>(trx)
			.updateTable('user_account')
			.set({ password_hash: input.to })
			.where('id', 'in', STAFF)
			.where('password_hash', '=', input.from)
			.execute();
		const said = { action: 'demo-password', purpose: 'identity', patient: null, outcome: 'done', detail: {} } as const;
		await appendAudit(trx, { organization: demoOrganization.id, user: '', session: '', ...said }, now);
	}
});
