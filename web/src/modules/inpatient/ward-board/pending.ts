import { boardStateOf, overlay, type Board, type BoardState, type ShownEvent } from '@tongping/domain/inpatient';
import type { BedId, Facts, Refusal, Result, StayId } from '@tongping/domain/kernel';

/** A command on its way to the server, with the decision the browser expects. */
export interface Pending {
	readonly commandId: string;
	readonly stays: readonly StayId[];
	readonly facts: Facts;
	decide(state: BoardState, facts: Facts): Result<readonly ShownEvent[], Refusal>;
}

export interface Shown {
	readonly board: Board;
	/** beds drawn dashed: as they will be if the server agrees */
	readonly pendingBeds: ReadonlySet<BedId>;
	readonly pendingStays: ReadonlySet<StayId>;
}

/** The projection carries the command: on the card it changed last, or in the list of the latest commands it shows. */
export const hasArrived = (board: Board, commandId: string, commands: readonly string[] = []): boolean =>
	commands.includes(commandId) || board.beds.some((bed) => bed.lastCommandId === commandId) || board.waiting.some((entry) => entry.lastCommandId === commandId);

/**
 * The board with what is on its way laid over it. Each decision is taken again on the newest state: once somebody else is in the bed,
 * the expected card is not drawn there any more, so one bed never shows two names and one patient never lies in two beds.
 */
export function withPending(board: Board, pending: readonly Pending[]): Shown {
	let shown = board;
	const pendingBeds = new Set<BedId>();
	const pendingStays = new Set<StayId>();
	for (const one of pending) {
		if (hasArrived(board, one.commandId)) continue;
		const decided = one.decide(boardStateOf(shown), one.facts);
		if (!decided.ok) continue;
		shown = overlay(shown, decided.value, one.commandId);
		for (const event of decided.value) pendingBeds.add(event.bed);
		for (const stay of one.stays) pendingStays.add(stay);
	}
	return { board: shown, pendingBeds, pendingStays };
}
