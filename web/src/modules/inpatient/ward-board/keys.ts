import type { BoardBed } from '@tongping/domain/inpatient';
import type { BedId, StayId } from '@tongping/domain/kernel';
import { FILTERS, type Filter } from './filters.ts';
import { DIRECTIONS, neighbour, type Direction, type Place } from './grid.ts';
import type { Target } from './move.ts';

/** What the keys of the board may do to it. */
export interface BoardHands {
	/** a card is held by the keyboard, and over this target */
	held(): { readonly over: Target | null; readonly from: BedId | null } | null;
	places(all: boolean): readonly Place<BedId>[];
	reachable(): BedId | null;
	bed(id: string | undefined): BoardBed | null;
	edge(which: 'first' | 'last'): BedId | null;
	focus(bed: BedId): void;
	hover(bed: BoardBed): void;
	drop(target: Target): void;
	letGo(): void;
	/** opens the patient, or the receiving of somebody who comes; false: nobody there */
	enter(stay: StayId | undefined): boolean;
	peek(bed: BoardBed): void;
	take(stay: StayId): void;
	transfer(stay: StayId): void;
	menu(bed: BoardBed | null, stay: StayId | undefined, anchor: HTMLElement): void;
	search(): void;
	undo(): void;
	toggle(filter: Filter): void;
	/** false: there was nothing to clear */
	clear(): boolean;
}

const plain = (event: KeyboardEvent): boolean => !event.ctrlKey && !event.metaKey && !event.altKey;

function holding(event: KeyboardEvent, hands: BoardHands, held: NonNullable<ReturnType<BoardHands['held']>>): boolean {
	const direction = DIRECTIONS[event.key];
	if (direction !== undefined) {
		const from = held.over?.kind === 'bed' ? held.over.bed.bed : (held.from ?? hands.reachable());
		const bed = from === null ? null : hands.bed(neighbour(hands.places(true), from, direction) ?? undefined);
		if (bed !== null) hands.hover(bed);
	} else if (event.key === 'Enter' && held.over !== null) hands.drop(held.over);
	else if (event.key === 'Escape') hands.letGo();
	else return false;
	return true;
}

function walk(hands: BoardHands, from: BedId, direction: Direction): void {
	const next = neighbour(hands.places(false), from, direction);
	if (next !== null) hands.focus(next);
}

function onCard(event: KeyboardEvent, hands: BoardHands): boolean {
	const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-bed], [data-wait]') : null;
	if (element === null) return false;
	const bed = hands.bed(element.dataset['bed']);
	const stay = element.dataset['stay'] as StayId | undefined;
	const direction = DIRECTIONS[event.key];
	const opensMenu = event.key === '.' || event.key === 'ContextMenu';
	if (direction !== undefined && bed !== null) walk(hands, bed.bed, direction);
	else if (event.key === 'Enter' && hands.enter(stay)) return true;
	else if (event.key === ' ' && bed !== null) hands.peek(bed);
	else if ((event.key === 'm' || event.key === 'M') && stay !== undefined) hands.take(stay);
	else if ((event.key === 't' || event.key === 'T') && stay !== undefined) hands.transfer(stay);
	else if (opensMenu || (event.key === 'Enter' && bed !== null)) hands.menu(bed, stay, element);
	else if (event.key === 'Home' || event.key === 'End') {
		const edge = hands.edge(event.key === 'Home' ? 'first' : 'last');
		if (edge !== null) hands.focus(edge);
	} else return false;
	return true;
}

/** Keys on a card or on somebody who waits, and everything while a card is held. */
export function cardKeys(event: KeyboardEvent, hands: BoardHands): void {
	if (!plain(event)) return;
	const held = hands.held();
	if (held === null ? !onCard(event, hands) : !holding(event, hands, held)) return;
	event.preventDefault();
	if (held !== null) event.stopPropagation();
}

/** Keys anywhere on the page, except where somebody types or chooses from a menu. */
export function pageKeys(event: KeyboardEvent, hands: BoardHands): void {
	const target = event.target;
	if (!plain(event) || event.defaultPrevented || event.isComposing) return;
	if (target instanceof Element && target.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]') !== null) return;
	if (hands.held() !== null) {
		cardKeys(event, hands);
		return;
	}
	const filter = /^[1-9]$/.test(event.key) ? FILTERS[Number(event.key) - 1] : undefined;
	if (event.key === '/') hands.search();
	else if (event.key === 'z' || event.key === 'Z') hands.undo();
	else if (filter !== undefined) hands.toggle(filter);
	else if (event.key !== 'Escape' || !hands.clear()) return;
	event.preventDefault();
}
