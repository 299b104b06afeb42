import { command } from '../../kernel/index.ts';
import { decideCorrect, decideLink, decideRegister, decideUnlink, type CorrectState, type LinkState, type RegisterState } from './decide.ts';
import { mayLinkPatients, mayRecordFor, mayRegisterPatients } from './policy.ts';
import { correctSchema, linkSchema, registerSchema, unlinkSchema } from './registry.ts';
import type { Correct, Link, PatientCorrected, PatientRegistered, PatientsLinked, PatientsUnlinked, Register, Unlink } from './registry.ts';

export const register = command<Register, RegisterState, PatientRegistered>()({
	name: 'patient.registry.register',
	schema: registerSchema,
	patient: () => null,
	patientOf: () => null,
	policy: (actor) => mayRegisterPatients(actor),
	decide: decideRegister
});
export const correct = command<Correct, CorrectState, PatientCorrected>()({
	name: 'patient.registry.correct',
	schema: correctSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.patient?.id ?? null,
	policy: (actor, _, state) => mayRecordFor(actor, state.care),
	decide: decideCorrect
});
export const link = command<Link, LinkState, PatientsLinked>()({
	name: 'patient.registry.link',
	schema: linkSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.patient.patient?.id ?? null,
	policy: (actor, _, state) => mayLinkPatients(actor, state.patient.care, state.survivor.care),
	decide: decideLink
});
export const unlink = command<Unlink, LinkState, PatientsUnlinked>()({
	name: 'patient.registry.unlink',
	schema: unlinkSchema,
	patient: (input) => input.patient,
	patientOf: (state) => state.patient.patient?.id ?? null,
	policy: (actor, _, state) => mayLinkPatients(actor, state.patient.care),
	decide: decideUnlink
});
