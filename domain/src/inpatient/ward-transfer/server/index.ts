import type { StayId } from '../../../kernel/index.ts';
import { handle, tables, type Handle, type Served, type WriteContext } from '../../../kernel/server/module.ts';
import { isNurse, type Actor } from '../../../kernel/index.ts';
import { isolationsOf } from '../../../nursing/server.ts';
import { wardRules } from '../../../organization/server.ts';
import { announceCare, beginCare, endCare, patientById, withdrawAnnouncement } from '../../../patient/server.ts';
import { boardStateOfWard } from '../../bed-assignment/server/load.ts';
import { saveBedEvents } from '../../bed-assignment/server/store.ts';
import { currentBed, stayById } from '../../stay/server/queries.ts';
import type { StayTables } from '../../stay/server/tables.ts';
import { cancelTransfer, declineTransfer, receiveTransfer, requestTransfer } from '../commands.ts';
import type {
	ReceiveState,
	RequestState,
	RequestTransfer,
	TransferEnded,
	TransferId,
	TransferReceived,
	TransferRequested,
	TransferState
} from '../ward-transfer.ts';
import { openTransfer, transferById } from './queries.ts';
import { seedTransfers } from './seed.ts';
import { wardTransferMigrations, type WardTransferTables } from './tables.ts';

async function loadRequest(trx: Handle, input: RequestTransfer): Promise<RequestState> {
	const stay = await stayById(trx, input.stay);
	const to = await wardRules(trx, input.to);
	const from = stay === null ? null : await wardRules(trx, stay.ward);
	return {
		stay,
		patient: stay === null ? null : await patientById(trx, stay.patient),
		from: from?.name ?? null,
		to: to === null || to.organization !== from?.organization ? null : { id: input.to, name: to.name, sexRule: to.sexRule },
		open: stay === null ? null : await openTransfer(trx, stay.id)
	};
}

async function loadTransfer(trx: Handle, input: { readonly transfer: TransferId; readonly stay: StayId }): Promise<TransferState> {
	const transfer = await transferById(trx, input.transfer);
	if (transfer?.stay !== input.stay) return { transfer: null, patient: null };
	return { transfer, patient: await patientById(trx, transfer.patient) };
}

async function loadReceive(trx: Handle, input: { readonly transfer: TransferId; readonly stay: StayId }): Promise<ReceiveState> {
	const state = await loadTransfer(trx, input);
	const { transfer, patient } = state;
	if (transfer === null || patient === null) return { ...state, board: { ward: null, rooms: new Map(), beds: new Map(), stays: new Map() }, lying: null };
	const board = await boardStateOfWard(trx, transfer.to.id, [transfer.stay]);
	const arriving = {
		stay: transfer.stay,
		patient: patient.id,
		patientName: patient.name,
		sex: patient.sex,
		isolation: (await isolationsOf(trx, [patient.id])).get(patient.id) ?? null,
		bed: null,
		endedAt: null,
		by: transfer.askedBy,
		at: transfer.askedAt
	};
	const lying = await currentBed(trx, transfer.stay);
	return {
		...state,
		board: { ...board, stays: new Map([...board.stays, [transfer.stay, arriving]]) },
		lying: lying === undefined ? null : { bed: lying.bed as NonNullable<ReceiveState['lying']>['bed'], number: lying.number }
	};
}

async function saveRequest(trx: Handle, event: TransferRequested, { actor }: WriteContext): Promise<void> {
	await tables<WardTransferTables>(trx)
		.insertInto('inpatient_ward_transfer')
		.values({
			id: event.transfer,
			organization: actor.organization,
			stay: event.stay,
			patient: event.patient,
			from_ward: event.from,
			to_ward: event.to,
			reason: event.reason,
			asked_at: event.at,
			asked_by: actor.user,
			asked_by_name: event.by,
			ended_at: null,
			ended_how: null,
			ended_by_name: null,
			ended_reason: null
		})
		.execute();
	await announceCare(trx, actor.organization, event.patient, event.to, event.at);
}

async function saveEnd(trx: Handle, event: TransferEnded | TransferReceived): Promise<void> {
	const how = event.type === 'inpatient.ward-transfer.received' ? 'received' : event.type === 'inpatient.ward-transfer.cancelled' ? 'cancelled' : 'declined';
	await tables<WardTransferTables>(trx)
		.updateTable('inpatient_ward_transfer')
		.set({ ended_at: event.at, ended_how: how, ended_by_name: event.by, ended_reason: how === 'received' ? null : event.reason })
		.where('id', '=', event.transfer)
		.where('ended_at', 'is', null)
		.execute();
	await withdrawAnnouncement(trx, event.patient, event.to);
}

/** Who receives the patient is the first name on the card; the team of the other ward stays behind. */
const taken = (actor: Actor) => ({
	resident: actor.role === 'resident' ? actor.user : null,
	resident_name: actor.role === 'resident' ? actor.name : null,
	attending: actor.role === 'attending' ? actor.user : null,
	attending_name: actor.role === 'attending' ? actor.name : null,
	nurse: isNurse(actor) ? actor.user : null,
	nurse_name: isNurse(actor) ? actor.name : null
});

async function changeWard(trx: Handle, event: TransferReceived, { actor, commandId }: WriteContext): Promise<void> {
	await tables<StayTables>(trx)
		.updateTable('inpatient_stay')
		.set({
			ward: event.to,
			in_ward_since: event.at,
			from_ward: event.fromName,
			waiting_since: event.at,
			command_id: commandId,
			changed_by: event.by,
			...taken(actor)
		})
		.where('id', '=', event.stay)
		.execute();
	await saveEnd(trx, event);
	await endCare(trx, event.patient, event.from, event.at);
	await beginCare(trx, actor.organization, event.patient, event.to, event.at);
}

export const served: Served = {
	id: 'inpatient.ward-transfer',
	migrations: wardTransferMigrations,
	seed: seedTransfers,
	handlers: [
		handle(requestTransfer, {
			load: loadRequest,
			async save(trx, events, context) {
				for (const event of events) await saveRequest(trx, event, context);
			}
		}),
		...[cancelTransfer, declineTransfer].map((command) =>
			handle(command, {
				load: loadTransfer,
				async save(trx, events) {
					for (const event of events) await saveEnd(trx, event);
				}
			})
		),
		handle(receiveTransfer, {
			load: loadReceive,
			// The old bed, then the ward, then the new bed: at every step the database can check where the patient is.
			async save(trx, events, context) {
				const received = events.find((event) => event.type === 'inpatient.ward-transfer.received');
				await saveBedEvents(
					trx,
					events.filter((event) => event.type === 'inpatient.bed-assignment.bed-released'),
					context
				);
				if (received !== undefined) await changeWard(trx, received, context);
				await saveBedEvents(
					trx,
					events.filter((event) => event.type === 'inpatient.bed-assignment.bed-assigned'),
					context
				);
			}
		})
	]
};
