import {
	boardStateOf,
	extraBedRefusal,
	roomRefusal,
	type Board,
	type BoardBed,
	type BoardIncoming,
	type BoardOutgoing,
	type BoardPatient
} from '@tongping/domain/inpatient';
import { BED_STATUSES, type BedStatus, type RoomRules } from '@tongping/domain/organization';
import type { MenuEntry } from '#ui/menu.ts';
import type { text } from './i18n/zh-CN.ts';

/** What other modules may open for a patient of the board; the route joins them. */
export type Subject = 'level' | 'risks' | 'isolation' | 'care' | 'stay' | 'team';
const SUBJECTS: readonly Subject[] = ['level', 'risks', 'isolation', 'care', 'stay', 'team'];

interface More {
	readonly key?: string;
	/** why it cannot be done now */
	readonly reason?: string | null;
	readonly on?: boolean;
}
const item = (id: string, label: string, run: () => void, more: More = {}): MenuEntry => ({ kind: 'item', id, label, run, ...more });

export const line = (id: string): MenuEntry => ({ kind: 'line', id });

export function statusEntries(bed: BoardBed, t: typeof text, reason: string | null, set: (status: BedStatus) => void): readonly MenuEntry[] {
	return BED_STATUSES.filter((status) => status !== 'reserved').map((status) =>
		item(
			status,
			t.menu.status(t.status[status]),
			() => {
				set(status);
			},
			{ on: bed.status === status, reason: bed.status === status ? null : reason }
		)
	);
}

export interface PersonActions {
	open(): void;
	/** null: there is nothing to look at beside the board (a patient in no bed) */
	readonly peek: (() => void) | null;
	move(): void;
	/** null: waiting already */
	readonly wait: (() => void) | null;
	transfer(): void;
	readonly about: ((subject: Subject) => void) | null;
}

/** For somebody of this ward, in a bed or waiting for one. */
export function personEntries(t: typeof text, blocked: string | null, outgoing: BoardOutgoing | null, actions: PersonActions): readonly MenuEntry[] {
	const { peek, wait, about } = actions;
	const asked = outgoing !== null && outgoing.declined === null ? outgoing : null;
	return [
		item('open', t.menu.open, actions.open, { key: 'Enter' }),
		...(peek === null ? [] : [item('peek', t.menu.peek, peek, { key: 'Space' })]),
		line('l1'),
		item('move', t.menu.move, actions.move, { key: 'M', reason: blocked }),
		...(wait === null ? [] : [item('wait', t.menu.wait, wait, { reason: blocked })]),
		item('transfer', asked === null ? t.menu.transfer : t.menu.takeBack(asked.to), actions.transfer, { key: 'T', reason: blocked }),
		...(about === null
			? []
			: [
					line('l2'),
					...SUBJECTS.map((subject) =>
						item(
							subject,
							t.menu[subject],
							() => {
								about(subject);
							},
							{ reason: blocked }
						)
					)
				])
	];
}

/** For somebody another ward sends. */
export const incomingEntries = (
	t: typeof text,
	blocked: string | null,
	one: BoardIncoming,
	actions: { open(person: BoardPatient): void; receive(one: BoardIncoming): void; decline(one: BoardIncoming): void }
): readonly MenuEntry[] => [
	item(
		'receive',
		t.menu.receive,
		() => {
			actions.receive(one);
		},
		{ key: 'Enter', reason: blocked }
	),
	item(
		'decline',
		t.menu.decline,
		() => {
			actions.decline(one);
		},
		{ reason: blocked }
	),
	line('l1'),
	item('open', t.menu.open, () => {
		actions.open(one.occupant);
	})
];

/** 加床, room by room: the reason beside those where none can be added. */
export function addBedEntries(
	board: Board,
	t: typeof text,
	blocked: string | null,
	of: (room: RoomRules) => boolean,
	add: (room: RoomRules) => void
): readonly MenuEntry[] {
	const state = boardStateOf(board);
	return board.ward.rooms
		.toSorted((a, b) => a.position - b.position)
		.filter(of)
		.map((room) => {
			const refusal = roomRefusal(state, room.id);
			return item(
				`add-${room.id}`,
				t.menu.addBed(room.name),
				() => {
					add(room);
				},
				{ reason: blocked ?? (refusal === null ? null : t.why(refusal)) }
			);
		});
}

export function removeBedEntry(board: Board, bed: BoardBed, t: typeof text, blocked: string | null, remove: () => void): MenuEntry {
	const refusal = extraBedRefusal(boardStateOf(board), bed.bed);
	return item('remove-bed', t.menu.removeBed(bed.number), remove, { reason: blocked ?? (refusal === null ? null : t.why(refusal)) });
}
