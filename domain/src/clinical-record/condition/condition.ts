import { z } from 'zod';
import { isId, type Id, type PatientId, type WardId } from '../../kernel/index.ts';
import { birthDateSchema, patientIdSchema } from '../../patient/index.ts';

export type ConditionId = Id<'condition'>;
/** `principal`: the one diagnosis the stay is about; `other` comes with it. */
export const CONDITION_RANKS = ['principal', 'other'] as const;
export type ConditionRank = (typeof CONDITION_RANKS)[number];

export interface Condition {
	readonly id: ConditionId;
	readonly patient: PatientId;
	/** ICD-10 or whatever `system` names */
	readonly code: string;
	readonly system: string;
	readonly display: string;
	/** the few words that fit a bed card */
	readonly short: string;
	readonly rank: ConditionRank;
	readonly status: 'active' | 'resolved' | 'entered-in-error';
	readonly onset: string | null;
	readonly resolvedAt: number | null;
	readonly recordedAt: number;
	readonly recordedBy: string;
	/** `chart` or the name of the import */
	readonly source: string;
}

const codeSchema = z.string().trim().min(1).max(40);
export const recordConditionSchema = z.strictObject({
	patient: patientIdSchema,
	code: codeSchema,
	system: z.string().trim().min(1).max(80).default('ICD-10'),
	display: z.string().trim().min(1).max(120),
	short: z.string().trim().max(24).default(''),
	rank: z.enum(CONDITION_RANKS).default('other'),
	onset: birthDateSchema.nullable().default(null)
});
export interface RecordCondition extends z.output<typeof recordConditionSchema> {}
export const resolveConditionSchema = z.strictObject({
	patient: patientIdSchema,
	condition: z.custom<ConditionId>(isId, 'condition id'),
	as: z.enum(['resolved', 'entered-in-error']),
	reason: z.string().trim().min(2).max(200)
});
export interface ResolveCondition extends z.output<typeof resolveConditionSchema> {}

export interface ConditionRecorded {
	readonly type: 'clinical-record.condition.recorded';
	readonly patient: PatientId;
	readonly wards: readonly WardId[];
	readonly condition: ConditionId;
	readonly code: string;
	readonly system: string;
	readonly display: string;
	readonly short: string;
	readonly rank: ConditionRank;
	readonly onset: string | null;
}
export interface ConditionResolved {
	readonly type: 'clinical-record.condition.resolved';
	readonly patient: PatientId;
	readonly wards: readonly WardId[];
	readonly condition: ConditionId;
	readonly as: 'resolved' | 'entered-in-error';
	readonly reason: string;
}

/** Pregnancy by its codes (ICD-10 Z33-Z35, O00-O99 without the time after birth): the early warning score does not hold for her. */
export const isPregnancy = (condition: Pick<Condition, 'code' | 'status'>): boolean =>
	condition.status === 'active' && /^(Z3[345]|O(?!8[5-9]|9[0-2]))/u.test(condition.code);
