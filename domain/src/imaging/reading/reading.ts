import { z } from 'zod';
import { command, ID, type Event, type Id, type PatientId } from '../../kernel/index.ts';
import { patientIdSchema, studyIdSchema, type ReadingId, type ReportId, type StudyId } from '../study/study.ts';
import type { DicomJson } from '../study/dicom/json.ts';
import { mayReport } from '../study/policy.ts';
import { decideAccept, decideWithdraw } from './decide.ts';
import type { Point3 } from './geometry.ts';

/**
 * Several people look at one study together. What they draw is unfinished until somebody accepts it; an accepted measurement is a fact:
 * recomputed here from the image's own header, never taken from the browser.
 */
export type MeasurementId = Id<'imaging-measurement'>;

export interface AcceptedMeasurement {
	readonly measurement: MeasurementId;
	readonly kind: 'length';
	readonly sopUid: string;
	/** 1-based */
	readonly frame: number;
	/** `[column, row, 0]` in pixels */
	readonly points: readonly (readonly [number, number, number])[];
	/** rounded to 0.1 mm, the form that is shown, referenced and signed */
	readonly value: number;
	/** UCUM */
	readonly unit: 'mm';
	readonly label: string;
	readonly calibration: 'pixel-spacing' | 'calibrated-projection' | 'ultrasound-region';
	readonly by: string;
	readonly byName: string;
	readonly at: number;
	readonly withdrawn: boolean;
}

export interface MeasurementAccepted extends Event {
	readonly type: 'imaging.reading.measurement-accepted';
	readonly patient: PatientId;
	readonly study: StudyId;
	readonly reading: ReadingId;
	readonly report: ReportId;
	readonly measurement: AcceptedMeasurement;
}
export interface MeasurementWithdrawn extends Event {
	readonly type: 'imaging.reading.measurement-withdrawn';
	readonly patient: PatientId;
	readonly study: StudyId;
	readonly reading: ReadingId;
	readonly report: ReportId;
	readonly measurement: MeasurementId;
	readonly reason: string;
}
export type ReadingEvent = MeasurementAccepted | MeasurementWithdrawn;

/** What the commands know: the study, the image named in the input if it belongs to that study, and the measurement of that id if there is one. */
export interface ReadingState {
	readonly study: StudyId;
	readonly reading: ReadingId;
	readonly report: ReportId;
	readonly patient: PatientId | null;
	readonly reportStatus: 'draft' | 'preliminary' | 'reviewed';
	readonly image: { readonly frames: number; readonly header: DicomJson } | null;
	readonly existing: AcceptedMeasurement | null;
	/** another study or person holds a measurement of this id */
	readonly taken: boolean;
	/** the report version that quotes this measurement, if one is signed */
	readonly signedIn: number | null;
}

const point = z.tuple([z.number().finite(), z.number().finite(), z.number().finite()]);
const measurementId = z
	.string()
	.regex(ID)
	.transform((value) => value as MeasurementId);

export interface AcceptMeasurement {
	/** the id of the annotation in the reading; accepting it twice changes nothing */
	readonly measurement: MeasurementId;
	readonly study: StudyId;
	readonly patient: PatientId;
	readonly image: { readonly sopUid: string; readonly frame: number };
	readonly space: 'world' | 'image';
	readonly points: readonly [Point3, Point3];
	readonly label: string;
}
export interface WithdrawMeasurement {
	readonly measurement: MeasurementId;
	readonly study: StudyId;
	readonly patient: PatientId;
	readonly reason: string;
}

export const acceptMeasurement = command<AcceptMeasurement, ReadingState | null, ReadingEvent>()({
	name: 'imaging.reading.accept-measurement',
	schema: z.strictObject({
		measurement: measurementId,
		study: studyIdSchema,
		patient: patientIdSchema,
		image: z.strictObject({ sopUid: z.string().max(64), frame: z.int().min(1) }),
		space: z.enum(['world', 'image']),
		points: z.tuple([point, point]),
		label: z.string().trim().max(80)
	}),
	patient: (input) => input.patient,
	patientOf: (state, input) => state?.patient ?? input.patient,
	policy: (actor) => mayReport(actor),
	decide: decideAccept
});

export const withdrawMeasurement = command<WithdrawMeasurement, ReadingState | null, ReadingEvent>()({
	name: 'imaging.reading.withdraw-measurement',
	schema: z.strictObject({ measurement: measurementId, study: studyIdSchema, patient: patientIdSchema, reason: z.string().trim().min(2).max(300) }),
	patient: (input) => input.patient,
	patientOf: (state, input) => state?.patient ?? input.patient,
	policy: (actor) => mayReport(actor),
	decide: decideWithdraw
});
