import type { StayId } from '../../../kernel/index.ts';
import { handle, type Handle, type Served } from '../../../kernel/server/module.ts';
import { setBedStatus as writeBedStatus, wardOfBed } from '../../../organization/server.ts';
import { assignFromWaiting, sendToWaiting, setBedStatus, swap, transfer } from '../commands.ts';
import { boardStateOfStay, boardStateOfWard, nowhere } from './load.ts';
import { saveBedEvents } from './store.ts';
import { bedAssignmentMigrations } from './tables.ts';

const ways = { load: (trx: Handle, input: { readonly stay: StayId }) => boardStateOfStay(trx, input.stay), save: saveBedEvents };

export const served: Served = {
	id: 'inpatient.bed-assignment',
	migrations: bedAssignmentMigrations,
	handlers: [
		handle(transfer, ways),
		handle(swap, ways),
		handle(sendToWaiting, ways),
		handle(assignFromWaiting, ways),
		handle(setBedStatus, {
			async load(trx, input) {
				const ward = await wardOfBed(trx, input.bed);
				return ward === null ? nowhere : boardStateOfWard(trx, ward);
			},
			async save(trx, events, { commandId }) {
				for (const event of events)
					await writeBedStatus(trx, event.bed, { status: event.status, note: event.note === '' ? null : event.note, reservedFor: event.reservedFor, commandId, by: event.by, at: event.at });
			}
		})
	]
};
