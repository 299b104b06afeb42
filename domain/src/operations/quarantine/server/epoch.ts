import { appendAudit, tables, task, type Handle } from '../../../kernel/server/index.ts';
import type { QuarantineTables } from './tables.ts';

/** 1 until the first restore. */
export async function epochOf(handle: Handle): Promise<number> {
	const last = await tables<QuarantineTables>(handle).selectFrom('operations_epoch').select('epoch').orderBy('epoch', 'desc').limit(1).executeTakeFirst();
	return Number(last?.epoch ?? 1);
}

export interface RaiseEpoch {
	/** sha-256 of the backup */
	readonly backup: string;
}

/** Written by a restore, before anybody can join: from now on whoever announces an older epoch may be ahead of this server. */
export const raiseEpoch = task({
	name: 'operations.epoch.raise',
	async run(trx, { backup }: RaiseEpoch, now): Promise<number> {
		const epoch = (await epochOf(trx)) + 1;
		await tables<QuarantineTables>(trx).insertInto('operations_epoch').values({ epoch, at: now, backup }).execute();
		await appendAudit(
			trx,
			{
				organization: '',
				user: 'system',
				session: 'server',
				action: 'restore',
				purpose: 'integrity',
				patient: null,
				outcome: 'done',
				detail: { epoch, backup }
			},
			now
		);
		return epoch;
	}
});
