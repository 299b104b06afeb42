import { z } from 'zod';
import type { PatientId, WardId } from '../../kernel/index.ts';
import { patientIdSchema } from '../../patient/index.ts';

export const RISK_KINDS = ['fall', 'pressure', 'suicide', 'impulsive', 'absconding'] as const;
export type RiskKind = (typeof RISK_KINDS)[number];
export const RISK_GRADES = ['none', 'low', 'medium', 'high'] as const;
export type RiskGrade = (typeof RISK_GRADES)[number];

export const ISOLATION_KINDS = ['contact', 'droplet', 'airborne', 'protective'] as const;
export type IsolationKind = (typeof ISOLATION_KINDS)[number];
/** `organism` null: not known yet. Two unknowns are not the same organism. */
export interface Isolation {
	readonly kind: IsolationKind;
	readonly organism: string | null;
}

export const DIETS = ['ordinary', 'soft', 'liquid', 'diabetic', 'low-salt', 'halal', 'fasting'] as const;
export type Diet = (typeof DIETS)[number];

/** One scored assessment: Morse for falls, Braden for pressure, the ward's own scales for the psychiatric risks. */
export interface Risk {
	readonly kind: RiskKind;
	readonly grade: RiskGrade;
	readonly scale: string;
	readonly score: number | null;
	readonly at: number;
}

/** Everything about safety and care that stands on the card. */
export interface Safety {
	readonly risks: readonly Risk[];
	readonly isolation: (Isolation & { readonly since: number }) | null;
	readonly restraint: { readonly since: number; readonly reason: string; readonly by: string } | null;
	readonly diet: { readonly diet: Diet; readonly since: number } | null;
}
export const noSafety: Safety = { risks: [], isolation: null, restraint: null, diet: null };

// Cohort nursing is only safe for one known organism by one known way; a protected patient is never safe beside another patient.
export const mayShareRoom = (a: Isolation | null, b: Isolation | null): boolean => {
	if (a === null || b === null) return a === b;
	return a.kind !== 'protective' && a.kind === b.kind && a.organism !== null && a.organism === b.organism;
};

/** Morse: 45 and more is high, 25 medium. */
export const morseGrade = (score: number): RiskGrade => (score >= 45 ? 'high' : score >= 25 ? 'medium' : 'low');
/** Braden counts the other way: 12 and less is high, 14 medium, 18 low. */
export const bradenGrade = (score: number): RiskGrade => (score <= 12 ? 'high' : score <= 14 ? 'medium' : score <= 18 ? 'low' : 'none');

export const isolationSchema = z.strictObject({ kind: z.enum(ISOLATION_KINDS), organism: z.string().trim().min(1).max(60).nullable() });
const patient = patientIdSchema;

export const recordRiskSchema = z.strictObject({
	patient,
	assessment: z.discriminatedUnion('scale', [
		z.strictObject({ scale: z.literal('Morse'), score: z.int().min(0).max(125) }),
		z.strictObject({ scale: z.literal('Braden'), score: z.int().min(6).max(23) }),
		z.strictObject({
			scale: z.literal('ward'),
			kind: z.enum(['suicide', 'impulsive', 'absconding']),
			grade: z.enum(RISK_GRADES),
			score: z.int().min(0).max(100).nullable().default(null)
		})
	])
});
export interface RecordRisk extends z.output<typeof recordRiskSchema> {}
export const setIsolationSchema = z.strictObject({ patient, isolation: isolationSchema.nullable() });
export interface SetIsolation extends z.output<typeof setIsolationSchema> {}
export const restrainSchema = z.strictObject({ patient, reason: z.string().trim().min(4).max(200) });
export interface Restrain extends z.output<typeof restrainSchema> {}
export const releaseRestraintSchema = z.strictObject({ patient, note: z.string().trim().max(200).default('') });
export interface ReleaseRestraint extends z.output<typeof releaseRestraintSchema> {}
export const setDietSchema = z.strictObject({ patient, diet: z.enum(DIETS) });
export interface SetDiet extends z.output<typeof setDietSchema> {}

interface Concerning {
	readonly patient: PatientId;
	readonly wards: readonly WardId[];
}
export interface RiskRecorded extends Concerning {
	readonly type: 'nursing.risk.recorded';
	readonly kind: RiskKind;
	readonly grade: RiskGrade;
	readonly scale: string;
	readonly score: number | null;
}
export interface IsolationSet extends Concerning {
	readonly type: 'nursing.risk.isolation-set';
	readonly isolation: Isolation | null;
}
export interface RestraintBegun extends Concerning {
	readonly type: 'nursing.risk.restraint-begun';
	readonly reason: string;
}
export interface RestraintReleased extends Concerning {
	readonly type: 'nursing.risk.restraint-released';
	readonly note: string;
}
export interface DietSet extends Concerning {
	readonly type: 'nursing.risk.diet-set';
	readonly diet: Diet;
}
export type SafetyEvent = RiskRecorded | IsolationSet | RestraintBegun | RestraintReleased | DietSet;
