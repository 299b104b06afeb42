import { command } from '../../kernel/index.ts';
import { assignFromWaitingSchema, sendToWaitingSchema, setStatusSchema, swapSchema, transferSchema } from './bed-assignment.ts';
import type { AssignFromWaiting, BedEvent, BedStatusSet, BoardState, SendToWaiting, SetStatus, Swap, Transfer } from './bed-assignment.ts';
import { decideAssignFromWaiting, decideSendToWaiting, decideSetStatus, decideSwap, decideTransfer } from './decide.ts';
import { mayKeepBed, mayMove } from './policy.ts';

export const transfer = command<Transfer, BoardState, BedEvent>()({
	name: 'inpatient.bed-assignment.transfer',
	schema: transferSchema,
	patient: (input) => input.patient,
	patientOf: (state, input) => state.stays.get(input.stay)?.patient ?? null,
	policy: (actor, _, state) => mayMove(actor, state),
	decide: decideTransfer
});
/** One command with four events: half a swap cannot exist. */
export const swap = command<Swap, BoardState, BedEvent>()({
	name: 'inpatient.bed-assignment.swap',
	schema: swapSchema,
	patient: (input) => input.patient,
	patientOf: (state, input) => state.stays.get(input.stay)?.patient ?? null,
	policy: (actor, _, state) => mayMove(actor, state),
	decide: decideSwap
});
export const sendToWaiting = command<SendToWaiting, BoardState, BedEvent>()({
	name: 'inpatient.bed-assignment.send-to-waiting',
	schema: sendToWaitingSchema,
	patient: (input) => input.patient,
	patientOf: (state, input) => state.stays.get(input.stay)?.patient ?? null,
	policy: (actor, _, state) => mayMove(actor, state),
	decide: decideSendToWaiting
});
export const assignFromWaiting = command<AssignFromWaiting, BoardState, BedEvent>()({
	name: 'inpatient.bed-assignment.assign-from-waiting',
	schema: assignFromWaitingSchema,
	patient: (input) => input.patient,
	patientOf: (state, input) => state.stays.get(input.stay)?.patient ?? null,
	policy: (actor, _, state) => mayMove(actor, state),
	decide: decideAssignFromWaiting
});
export const setBedStatus = command<SetStatus, BoardState, BedStatusSet>()({
	name: 'inpatient.bed.set-status',
	schema: setStatusSchema,
	patient: () => null,
	patientOf: () => null,
	policy: (actor, _, state) => mayKeepBed(actor, state),
	decide: decideSetStatus
});
