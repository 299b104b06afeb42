import { z } from 'zod';
import { isId, type PatientId, type WardId } from '../../kernel/index.ts';

export const SEXES = ['male', 'female', 'unknown'] as const;
export type Sex = (typeof SEXES)[number];

export interface Patient {
	readonly id: PatientId;
	/** medical record number, the second identifier on every banner */
	readonly mrn: string;
	readonly name: string;
	/** initials of the pinyin, lower case: 沈若溪 is `srx` */
	readonly initials: string;
	/** full pinyin without tones, lower case, blank between syllables: two names that sound alike have the same */
	readonly pinyin: string;
	readonly sex: Sex;
	/** `YYYY-MM-DD` or null when nobody knows */
	readonly birthDate: string | null;
}

/** Announced after every event about this patient, whatever module it comes from: pages about the patient load again. */
export const patientTopic = (patient: PatientId): string => `patient:${patient}`;

export const patientIdSchema = z.custom<PatientId>(isId, 'patient id');
export const sexSchema = z.enum(SEXES);
export const birthDateSchema = z.iso.date();

const nameSchema = z.string().trim().min(1).max(60);
const mrnSchema = z
	.string()
	.trim()
	.regex(/^[0-9A-Za-z-]{3,24}$/u);
export const registerSchema = z.strictObject({ mrn: mrnSchema, name: nameSchema, sex: sexSchema, birthDate: birthDateSchema.nullable() });
export interface Register extends z.output<typeof registerSchema> {}
export const correctSchema = z.strictObject({
	patient: patientIdSchema,
	name: nameSchema,
	sex: sexSchema,
	birthDate: birthDateSchema.nullable(),
	reason: z.string().trim().min(2).max(200)
});
export interface Correct extends z.output<typeof correctSchema> {}
/** The record of `patient` turned out to be the same person as `survivor`. Ids are never rewritten: the link can be taken back. */
export const linkSchema = z.strictObject({ patient: patientIdSchema, survivor: patientIdSchema, reason: z.string().trim().min(4).max(200) });
export interface Link extends z.output<typeof linkSchema> {}
export const unlinkSchema = z.strictObject({ patient: patientIdSchema, reason: z.string().trim().min(4).max(200) });
export interface Unlink extends z.output<typeof unlinkSchema> {}

export interface PatientRegistered {
	readonly type: 'patient.registry.registered';
	readonly patient: PatientId;
	readonly mrn: string;
	readonly name: string;
	readonly sex: Sex;
	readonly birthDate: string | null;
}
export interface PatientCorrected {
	readonly type: 'patient.registry.corrected';
	readonly patient: PatientId;
	readonly wards: readonly WardId[];
	readonly name: string;
	readonly sex: Sex;
	readonly birthDate: string | null;
	readonly reason: string;
}
export interface PatientsLinked {
	readonly type: 'patient.registry.linked';
	readonly patient: PatientId;
	readonly survivor: PatientId;
	readonly reason: string;
}
export interface PatientsUnlinked {
	readonly type: 'patient.registry.unlinked';
	readonly patient: PatientId;
	readonly survivor: PatientId;
	readonly reason: string;
}
