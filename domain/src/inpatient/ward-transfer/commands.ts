import { command } from '../../kernel/index.ts';
import { decideCancel, decideDecline, decideReceive, decideRequest } from './decide.ts';
import { mayAnswerTransfer, mayCancelTransfer, mayRequestTransfer } from './policy.ts';
import { endTransferSchema, receiveTransferSchema, requestTransferSchema } from './ward-transfer.ts';
import type {
	EndTransfer,
	ReceiveEvent,
	ReceiveState,
	ReceiveTransfer,
	RequestState,
	RequestTransfer,
	TransferEnded,
	TransferRequested,
	TransferState
} from './ward-transfer.ts';

export const requestTransfer = command<RequestTransfer, RequestState, TransferRequested>()({
	name: 'inpatient.ward-transfer.request',
	schema: requestTransferSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.stay?.patient ?? null,
	policy: (actor, _, state) => mayRequestTransfer(actor, state),
	decide: decideRequest
});
export const cancelTransfer = command<EndTransfer, TransferState, TransferEnded>()({
	name: 'inpatient.ward-transfer.cancel',
	schema: endTransferSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.transfer?.patient ?? null,
	policy: (actor, _, state) => mayCancelTransfer(actor, state),
	decide: decideCancel
});
export const declineTransfer = command<EndTransfer, TransferState, TransferEnded>()({
	name: 'inpatient.ward-transfer.decline',
	schema: endTransferSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.transfer?.patient ?? null,
	policy: (actor, _, state) => mayAnswerTransfer(actor, state),
	decide: decideDecline
});
/** One command: the patient changes ward, the old bed is left and the new one taken, or nothing happens. */
export const receiveTransfer = command<ReceiveTransfer, ReceiveState, ReceiveEvent>()({
	name: 'inpatient.ward-transfer.receive',
	schema: receiveTransferSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.transfer?.patient ?? null,
	policy: (actor, _, state) => mayAnswerTransfer(actor, state),
	decide: decideReceive
});
