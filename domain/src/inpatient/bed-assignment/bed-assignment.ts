import { z } from 'zod';
import type { BedId, PatientId, StayId, WardId } from '../../kernel/index.ts';
import type { Isolation } from '../../nursing/index.ts';
import { bedIdSchema, BED_STATUSES, type BedStatus, type RoomId, type RoomSexRule, type WardSexRule } from '../../organization/index.ts';
import { patientIdSchema, type Sex } from '../../patient/index.ts';
import { stayIdSchema } from '../stay/stay.ts';

/** What a decision about beds needs to know of one ward. The server fills it from tables, the browser from the board: `boardStateOf`. */
export interface BoardState {
	/** null: no such ward, stay or bed, or none the actor may know of */
	readonly ward: { readonly id: WardId; readonly name: string; readonly sexRule: WardSexRule } | null;
	readonly rooms: ReadonlyMap<RoomId, { readonly id: RoomId; readonly name: string; readonly sexRule: RoomSexRule }>;
	readonly beds: ReadonlyMap<BedId, BedState>;
	readonly stays: ReadonlyMap<StayId, PlacedStay>;
}
export interface BedState {
	readonly bed: BedId;
	readonly room: RoomId;
	readonly number: string;
	/** 加床 */
	readonly extra: boolean;
	readonly status: BedStatus;
	readonly reservedFor: StayId | null;
	readonly occupant: StayId | null;
	/** the last change of this bed */
	readonly by: string | null;
	readonly at: number | null;
}
export interface PlacedStay {
	readonly stay: StayId;
	readonly patient: PatientId;
	readonly patientName: string;
	readonly sex: Sex;
	readonly isolation: Isolation | null;
	/** null: waiting for a bed */
	readonly bed: BedId | null;
	/** not null: has left the hospital */
	readonly endedAt: number | null;
	readonly by: string | null;
	readonly at: number | null;
}

const reasonSchema = z.string().trim().min(4).max(200);
/** A rule is set aside by name, never by "force". */
export const overrideSchema = z.strictObject({ rule: z.literal('sex-unknown'), reason: reasonSchema });
export interface Override extends z.output<typeof overrideSchema> {}
const override = overrideSchema.nullable().default(null);

export const transferSchema = z.strictObject({ patient: patientIdSchema, stay: stayIdSchema, from: bedIdSchema, to: bedIdSchema, override });
export interface Transfer extends z.output<typeof transferSchema> {}

export const swapSchema = z.strictObject({
	patient: patientIdSchema,
	stay: stayIdSchema,
	from: bedIdSchema,
	other: z.strictObject({ patient: patientIdSchema, stay: stayIdSchema, from: bedIdSchema }),
	override
});
export interface Swap extends z.output<typeof swapSchema> {}

export const sendToWaitingSchema = z.strictObject({
	patient: patientIdSchema,
	stay: stayIdSchema,
	from: bedIdSchema,
	reason: z.string().trim().max(200).default('')
});
export interface SendToWaiting extends z.output<typeof sendToWaitingSchema> {}

export const assignFromWaitingSchema = z.strictObject({ patient: patientIdSchema, stay: stayIdSchema, to: bedIdSchema, override });
export interface AssignFromWaiting extends z.output<typeof assignFromWaitingSchema> {}

export const setStatusSchema = z.strictObject({
	bed: bedIdSchema,
	status: z.enum(BED_STATUSES),
	note: z.string().trim().max(120).default(''),
	reservedFor: stayIdSchema.nullable().default(null)
});
export interface SetStatus extends z.output<typeof setStatusSchema> {}

interface Move {
	readonly patient: PatientId;
	readonly stay: StayId;
	readonly ward: WardId;
	readonly bed: BedId;
	readonly bedNumber: string;
	readonly patientName: string;
	readonly at: number;
	readonly by: string;
}
/** `status` is what the empty bed does next. A bed that an isolated patient left is disinfected before anybody else lies in it. */
export interface BedReleased extends Move {
	readonly type: 'inpatient.bed-assignment.bed-released';
	readonly to: 'bed' | 'waiting' | 'left';
	readonly status: BedStatus;
	/** an isolated patient may still turn back into their own bed; nobody else before it is disinfected */
	readonly reservedFor: StayId | null;
	readonly reason: string;
}
export interface BedAssigned extends Move {
	readonly type: 'inpatient.bed-assignment.bed-assigned';
	readonly room: RoomId;
	readonly from: BedId | null;
	readonly override: Override | null;
}
export type BedEvent = BedReleased | BedAssigned;
export interface BedStatusSet {
	readonly type: 'inpatient.bed.status-set';
	readonly patient: null;
	readonly ward: WardId;
	readonly bed: BedId;
	readonly bedNumber: string;
	readonly status: BedStatus;
	readonly note: string;
	readonly reservedFor: StayId | null;
	readonly at: number;
	readonly by: string;
}
