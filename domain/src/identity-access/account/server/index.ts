import type { Role, UserId } from '../../../kernel/index.ts';
import { handle, tables, task, type AnyHandler, type Handle, type Served, type WriteContext } from '../../../kernel/server/index.ts';
import { wardsOfHouse } from '../../../organization/server.ts';
import type { IdentityTables } from '../../session/server/tables.ts';
import { changePassword, changeRole, disableAccount, enableAccount, resetPassword } from '../commands.ts';
import type { AccountState } from '../decide.ts';

const identity = (trx: Handle) => tables<IdentityTables>(trx);
const OFFER_MS = 60_000;
const NO_WARDS: ReadonlySet<string> = new Set();

async function load(trx: Handle, { user, offer }: { readonly user: string; readonly offer?: string }, { actor, now }: WriteContext): Promise<AccountState> {
	const row = await identity(trx)
		.selectFrom('user_account')
		.select(['id', 'name', 'role', 'active'])
		.where('id', '=', user)
		.where('organization', '=', actor.organization)
		.executeTakeFirst();
	const administrators = await identity(trx)
		.selectFrom('user_account')
		.select('id')
		.where('organization', '=', actor.organization)
		.where('role', '=', 'administrator')
		.where('active', '=', 1)
		.where('id', '!=', user)
		.execute();
	const offered =
		offer === undefined
			? undefined
			: await identity(trx)
					.selectFrom('password_offer')
					.select('id')
					.where('id', '=', offer)
					.where('user', '=', user)
					.where('made_by', '=', actor.user)
					.where('at', '>', now - OFFER_MS)
					.executeTakeFirst();
	return {
		person: row === undefined ? null : { user: row.id as UserId, name: row.name, role: row.role as Role, active: row.active === 1 },
		otherAdministrators: administrators.length,
		wards: NO_WARDS,
		offered: offered !== undefined
	};
}

/** In the same commit as the change: no token of this person is good for one request more. */
async function endAll(trx: Handle, user: string): Promise<void> {
	await identity(trx).deleteFrom('session').where('user', '=', user).execute();
	await identity(trx).deleteFrom('password_offer').where('user', '=', user).execute();
}
async function setActive(trx: Handle, user: string, active: 0 | 1): Promise<void> {
	await identity(trx).updateTable('user_account').set({ active }).where('id', '=', user).execute();
	await endAll(trx, user);
}
async function setPassword(trx: Handle, user: string, offer: string, mustChange: 0 | 1): Promise<void> {
	const { password_hash } = await identity(trx).selectFrom('password_offer').select('password_hash').where('id', '=', offer).executeTakeFirstOrThrow();
	await identity(trx).updateTable('user_account').set({ password_hash, must_change: mustChange }).where('id', '=', user).execute();
	await endAll(trx, user);
}

const handlers: readonly AnyHandler[] = [
	handle(disableAccount, {
		load,
		async save(trx, events) {
			for (const { user } of events) await setActive(trx, user, 0);
		}
	}),
	handle(enableAccount, {
		load,
		async save(trx, events) {
			for (const { user } of events) await setActive(trx, user, 1);
		}
	}),
	handle(changeRole, {
		async load(trx, input, context) {
			const wards = await wardsOfHouse(trx, context.actor.organization);
			return { ...(await load(trx, input, context)), wards: new Set<string>(wards.map(({ id }) => id)) };
		},
		async save(trx, events) {
			for (const { user, role, wards } of events) {
				await identity(trx)
					.updateTable('user_account')
					.set({ role, wards: wards === '*' ? '*' : JSON.stringify(wards) })
					.where('id', '=', user)
					.execute();
				await endAll(trx, user);
			}
		}
	}),
	handle(resetPassword, {
		load: (trx, input, context) => load(trx, input, context),
		async save(trx, events, _context, _state, { offer }) {
			for (const { user } of events) await setPassword(trx, user, offer, 1);
		}
	}),
	handle(changePassword, {
		load: (trx, { offer }, context) => load(trx, { user: context.actor.user, offer }, context),
		async save(trx, events, _context, _state, { offer }) {
			for (const { user } of events) await setPassword(trx, user, offer, 0);
		}
	})
];

export const served: Served = {
	id: 'identity-access/account',
	handlers,
	tasks: [
		task({
			name: 'identity-access.password-offered',
			async run(trx, input: { id: string; user: string; madeBy: string; passwordHash: string }, now) {
				await identity(trx)
					.deleteFrom('password_offer')
					.where('at', '<', now - OFFER_MS)
					.execute();
				await identity(trx)
					.insertInto('password_offer')
					.values({ id: input.id, user: input.user, made_by: input.madeBy, password_hash: input.passwordHash, at: now })
					.execute();
			}
		})
	]
};
