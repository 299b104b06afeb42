import type { BedId, PatientId, StayId } from '../../kernel/index.ts';
import type { AllergySummary, EarlyWarning } from '../../clinical-record/index.ts';
import type { Diet, Isolation, NursingLevel, Risk } from '../../nursing/index.ts';
import type { BedStatus, RoomId, RoomRules, WardRules } from '../../organization/index.ts';
import type { NameLikeness, Sex } from '../../patient/index.ts';
import type { StaffName } from '../stay/stay.ts';
import type { TransferId } from '../ward-transfer/ward-transfer.ts';

/** Everything a card tells about the patient in the bed. Ages, days of stay and "due" are computed from times on the screen that shows them. */
export interface BoardPatient {
	readonly stay: StayId;
	readonly patient: PatientId;
	readonly mrn: string;
	readonly name: string;
	readonly initials: string;
	readonly pinyin: string;
	readonly sex: Sex;
	readonly birthDate: string | null;
	readonly admittedAt: number;
	/** when the patient came into this ward; later than `admittedAt` after a transfer between wards */
	readonly inWardSince: number;
	readonly fromWard: string | null;
	/** others in this ward whose name can be mistaken for this one */
	readonly alike: { readonly kind: NameLikeness; readonly with: readonly { readonly name: string; readonly bed: string | null }[] } | null;
	readonly level: { readonly level: NursingLevel; readonly since: number } | null;
	/** 病危 / 病重 */
	readonly severity: 'critical' | 'serious' | null;
	readonly diagnosis: string | null;
	readonly pregnant: boolean;
	readonly resident: StaffName | null;
	readonly attending: StaffName | null;
	readonly nurse: StaffName | null;
	readonly earlyWarning: EarlyWarning;
	/** last body temperature in Cel */
	readonly temperature: { readonly value: number; readonly at: number } | null;
	readonly allergy: AllergySummary;
	readonly isolation: (Isolation & { readonly since: number }) | null;
	/** medium and high only, worst first */
	readonly risks: readonly Risk[];
	readonly restraint: { readonly since: number; readonly reason: string } | null;
	readonly diet: { readonly diet: Diet; readonly since: number } | null;
	/** expected discharge, `YYYY-MM-DD` */
	readonly expectedDischarge: string | null;
	readonly dischargeNotice: { readonly at: number; readonly by: string } | null;
	/** 费别, as the hospital words it */
	readonly payer: string;
}

/** One bed of the board: key `bed/<bedId>`. */
export interface BoardBed {
	readonly bed: BedId;
	readonly room: RoomId;
	readonly number: string;
	/** order within the ward */
	readonly position: number;
	/** 加床 */
	readonly extra: boolean;
	/** meaningful while empty */
	readonly status: BedStatus;
	readonly statusNote: string | null;
	readonly reservedFor: StayId | null;
	readonly occupant: BoardPatient | null;
	/** the move or status change that made this card what it is */
	readonly lastCommandId: string | null;
	readonly changedBy: string | null;
	readonly changedAt: number | null;
}

/** Key `waiting`: in this ward, in no bed. */
export interface BoardWaiting {
	readonly occupant: BoardPatient;
	readonly since: number;
	readonly lastCommandId: string | null;
	readonly changedBy: string | null;
}

/** Key `incoming`: another ward asks this one to take them. They still lie over there; a bed is given here on receiving. */
export interface BoardIncoming {
	readonly transfer: TransferId;
	readonly occupant: BoardPatient;
	readonly from: string;
	readonly fromBed: string | null;
	readonly reason: string;
	readonly at: number;
	readonly by: string;
}
/** Key `outgoing`: what this ward asked of another: still open, or sent back and not asked again. */
export interface BoardOutgoing {
	readonly transfer: TransferId;
	readonly stay: StayId;
	readonly to: string;
	readonly reason: string;
	readonly at: number;
	readonly by: string;
	readonly declined: { readonly at: number; readonly by: string; readonly reason: string } | null;
}

/** Key `header`: what cannot be counted from the cards; `countersOf` does the rest. */
export interface BoardHeader {
	readonly duty: {
		readonly doctor: string | null;
		readonly doctorPhone: string | null;
		readonly nurses: readonly string[];
		readonly nursePhone: string | null;
	};
	/** epoch ms of those who left within the last two days, so that the screen can say "today" */
	readonly dischargedAt: readonly number[];
	readonly transferredOutAt: readonly number[];
}

/** Key `ward`. */
export interface BoardWard {
	readonly ward: WardRules;
	readonly rooms: readonly RoomRules[];
}

/** The live document `ward-board/<wardId>` as plain data; its root is the Y.Map `board`, one JSON value a key. */
export interface Board {
	readonly ward: BoardWard;
	readonly header: BoardHeader;
	readonly beds: readonly BoardBed[];
	readonly waiting: readonly BoardWaiting[];
	readonly incoming: readonly BoardIncoming[];
	readonly outgoing: readonly BoardOutgoing[];
}

export const bedKey = (bed: BedId): string => `bed/${bed}`;

/** From the keys of the projection; null until the ward itself has arrived. */
export function boardOf(keys: Readonly<Record<string, unknown>>): Board | null {
	const ward = keys['ward'] as BoardWard | undefined;
	const header = keys['header'] as BoardHeader | undefined;
	if (ward === undefined || header === undefined) return null;
	const beds = Object.entries(keys)
		.filter(([key]) => key.startsWith('bed/'))
		.map(([, value]) => value as BoardBed);
	return {
		ward,
		header,
		beds: beds.toSorted((a, b) => a.position - b.position),
		waiting: (keys['waiting'] as readonly BoardWaiting[] | undefined) ?? [],
		incoming: (keys['incoming'] as readonly BoardIncoming[] | undefined) ?? [],
		outgoing: (keys['outgoing'] as readonly BoardOutgoing[] | undefined) ?? []
	};
}
