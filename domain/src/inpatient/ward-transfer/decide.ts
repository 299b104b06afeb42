import { ok, refuse, type Facts, type Refusal, type Result } from '../../kernel/index.ts';
import type { Patient } from '../../patient/index.ts';
import { assigned, settled } from '../bed-assignment/decide.ts';
import type { BedEvent, BoardState } from '../bed-assignment/bed-assignment.ts';
import { statusLeft, targetVerdict } from '../bed-assignment/verdict.ts';
import {
	MRN_END,
	type EndTransfer,
	type Identified,
	type ReceiveEvent,
	type ReceiveState,
	type ReceiveTransfer,
	type RequestState,
	type RequestTransfer,
	type TransferEnded,
	type TransferId,
	type TransferRequested,
	type TransferState,
	type WardTransfer
} from './ward-transfer.ts';

type Decided<E> = Result<readonly E[], Refusal>;

export function decideRequest(state: RequestState, input: RequestTransfer, facts: Facts): Decided<TransferRequested> {
	const { stay, patient, to } = state;
	if (stay === null || patient === null || state.from === null) return refuse('not-in-this-ward', { patientName: null, ward: state.from });
	const patientName = patient.name;
	if (stay.phase.phase === 'ended') return refuse('stay-ended', { patientName, by: stay.phase.by, at: stay.phase.at });
	if (to === null) return refuse('ward-unknown', {});
	if (to.id === stay.ward) return refuse('same-ward', { patientName, ward: to.name });
	if (state.open !== null) return refuse('transfer-open', { patientName, ward: state.open.to.name, by: state.open.askedBy, at: state.open.askedAt });
	// Somebody who may go home is not sent to another ward by a slip of the finger.
	if (stay.phase.phase === 'leaving') return refuse('discharge-noticed', { patientName, by: stay.phase.noticeBy, at: stay.phase.noticeAt });
	if (patient.sex !== 'unknown' && to.sexRule !== 'mixed' && to.sexRule !== patient.sex)
		return refuse('ward-sex', { ward: to.name, rule: to.sexRule, patientName, sex: patient.sex });
	return ok([
		{
			type: 'inpatient.ward-transfer.requested',
			patient: patient.id,
			stay: stay.id,
			transfer: facts.newId() as TransferId,
			patientName,
			wards: [stay.ward, to.id],
			from: stay.ward,
			fromName: state.from,
			to: to.id,
			toName: to.name,
			reason: input.reason,
			at: facts.now,
			by: facts.actor.name
		}
	]);
}

/** The transfer if it still waits for an answer; otherwise who ended it, when and how. */
function open(state: TransferState): Result<{ readonly transfer: WardTransfer; readonly patient: Patient }, Refusal> {
	const { transfer, patient } = state;
	if (transfer === null || patient === null) return refuse('transfer-unknown', {});
	if (transfer.end === null) return ok({ transfer, patient });
	const { how, by, at } = transfer.end;
	return refuse('transfer-ended', { patientName: patient.name, how, by, at, ward: how === 'cancelled' ? transfer.from.name : transfer.to.name });
}
const concerning = ({ transfer, patient }: { readonly transfer: WardTransfer; readonly patient: Patient }, reason: string, facts: Facts) => ({
	patient: patient.id,
	stay: transfer.stay,
	transfer: transfer.id,
	patientName: patient.name,
	wards: [transfer.from.id, transfer.to.id],
	from: transfer.from.id,
	fromName: transfer.from.name,
	to: transfer.to.id,
	toName: transfer.to.name,
	reason,
	at: facts.now,
	by: facts.actor.name
});

const ended =
	(type: TransferEnded['type']) =>
	(state: TransferState, input: EndTransfer, facts: Facts): Decided<TransferEnded> => {
		const known = open(state);
		return known.ok ? ok([{ type, ...concerning(known.value, input.reason, facts) }]) : known;
	};
export const decideCancel = ended('inpatient.ward-transfer.cancelled');
export const decideDecline = ended('inpatient.ward-transfer.declined');

/** Two identifiers off the wristband: the same name, and the record number or the end of it. */
export const isSamePerson = (patient: Pick<Patient, 'name' | 'mrn'>, { name, mrn }: Identified): boolean =>
	patient.name === name && mrn.length >= MRN_END && patient.mrn.toLowerCase().endsWith(mrn.toLowerCase());

export function decideReceive(state: ReceiveState, input: ReceiveTransfer, facts: Facts): Decided<ReceiveEvent> {
	const known = open(state);
	if (!known.ok) return known;
	const { transfer, patient } = known.value;
	if (!isSamePerson(patient, input.identified)) return refuse('wristband-differs', { patientName: patient.name, ward: transfer.from.name });
	if (patient.sex !== 'unknown' && transfer.to.sexRule !== 'mixed' && transfer.to.sexRule !== patient.sex)
		return refuse('ward-sex', { ward: transfer.to.name, rule: transfer.to.sexRule, patientName: patient.name, sex: patient.sex });
	const into = input.bed === null ? ok(null) : bedFor(state.board, { ...input, bed: input.bed }, facts);
	if (!into.ok) return into;
	return ok([
		...leftBehind(state, known.value, facts),
		...(into.value === null ? [] : [into.value]),
		{
			type: 'inpatient.ward-transfer.received',
			...concerning(known.value, transfer.reason, facts),
			bed: into.value?.type === 'inpatient.bed-assignment.bed-assigned' ? into.value.bed : null,
			bedNumber: into.value?.bedNumber ?? null
		}
	]);
}

function bedFor(board: BoardState, input: ReceiveTransfer & { readonly bed: NonNullable<ReceiveTransfer['bed']> }, facts: Facts): Result<BedEvent, Refusal> {
	const verdict = targetVerdict(board, input.stay, input.bed);
	const refusal = settled(verdict, input.override);
	if (refusal !== null) return { ok: false, refusal };
	const stay = board.stays.get(input.stay);
	const bed = board.beds.get(input.bed);
	if (stay === undefined || bed === undefined) throw new Error('a bed was judged for somebody who is not in the ward');
	return ok(assigned(board, stay, bed, verdict.kind === 'needs-reason' ? input.override : null, facts));
}

// The bed in the other ward is free only now: until the patient was received it was theirs.
function leftBehind(state: ReceiveState, { transfer, patient }: { readonly transfer: WardTransfer; readonly patient: Patient }, facts: Facts): BedEvent[] {
	if (state.lying === null) return [];
	return [
		{
			type: 'inpatient.bed-assignment.bed-released',
			patient: patient.id,
			stay: transfer.stay,
			ward: transfer.from.id,
			bed: state.lying.bed,
			bedNumber: state.lying.number,
			patientName: patient.name,
			to: 'left',
			status: statusLeft({ isolation: state.board.stays.get(transfer.stay)?.isolation ?? null }),
			reservedFor: null,
			reason: transfer.reason,
			at: facts.now,
			by: facts.actor.name
		}
	];
}
