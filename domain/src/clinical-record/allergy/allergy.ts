import { z } from 'zod';
import { isId, type Id, type PatientId, type WardId } from '../../kernel/index.ts';
import { patientIdSchema } from '../../patient/index.ts';

export type AllergyId = Id<'allergy'>;
/** Three different statements: nobody asked yet, asked and none, asked and these. An empty list is none of them. */
export type AllergyStatus = 'unknown' | 'none-known' | 'listed';
export const ALLERGY_SEVERITIES = ['mild', 'moderate', 'severe'] as const;
export interface AllergyItem {
	readonly id: AllergyId;
	readonly substance: string;
	readonly reaction: string | null;
	readonly severity: (typeof ALLERGY_SEVERITIES)[number] | null;
	readonly recordedAt: number;
	readonly recordedBy: string;
}
export interface AllergySummary {
	readonly status: AllergyStatus;
	readonly items: readonly AllergyItem[];
	/** when this was last asked or confirmed; null while unknown */
	readonly at: number | null;
}
export const unknownAllergies: AllergySummary = { status: 'unknown', items: [], at: null };

// Of linked records every allergy counts, and "none known" stands only where no record knows one.
export function allergiesTogether(summaries: readonly AllergySummary[]): AllergySummary {
	const listed = summaries.filter((summary) => summary.status === 'listed');
	if (listed.length === 0) return summaries.find((summary) => summary.status === 'none-known') ?? unknownAllergies;
	return { status: 'listed', items: listed.flatMap((summary) => summary.items), at: Math.max(...listed.map((summary) => summary.at ?? 0)) };
}

export const recordAllergySchema = z.strictObject({
	patient: patientIdSchema,
	statement: z.discriminatedUnion('status', [
		z.strictObject({ status: z.literal('none-known') }),
		z.strictObject({
			status: z.literal('listed'),
			substance: z.string().trim().min(1).max(60),
			reaction: z.string().trim().max(120).nullable().default(null),
			severity: z.enum(ALLERGY_SEVERITIES).nullable().default(null)
		})
	])
});
export interface RecordAllergy extends z.output<typeof recordAllergySchema> {}
export const refuteAllergySchema = z.strictObject({
	patient: patientIdSchema,
	allergy: z.custom<AllergyId>(isId, 'allergy id'),
	reason: z.string().trim().min(2).max(200)
});
export interface RefuteAllergy extends z.output<typeof refuteAllergySchema> {}

export interface NoAllergiesStated {
	readonly type: 'clinical-record.allergy.none-stated';
	readonly patient: PatientId;
	readonly wards: readonly WardId[];
}
export interface AllergyRecorded {
	readonly type: 'clinical-record.allergy.recorded';
	readonly patient: PatientId;
	readonly wards: readonly WardId[];
	readonly allergy: AllergyId;
	readonly substance: string;
	readonly reaction: string | null;
	readonly severity: AllergyItem['severity'];
}
export interface AllergyRefuted {
	readonly type: 'clinical-record.allergy.refuted';
	readonly patient: PatientId;
	readonly wards: readonly WardId[];
	readonly allergy: AllergyId;
	readonly reason: string;
}
