import { z } from 'zod';
import { isId, type BedId, type Id, type PatientId, type StayId, type WardId } from '../../kernel/index.ts';
import { bedIdSchema, wardIdSchema, type WardSexRule } from '../../organization/index.ts';
import { patientIdSchema, type Patient } from '../../patient/index.ts';
import { overrideSchema, type BedEvent, type BoardState } from '../bed-assignment/bed-assignment.ts';
import { stayIdSchema, type Stay } from '../stay/stay.ts';

export type TransferId = Id<'ward-transfer'>;

/** Asked for, then one of three ends. Until it is received the patient lies where they lay, and belongs to the ward that asked. */
export const TRANSFER_ENDS = ['received', 'cancelled', 'declined'] as const;
export type TransferEnd = (typeof TRANSFER_ENDS)[number];
export interface WardTransfer {
	readonly id: TransferId;
	readonly patient: PatientId;
	readonly stay: StayId;
	readonly from: { readonly id: WardId; readonly name: string };
	readonly to: { readonly id: WardId; readonly name: string; readonly sexRule: WardSexRule };
	readonly reason: string;
	readonly askedAt: number;
	readonly askedBy: string;
	/** null while the other ward has not answered */
	readonly end: { readonly how: TransferEnd; readonly at: number; readonly by: string; readonly reason: string } | null;
}

const reason = z.string().trim().min(2).max(200);
export const requestTransferSchema = z.strictObject({ patient: patientIdSchema, stay: stayIdSchema, to: wardIdSchema, reason });
export interface RequestTransfer extends z.output<typeof requestTransferSchema> {}

const transfer = z.custom<TransferId>(isId, 'transfer id');
const about = { patient: patientIdSchema, stay: stayIdSchema, transfer };
export const endTransferSchema = z.strictObject({ ...about, reason });
export interface EndTransfer extends z.output<typeof endTransferSchema> {}

/** The shortest end of a record number that still tells one wristband from the next. */
export const MRN_END = 4;
/** Read from the wristband of the person who arrived, not from the screen: the name, and the record number or its last four. */
export const identifiedSchema = z.strictObject({ name: z.string().trim().min(1).max(60), mrn: z.string().trim().min(MRN_END).max(24) });
export interface Identified extends z.output<typeof identifiedSchema> {}
export const receiveTransferSchema = z.strictObject({
	...about,
	identified: identifiedSchema,
	/** null: the patient is here and waits for a bed */
	bed: bedIdSchema.nullable(),
	override: overrideSchema.nullable().default(null)
});
export interface ReceiveTransfer extends z.output<typeof receiveTransferSchema> {}

export interface RequestState {
	readonly stay: Stay | null;
	readonly patient: Patient | null;
	readonly from: string | null;
	readonly to: { readonly id: WardId; readonly name: string; readonly sexRule: WardSexRule } | null;
	/** the one that waits for an answer already */
	readonly open: WardTransfer | null;
}
export interface TransferState {
	readonly transfer: WardTransfer | null;
	readonly patient: Patient | null;
}
export interface ReceiveState extends TransferState {
	/** the receiving ward, with the patient as one who waits there */
	readonly board: BoardState;
	/** the bed they lie in until now, in the other ward */
	readonly lying: { readonly bed: BedId; readonly number: string } | null;
}

interface Concerning {
	readonly patient: PatientId;
	readonly stay: StayId;
	readonly transfer: TransferId;
	readonly patientName: string;
	/** both wards: each board shows its side */
	readonly wards: readonly WardId[];
	readonly from: WardId;
	readonly fromName: string;
	readonly to: WardId;
	readonly toName: string;
	readonly reason: string;
	readonly at: number;
	readonly by: string;
}
export interface TransferRequested extends Concerning {
	readonly type: 'inpatient.ward-transfer.requested';
}
export interface TransferEnded extends Concerning {
	readonly type: 'inpatient.ward-transfer.cancelled' | 'inpatient.ward-transfer.declined';
}
/** ADT A02: with the bed events of both wards in the same commit. */
export interface TransferReceived extends Concerning {
	readonly type: 'inpatient.ward-transfer.received';
	readonly bed: BedId | null;
	readonly bedNumber: string | null;
}
export type ReceiveEvent = BedEvent | TransferReceived;
