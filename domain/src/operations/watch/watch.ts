import type { Alarm, AlarmKind } from './alarms.ts';

/** The state of the server over one interval. Numbers only: nothing here can hold a word anybody typed. */
export interface Sample {
	/** epoch ms of its end */
	readonly at: number;
	readonly rooms: number;
	readonly connections: number;
	/** sockets that are sent nothing until they have drained */
	readonly behind: number;
	/** updates that have passed the gate and wait for the writer */
	readonly queued: number;
	/** batches in the interval, and how long one took at the median and at the worst hundredth, ms; null when there was none */
	readonly commits: number;
	readonly commitP50: number | null;
	readonly commitP99: number | null;
	readonly updates: number;
	readonly refusals: number;
	/** the longest hundredth of the delays of the event loop, ms */
	readonly loopP99: number;
	readonly rssBytes: number;
	readonly heapBytes: number;
	readonly diskFreeBytes: number;
	readonly diskBytes: number;
	/** times each thing went wrong in the interval that is an alarm of its own */
	readonly faults: Readonly<Partial<Record<AlarmKind, number>>>;
}

/** A live room: its kind and an opaque id, never whom it is about. */
export interface RoomNow {
	readonly kind: string;
	readonly id: string;
	readonly connections: number;
	/** names of those who work here and have it open; a person with two screens stands once */
	readonly people: readonly string[];
	readonly behind: number;
}

export interface OperationsNow {
	readonly at: number;
	readonly startedAt: number;
	readonly samples: readonly Sample[];
	readonly rooms: readonly RoomNow[];
	readonly refusals: readonly { readonly reason: string; readonly count: number }[];
	/** raised ones first, then those of the last hours */
	readonly alarms: readonly Alarm[];
	readonly epoch: number;
	/** what does not hold in the house now: a full disk, a clock set back, a place outside that cannot be reached */
	readonly troubles: readonly TroubleNow[];
	/** where the head of the audit chain is kept outside this machine; null before the first minute */
	readonly anchors: AnchorsNow | null;
}

export interface TroubleNow {
	readonly kind: string;
	readonly since: number;
	/** numbers and codes */
	readonly facts: Readonly<Record<string, string | number>>;
}
export interface AnchorPlaceNow {
	readonly on: boolean;
	/** the last line of the audit that arrived there, and its time */
	readonly head: { readonly position: number; readonly at: number } | null;
	readonly failedSince: number | null;
}
export interface AnchorsNow {
	readonly copy: AnchorPlaceNow;
	readonly stamp: AnchorPlaceNow;
}
