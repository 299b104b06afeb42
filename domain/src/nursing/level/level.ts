import { z } from 'zod';
import type { PatientId, WardId } from '../../kernel/index.ts';
import { patientIdSchema } from '../../patient/index.ts';

/** 分级护理 (WS/T 431): how closely a patient is watched. */
export const NURSING_LEVELS = ['special', 'first', 'second', 'third'] as const;
export type NursingLevel = (typeof NURSING_LEVELS)[number];
export interface LevelNow {
	readonly level: NursingLevel;
	readonly since: number;
	readonly by: string;
}

export const setLevelSchema = z.strictObject({ patient: patientIdSchema, level: z.enum(NURSING_LEVELS) });
export interface SetLevel extends z.output<typeof setLevelSchema> {}
export interface LevelSet {
	readonly type: 'nursing.level.set';
	readonly patient: PatientId;
	readonly wards: readonly WardId[];
	readonly level: NursingLevel;
	readonly previous: NursingLevel | null;
}
