import { localDate, ok, refuse, type Facts, type PatientId, type Refusal, type Result } from '../../kernel/index.ts';
import type { WardSexRule } from '../../organization/index.ts';
import type { Care } from './policy.ts';
import type { Correct, Link, Patient, PatientCorrected, PatientRegistered, PatientsLinked, PatientsUnlinked, Register, Unlink } from './registry.ts';

/** A patient as the door of every write about them sees them. */
export interface PatientInCare {
	readonly patient: Patient | null;
	readonly care: Care;
}
export interface RegisterState {
	readonly holder: { readonly name: string } | null;
}
export interface LinkState {
	readonly patient: PatientInCare;
	readonly survivor: PatientInCare;
	/** the record `patient` is linked to now */
	readonly linkedTo: PatientId | null;
	/** the record `survivor` is itself linked to: a chain would hide where the chart is */
	readonly survivorLinkedTo: PatientId | null;
}
/** With the rules of the wards that care for the patient now. */
export interface CorrectState extends PatientInCare {
	readonly wardRules: readonly { readonly name: string; readonly sexRule: WardSexRule }[];
}
type Decided<E> = Result<readonly E[], Refusal>;

export function decideRegister(state: RegisterState, input: Register, facts: Facts): Decided<PatientRegistered> {
	if (state.holder !== null) return refuse('mrn-taken', { mrn: input.mrn, patientName: state.holder.name });
	if (input.birthDate !== null && input.birthDate > localDate(facts.now)) return refuse('born-in-future', { birthDate: input.birthDate });
	return ok([
		{ type: 'patient.registry.registered', patient: facts.newId() as PatientId, mrn: input.mrn, name: input.name, sex: input.sex, birthDate: input.birthDate }
	]);
}

export function decideCorrect(state: CorrectState, input: Correct, facts: Facts): Decided<PatientCorrected> {
	if (input.birthDate !== null && input.birthDate > localDate(facts.now)) return refuse('born-in-future', { birthDate: input.birthDate });
	const ward = state.wardRules.find((rule) => rule.sexRule !== 'mixed' && input.sex !== 'unknown' && rule.sexRule !== input.sex);
	if (ward !== undefined)
		return refuse('sex-contradicts-ward', { ward: ward.name, rule: ward.sexRule, sex: input.sex, patientName: state.patient?.name ?? null });
	return ok([
		{
			type: 'patient.registry.corrected',
			patient: input.patient,
			wards: state.care.wards,
			name: input.name,
			sex: input.sex,
			birthDate: input.birthDate,
			reason: input.reason
		}
	]);
}

export function decideLink(state: LinkState, input: Link): Decided<PatientsLinked> {
	if (input.patient === input.survivor || state.survivor.patient === null) return refuse('link-needs-two', {});
	if (state.linkedTo !== null) return refuse('already-linked', { patientName: state.patient.patient?.name ?? null });
	if (state.survivorLinkedTo !== null) return refuse('survivor-is-linked', { patientName: state.survivor.patient.name });
	return ok([{ type: 'patient.registry.linked', patient: input.patient, survivor: input.survivor, reason: input.reason }]);
}

export function decideUnlink(state: LinkState, input: Unlink): Decided<PatientsUnlinked> {
	if (state.linkedTo === null) return refuse('not-linked', { patientName: state.patient.patient?.name ?? null });
	return ok([{ type: 'patient.registry.unlinked', patient: input.patient, survivor: state.linkedTo, reason: input.reason }]);
}
