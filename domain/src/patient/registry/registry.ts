import { z } from 'zod';
import { isId, type PatientId } from '../../kernel/index.ts';

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

export const patientIdSchema = z.custom<PatientId>(isId, 'patient id');
export const sexSchema = z.enum(SEXES);
export const birthDateSchema = z.iso.date();
