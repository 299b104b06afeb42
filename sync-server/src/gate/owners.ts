import { storedBudget } from './budget.ts';
import { decode } from './decode.ts';

/** Who wrote with which clientID, from the rows of the log: a clientID belongs to the user of the first row that carries it. */
export function ownersOf(rows: Iterable<{ readonly user: string; readonly update: Uint8Array }>, into = new Map<number, string>()): Map<number, string> {
	for (const { user, update } of rows) {
		for (const client of decode(update, storedBudget).sections.keys()) if (!into.has(client)) into.set(client, user);
	}
	return into;
}
