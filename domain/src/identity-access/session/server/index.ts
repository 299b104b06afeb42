import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { colleagues, staff } from '../../../organization/index.ts';
import { foundOrganization } from '../../../organization/server.ts';
import { appendAudit, tables, task, type Handle, type Served } from '../../../kernel/server/index.ts';
import { demoPasswordTask } from './demo.ts';
import { hashPassword } from './password.ts';
import { migrations, type IdentityTables, type SessionTable } from './tables.ts';

const identity = (trx: Handle) => tables<IdentityTables>(trx);

/** Sign-ins, proofs and ends, in the same queue and the same commit as everything else; each writes its audit line. */
const tasks = [
	demoPasswordTask,
	task({
		name: 'identity-access.signed-in',
		whenFull: true,
		async run(trx, input: { key: string; session: SessionTable; organization: string; renewedHash: string | null }, now) {
			await identity(trx).deleteFrom('sign_in_failure').where('key', '=', input.key).execute();
			await identity(trx).deleteFrom('session').where('expires_at', '<', now).execute();
			await identity(trx).insertInto('session').values(input.session).execute();
			await identity(trx).updateTable('user_account').set({ signed_in_at: now }).where('id', '=', input.session.user).execute();
			if (input.renewedHash !== null)
				await identity(trx).updateTable('user_account').set({ password_hash: input.renewedHash }).where('id', '=', input.session.user).execute();
			await appendAudit(
				trx,
				{
					organization: input.organization,
					user: input.session.user,
					session: input.session.id,
					action: 'sign-in',
					purpose: 'identity',
					patient: null,
					outcome: 'done',
					detail: { kind: input.session.kind }
				},
				now
			);
		}
	}),
	task({
		name: 'identity-access.sign-in-failed',
		whenFull: true,
		async run(trx, input: { key: string; user: string; organization: string }, now) {
			await identity(trx)
				.insertInto('sign_in_failure')
				.values({ key: input.key, failures: 1, last_at: now })
				.onConflict((c) => c.column('key').doUpdateSet({ failures: sql<number>`sign_in_failure.failures + 1`, last_at: now }))
				.execute();
			await appendAudit(
				trx,
				{
					organization: input.organization,
					user: input.user,
					session: '',
					action: 'sign-in',
					purpose: 'identity',
					patient: null,
					outcome: 'denied',
					detail: {}
				},
				now
			);
		}
	}),
	task({
		name: 'identity-access.stepped-up',
		whenFull: true,
		async run(trx, input: { session: string; key: string; user: string; organization: string; tokenHash: string; at: number }, now) {
			await identity(trx).deleteFrom('sign_in_failure').where('key', '=', input.key).execute();
			await identity(trx)
				.updateTable('session')
				.set({ previous_hash: sql<string>`token_hash`, token_hash: input.tokenHash, rotated_at: input.at, seen_at: input.at, stepped_up_at: input.at })
				.where('id', '=', input.session)
				.execute();
			await appendAudit(
				trx,
				{
					organization: input.organization,
					user: input.user,
					session: input.session,
					action: 'step-up',
					purpose: 'identity',
					patient: null,
					outcome: 'done',
					detail: {}
				},
				now
			);
		}
	}),
	task({
		name: 'identity-access.seen',
		whenFull: true,
		async run(trx, input: { session: string; at: number }) {
			await identity(trx).updateTable('session').set({ seen_at: input.at }).where('id', '=', input.session).where('seen_at', '<', input.at).execute();
		}
	}),
	task({
		name: 'identity-access.locked',
		whenFull: true,
		async run(trx, input: { session: string; cause: 'asked' | 'idle' }, now) {
			const row = await identity(trx)
				.selectFrom('session')
				.innerJoin('user_account', 'user_account.id', 'session.user')
				.select(['session.user as user', 'user_account.organization as organization'])
				.where('session.id', '=', input.session)
				.executeTakeFirst();
			if (row === undefined) return;
			await identity(trx).updateTable('session').set({ seen_at: 0 }).where('id', '=', input.session).execute();
			await appendAudit(
				trx,
				{
					organization: row.organization,
					user: row.user,
					session: input.session,
					action: 'lock',
					purpose: 'identity',
					patient: null,
					outcome: 'done',
					detail: { cause: input.cause }
				},
				now
			);
		}
	}),
	task({
		name: 'identity-access.ended',
		whenFull: true,
		async run(trx, input: { session: string; by: string; organization: string }, now) {
			await identity(trx).deleteFrom('session').where('id', '=', input.session).execute();
			await appendAudit(
				trx,
				{
					organization: input.organization,
					user: input.by,
					session: input.session,
					action: 'sign-out',
					purpose: 'identity',
					patient: null,
					outcome: 'done',
					detail: {}
				},
				now
			);
		}
	}),
	// After a restore: sessions that ended since the backup would be good again.
	task({
		name: 'identity-access.end-all',
		async run(trx) {
			await identity(trx).deleteFrom('session').execute();
		}
	}),
	task({
		name: 'identity-access.first-administrator',
		async run(trx, input: { id: string; organization: string; hospital: string; username: string; name: string; passwordHash: string }, now) {
			if ((await identity(trx).selectFrom('user_account').select('id').limit(1).executeTakeFirst()) !== undefined) return false;
			await foundOrganization(trx, { id: input.organization, name: input.hospital });
			await identity(trx)
				.insertInto('user_account')
				.values({
					id: input.id,
					organization: input.organization,
					username: input.username.toLowerCase(),
					name: input.name,
					role: 'administrator',
					wards: '*',
					password_hash: input.passwordHash,
					vault_key: randomBytes(32).toString('base64'),
					active: 1,
					created_at: now,
					must_change: 0,
					signed_in_at: null
				})
				.execute();
			await appendAudit(
				trx,
				{
					organization: input.organization,
					user: input.id,
					session: '',
					action: 'first-administrator',
					purpose: 'identity',
					patient: null,
					outcome: 'done',
					detail: {}
				},
				now
			);
			return true;
		}
	})
];

export const served: Served = {
	id: 'identity-access/session',
	migrations,
	tasks,
	async seed(trx, now) {
		const password = process.env['TONGPING_DEMO_PASSWORD'];
		if (password === undefined) throw new Error('the demo hospital needs TONGPING_DEMO_PASSWORD');
		const hash = await hashPassword(password);
		for (const person of [...staff, ...colleagues]) {
			await identity(trx)
				.insertInto('user_account')
				.values({
					id: person.id,
					organization: person.organization,
					username: person.username,
					name: person.name,
					role: person.role,
					wards: person.wards === '*' ? '*' : JSON.stringify(person.wards),
					password_hash: hash,
					vault_key: randomBytes(32).toString('base64'),
					active: 1,
					created_at: now,
					must_change: 0,
					signed_in_at: null
				})
				.execute();
		}
	}
};
