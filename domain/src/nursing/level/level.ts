import { z } from 'zod';

/** 分级护理 (WS/T 431): how closely a patient is watched. */
export const NURSING_LEVELS = ['special', 'first', 'second', 'third'] as const;
export type NursingLevel = (typeof NURSING_LEVELS)[number];
export const nursingLevelSchema = z.enum(NURSING_LEVELS);
