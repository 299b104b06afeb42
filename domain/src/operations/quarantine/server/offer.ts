import { createHash } from 'node:crypto';
import { newId } from '../../../kernel/index.ts';
import { appendAudit, tables, task } from '../../../kernel/server/index.ts';
import { QUARANTINE_LIMITS, type OfferedRun } from '../quarantine.ts';
import type { QuarantineTables } from './tables.ts';

export interface OfferToQuarantine {
	readonly organization: string;
	readonly doc: string;
	readonly patient: string | null;
	readonly user: string;
	readonly session: string;
	readonly device: string;
	readonly epoch: number;
	readonly runs: readonly OfferedRun[];
	readonly deletions: number;
	readonly update: Uint8Array;
}
export type Quarantined = { readonly ok: true; readonly item: string } | { readonly ok: false; readonly reason: 'quarantine-full' };

/** Keeps what somebody's browser held of others. Nothing of it reaches the document; the same bytes offered again are the same item. */
export const offerToQuarantine = task({
	name: 'operations.quarantine.offer',
	async run(trx, offer: OfferToQuarantine, now): Promise<Quarantined> {
		const db = tables<QuarantineTables>(trx);
		const sha256 = createHash('sha256').update(offer.update).digest('hex');
		const known = await db
			.selectFrom('quarantine')
			.select('id')
			.where('doc', '=', offer.doc)
			.where('offered_by', '=', offer.user)
			.where('sha256', '=', sha256)
			.executeTakeFirst();
		if (known !== undefined) return { ok: true, item: known.id };
		const waiting = await db
			.selectFrom('quarantine')
			.select((e) => [e.fn.countAll<number>().as('items'), e.fn.coalesce(e.fn.sum<number>('bytes'), e.lit(0)).as('bytes')])
			.where('status', '=', 'waiting')
			.where('offered_by', '=', offer.user)
			.executeTakeFirstOrThrow();
		const all = await db
			.selectFrom('quarantine')
			.select((e) => e.fn.countAll<number>().as('items'))
			.where('status', '=', 'waiting')
			.executeTakeFirstOrThrow();
		const { itemsPerUser, bytesPerUser, items } = QUARANTINE_LIMITS;
		if (Number(waiting.items) >= itemsPerUser || Number(waiting.bytes) + offer.update.length > bytesPerUser || Number(all.items) >= items)
			return { ok: false, reason: 'quarantine-full' };
		const id = newId();
		await db
			.insertInto('quarantine')
			.values({
				id,
				organization: offer.organization,
				doc: offer.doc,
				patient: offer.patient,
				offered_by: offer.user,
				session: offer.session,
				device: offer.device,
				offered_at: now,
				epoch: offer.epoch,
				sha256,
				runs: JSON.stringify(offer.runs),
				deletions: offer.deletions,
				data: offer.update,
				bytes: offer.update.length,
				status: 'waiting',
				decided_by: null,
				decided_at: null,
				reason: null
			})
			.execute();
		await appendAudit(
			trx,
			{
				organization: offer.organization,
				user: offer.user,
				session: offer.session,
				action: 'quarantine-offered',
				purpose: 'integrity',
				patient: offer.patient,
				outcome: 'done',
				detail: { item: id, doc: offer.doc, bytes: offer.update.length, sha256 }
			},
			now
		);
		return { ok: true, item: id };
	}
});
