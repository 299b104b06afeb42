import { z } from 'zod';

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

// Cohort nursing is only safe for one known organism by one known way; a protected patient is never safe beside another patient.
export const mayShareRoom = (a: Isolation | null, b: Isolation | null): boolean => {
	if (a === null || b === null) return a === b;
	return a.kind !== 'protective' && a.kind === b.kind && a.organism !== null && a.organism === b.organism;
};

export const isolationSchema = z.strictObject({ kind: z.enum(ISOLATION_KINDS), organism: z.string().trim().min(1).max(60).nullable() });
