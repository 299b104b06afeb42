import { z } from 'zod';
import { isId, type BedId, type Id, type WardId } from '../../kernel/index.ts';

export type RoomId = Id<'room'>;

/** Whom a ward takes. A mixed ward keeps the sexes apart by room. */
export const WARD_SEX_RULES = ['male', 'female', 'mixed'] as const;
export type WardSexRule = (typeof WARD_SEX_RULES)[number];
/** `same-sex`: the first patient decides, for as long as somebody lies there. */
export const ROOM_SEX_RULES = ['male', 'female', 'same-sex', 'any'] as const;
export type RoomSexRule = (typeof ROOM_SEX_RULES)[number];

/** What an empty bed is doing (HL7 table 0116: U unoccupied, H housekeeping, K contaminated, C closed, I isolated as a whole room). Occupied is not a status: an assignment says so. */
export const BED_STATUSES = ['free', 'reserved', 'cleaning', 'disinfecting', 'maintenance', 'private-room'] as const;
export type BedStatus = (typeof BED_STATUSES)[number];
export const HL7_0116: Readonly<Record<BedStatus | 'occupied', string>> = {
	free: 'U',
	reserved: 'U',
	cleaning: 'H',
	disinfecting: 'K',
	maintenance: 'C',
	'private-room': 'I',
	occupied: 'O'
};

export interface WardRules {
	readonly id: WardId;
	readonly name: string;
	readonly sexRule: WardSexRule;
	/** minutes between rounds for each nursing level; psychiatric wards set their own */
	readonly roundMinutes: { readonly special: number; readonly first: number; readonly second: number; readonly third: number };
}
export interface RoomRules {
	readonly id: RoomId;
	readonly name: string;
	readonly purpose: string;
	readonly sexRule: RoomSexRule;
	readonly position: number;
}

export const EXTRA_BED = '加';

export const wardIdSchema = z.custom<WardId>(isId, 'ward id');
export const bedIdSchema = z.custom<BedId>(isId, 'bed id');
export const roomIdSchema = z.custom<RoomId>(isId, 'room id');
