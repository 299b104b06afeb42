import { ok, refuse, type BedId, type Facts, type PatientId, type Refusal, type Result, type StayId } from '../../kernel/index.ts';
import type {
	AssignFromWaiting,
	BedAssigned,
	BedEvent,
	BedReleased,
	BedState,
	BedStatusSet,
	BoardState,
	Override,
	SendToWaiting,
	SetStatus,
	PlacedStay,
	Swap,
	Transfer
} from './bed-assignment.ts';
import { occupiedBy, statusAfter, swapVerdict, targetVerdict, type Verdict } from './verdict.ts';

type Decided<E> = Result<readonly E[], Refusal>;
interface Placed {
	readonly stay: PlacedStay;
	readonly bed: BedState;
}

/** The patient meant, still here, still in the bed the sender saw them in. */
function placed(state: BoardState, patient: PatientId, stayId: StayId, from: BedId): Result<Placed, Refusal> {
	const present = inWard(state, patient, stayId);
	if (!present.ok) return present;
	const stay = present.value;
	const bed = stay.bed === null ? undefined : state.beds.get(stay.bed);
	if (!state.beds.has(from)) return refuse('not-in-this-ward', { patientName: stay.patientName, ward: state.ward?.name ?? null });
	if (bed === undefined || bed.bed !== from)
		return refuse('stale-source-bed', {
			patientName: stay.patientName,
			from: state.beds.get(from)?.number ?? null,
			bed: bed?.number ?? null,
			by: stay.by,
			at: stay.at
		});
	return ok({ stay, bed });
}

function inWard(state: BoardState, patient: PatientId, stayId: StayId): Result<PlacedStay, Refusal> {
	const stay = state.stays.get(stayId);
	if (stay === undefined || state.ward === null) return refuse('not-in-this-ward', { patientName: null, ward: state.ward?.name ?? null });
	if (stay.patient !== patient) return refuse('patient-mismatch', { patientName: stay.patientName });
	if (stay.endedAt !== null) return refuse('stay-ended', { patientName: stay.patientName, by: stay.by, at: stay.endedAt });
	return ok(stay);
}

export function settled(verdict: Verdict, override: Override | null): Refusal | null {
	if (verdict.kind === 'refused') return verdict.refusal;
	return verdict.kind === 'needs-reason' && override?.rule !== verdict.refusal.code ? verdict.refusal : null;
}

function released(state: BoardState, { stay, bed }: Placed, facts: Facts, to: 'bed' | 'waiting', reason = ''): BedReleased {
	if (state.ward === null) throw new Error('a bed is released inside a ward');
	const status = statusAfter(stay);
	return {
		type: 'inpatient.bed-assignment.bed-released',
		patient: stay.patient,
		stay: stay.stay,
		ward: state.ward.id,
		bed: bed.bed,
		bedNumber: bed.number,
		patientName: stay.patientName,
		to,
		status,
		reservedFor: status === 'disinfecting' ? stay.stay : null,
		reason,
		at: facts.now,
		by: facts.actor.name
	};
}

export function assigned(state: BoardState, stay: PlacedStay, bed: BedState, override: Override | null, facts: Facts): BedAssigned {
	if (state.ward === null) throw new Error('a bed is assigned inside a ward');
	return {
		type: 'inpatient.bed-assignment.bed-assigned',
		patient: stay.patient,
		stay: stay.stay,
		ward: state.ward.id,
		room: bed.room,
		bed: bed.bed,
		bedNumber: bed.number,
		patientName: stay.patientName,
		from: stay.bed,
		override,
		at: facts.now,
		by: facts.actor.name
	};
}

const bedIn = (state: BoardState, bed: BedId): BedState => {
	const found = state.beds.get(bed);
	if (found === undefined) throw new Error(`bed ${bed} was judged but is not in the ward`);
	return found;
};

export function decideTransfer(state: BoardState, input: Transfer, facts: Facts): Decided<BedEvent> {
	const source = placed(state, input.patient, input.stay, input.from);
	if (!source.ok) return source;
	const verdict = targetVerdict(state, input.stay, input.to);
	const refusal = settled(verdict, input.override);
	if (refusal !== null) return { ok: false, refusal };
	return ok([
		released(state, source.value, facts, 'bed'),
		assigned(state, source.value.stay, bedIn(state, input.to), verdict.kind === 'needs-reason' ? input.override : null, facts)
	]);
}

export function decideSwap(state: BoardState, input: Swap, facts: Facts): Decided<BedEvent> {
	const mine = placed(state, input.patient, input.stay, input.from);
	if (!mine.ok) return mine;
	const theirs = placed(state, input.other.patient, input.other.stay, input.other.from);
	if (!theirs.ok) return theirs;
	const verdict = swapVerdict(state, input.stay, input.other.stay);
	const refusal = settled(verdict, input.override);
	if (refusal !== null) return { ok: false, refusal };
	const override = verdict.kind === 'needs-reason' ? input.override : null;
	return ok([
		released(state, mine.value, facts, 'bed'),
		released(state, theirs.value, facts, 'bed'),
		assigned(state, mine.value.stay, theirs.value.bed, override, facts),
		assigned(state, theirs.value.stay, mine.value.bed, override, facts)
	]);
}

export function decideSendToWaiting(state: BoardState, input: SendToWaiting, facts: Facts): Decided<BedEvent> {
	const source = placed(state, input.patient, input.stay, input.from);
	return source.ok ? ok([released(state, source.value, facts, 'waiting', input.reason)]) : source;
}

export function decideAssignFromWaiting(state: BoardState, input: AssignFromWaiting, facts: Facts): Decided<BedEvent> {
	const present = inWard(state, input.patient, input.stay);
	if (!present.ok) return present;
	const stay = present.value;
	if (stay.bed !== null)
		return refuse('already-in-bed', { patientName: stay.patientName, bed: state.beds.get(stay.bed)?.number ?? null, by: stay.by, at: stay.at });
	const verdict = targetVerdict(state, input.stay, input.to);
	const refusal = settled(verdict, input.override);
	if (refusal !== null) return { ok: false, refusal };
	return ok([assigned(state, stay, bedIn(state, input.to), verdict.kind === 'needs-reason' ? input.override : null, facts)]);
}

export function decideSetStatus(state: BoardState, input: SetStatus, facts: Facts): Decided<BedStatusSet> {
	const bed = state.beds.get(input.bed);
	if (bed === undefined || state.ward === null) return refuse('bed-not-in-this-ward', { ward: state.ward?.name ?? null });
	if (bed.occupant !== null) return { ok: false, refusal: occupiedBy(state, bed) };
	const reservedFor = input.status === 'reserved' ? input.reservedFor : null;
	if (reservedFor !== null && !state.stays.has(reservedFor)) return refuse('not-in-this-ward', { patientName: null, ward: state.ward.name });
	return ok([
		{
			type: 'inpatient.bed.status-set',
			patient: null,
			ward: state.ward.id,
			bed: bed.bed,
			bedNumber: bed.number,
			status: input.status,
			note: input.note,
			reservedFor,
			at: facts.now,
			by: facts.actor.name
		}
	]);
}
