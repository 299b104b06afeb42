import { z } from 'zod';
import type { BedId, WardId } from '../../kernel/index.ts';
import { bedIdSchema, roomIdSchema, wardIdSchema, type RoomId } from '../../organization/index.ts';

/** Beyond this a room is a mistake of the hand, or a case for opening another ward. */
export const MOST_EXTRA_IN_ROOM = 8;

export const addExtraSchema = z.strictObject({ ward: wardIdSchema, room: roomIdSchema });
export interface AddExtra extends z.output<typeof addExtraSchema> {}
export const removeExtraSchema = z.strictObject({ bed: bedIdSchema });
export interface RemoveExtra extends z.output<typeof removeExtraSchema> {}

interface Change {
	readonly patient: null;
	readonly ward: WardId;
	readonly room: RoomId;
	readonly bed: BedId;
	readonly bedNumber: string;
	readonly at: number;
	readonly by: string;
}
export interface ExtraBedAdded extends Change {
	readonly type: 'inpatient.bed.extra-added';
	readonly position: number;
}
export interface ExtraBedRemoved extends Change {
	readonly type: 'inpatient.bed.extra-removed';
}
