import { z } from 'zod';
import { isId, type Id, type PatientId, type WardId } from '../../kernel/index.ts';
import { patientIdSchema } from '../../patient/index.ts';

export type MedicationId = Id<'medication'>;
export interface Medication {
	readonly id: MedicationId;
	readonly patient: PatientId;
	readonly drug: string;
	readonly code: string | null;
	/** as written: `0.25 g` */
	readonly dose: string;
	readonly route: string;
	readonly frequency: string;
	readonly status: 'active' | 'stopped';
	readonly startedAt: number;
	readonly endedAt: number | null;
	readonly recordedBy: string;
	readonly source: string;
}

const word = z.string().trim().max(40);
/** A statement that a drug is taken, not an order: orders have their own module with their own checks. */
export const recordMedicationSchema = z.strictObject({
	patient: patientIdSchema,
	drug: z.string().trim().min(1).max(80),
	code: word.nullable().default(null),
	dose: word.min(1),
	route: word.min(1),
	frequency: word.min(1),
	startedAt: z.int().nullable().default(null)
});
export interface RecordMedication extends z.output<typeof recordMedicationSchema> {}
export const stopMedicationSchema = z.strictObject({
	patient: patientIdSchema,
	medication: z.custom<MedicationId>(isId, 'medication id'),
	reason: z.string().trim().min(2).max(200)
});
export interface StopMedication extends z.output<typeof stopMedicationSchema> {}

export interface MedicationRecorded {
	readonly type: 'clinical-record.medication.recorded';
	readonly patient: PatientId;
	readonly wards: readonly WardId[];
	readonly medication: MedicationId;
	readonly drug: string;
	readonly code: string | null;
	readonly dose: string;
	readonly route: string;
	readonly frequency: string;
	readonly startedAt: number;
}
export interface MedicationStopped {
	readonly type: 'clinical-record.medication.stopped';
	readonly patient: PatientId;
	readonly wards: readonly WardId[];
	readonly medication: MedicationId;
	readonly reason: string;
}
