import type { PatientId } from '../../../kernel/index.ts';
import { appendLive, changeLiveRights, handle, tables, type Handle, type Served, type WriteContext } from '../../../kernel/server/index.ts';
import { acceptItem, rejectItem } from '../commands.ts';
import type { QuarantineState } from '../decide.ts';
import type { DecideItem, ItemDecided } from '../quarantine.ts';
import { fitOf } from './document.ts';
import { raiseEpoch } from './epoch.ts';
import { offerToQuarantine } from './offer.ts';
import { migrations, type QuarantineTables } from './tables.ts';

/** The user of rows that came back this way. Not a person: nobody can prove whose words they were; `session` names the item. */
export const RECOVERED = 'recovered';

const itemOf = (trx: Handle, { item }: DecideItem, { actor }: WriteContext) =>
	tables<QuarantineTables>(trx).selectFrom('quarantine').selectAll().where('id', '=', item).where('organization', '=', actor.organization).executeTakeFirst();

async function load(trx: Handle, input: DecideItem, context: WriteContext): Promise<QuarantineState | null> {
	const row = await itemOf(trx, input, context);
	if (row === undefined) return null;
	const item = { id: row.id, doc: row.doc, by: row.offered_by, status: row.status, decidedBy: row.decided_by, decidedAt: row.decided_at };
	return { item, patient: row.patient as PatientId | null, ...(await fitOf(trx, row.doc, new Uint8Array(row.data))) };
}

async function close(trx: Handle, { type, item, reason }: ItemDecided, { actor, now }: WriteContext): Promise<void> {
	await tables<QuarantineTables>(trx)
		.updateTable('quarantine')
		.set({ status: type === 'operations.quarantine.accepted' ? 'accepted' : 'rejected', decided_by: actor.user, decided_at: now, reason })
		.where('id', '=', item)
		.execute();
}

export const served: Served = {
	id: 'operations/quarantine',
	migrations,
	tasks: [offerToQuarantine, raiseEpoch],
	handlers: [
		handle(acceptItem, {
			load,
			async save(trx, events, context, _state, input) {
				const row = await itemOf(trx, input, context);
				if (row === undefined) throw new Error('an item that was just read is gone');
				for (const event of events) {
					await appendLive(trx, { doc: event.doc, update: new Uint8Array(row.data), user: RECOVERED, session: event.item, device: row.device }, context.now);
					// Rooms read the document again, and what is on its way under the old reading is judged anew.
					await changeLiveRights(trx, event.doc, context.now);
					await close(trx, event, context);
				}
			}
		}),
		handle(rejectItem, {
			load,
			async save(trx, events, context) {
				for (const event of events) await close(trx, event, context);
			}
		})
	]
};
