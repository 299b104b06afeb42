import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { clientBudget, decode, deleteSet, stretchesOf, type Deletion, type Struct } from './gate/index.ts';
import { Unreadable } from './gate/reader.ts';

/** A stretch of clocks that a restored server does not have. */
export interface ForeignRun {
	readonly client: number;
	readonly from: number;
	readonly to: number;
	/** the offerer's own words that hang on words of others in the same offer */
	readonly own: boolean;
}

/** What the restored document knows, and which clientIDs are the offerer's. */
export interface Known {
	/** next clock expected of this client; 0 if it never wrote */
	known(client: number): number;
	isOwn(client: number): boolean;
	/** deletions the gate would have to leave out, because the offerer may not delete there */
	mayDelete(deletion: Deletion): boolean;
}

export interface Split {
	/** goes to the gate like any other offer; null: nothing of the offerer's own is new */
	readonly own: Uint8Array | null;
	/** never applied without an administrator; null: the offer holds nothing of others */
	readonly rest: Uint8Array | null;
	readonly runs: readonly ForeignRun[];
	readonly deletions: number;
	/** it holds words of others, even if the server has them by now */
	readonly foreign: boolean;
}

type Kept = Map<number, Y.Item[]>;

function encode(structs: Kept, deletions: readonly Deletion[]): Uint8Array {
	const encoder = new Y.UpdateEncoderV1();
	const out = encoder.restEncoder;
	const clients = [...structs].filter(([, list]) => list.length > 0);
	encoding.writeVarUint(out, clients.length);
	for (const [client, list] of clients) {
		encoding.writeVarUint(out, list.length);
		encoder.writeClient(client);
		encoding.writeVarUint(out, list[0]!.id.clock);
		for (const struct of list) struct.write(encoder as never, 0);
	}
	encoding.writeUint8Array(out, deleteSet(stretchesOf(deletions)));
	return encoding.toUint8Array(out);
}

/**
 * Parts what a browser offers after a restore: the words of its own person that stand on what the server has, and everything else.
 * A deletion carries no author: one the offerer may make counts as theirs, like in any diff; the others wait with the rest.
 * Throws `Unreadable` for what the gate would refuse to read.
 */
export function splitOffer(update: Uint8Array, { known, isOwn, mayDelete }: Known): Split {
	const { sections, deletions } = decode(update, clientBudget);
	/** up to where each client is known or admitted */
	const reach = new Map<number, number>();
	const reachOf = (client: number): number => reach.get(client) ?? known(client);
	const stands = (struct: Struct): boolean =>
		struct.clock <= reachOf(struct.client) &&
		[struct.origin, struct.rightOrigin, typeof struct.parent === 'string' ? null : struct.parent].every((id) => id === null || id.clock < reachOf(id.client));
	// Own clients may hang on each other in any order, so this goes round until nothing moves.
	for (let moved = true; moved;) {
		moved = false;
		for (const [client, structs] of sections) {
			if (!isOwn(client)) continue;
			for (const struct of structs) {
				const end = struct.clock + struct.length;
				if (end <= reachOf(client)) continue;
				if (!stands(struct)) break;
				reach.set(client, end);
				moved = true;
			}
		}
	}
	const own: Kept = new Map();
	const rest: Kept = new Map();
	const runs: ForeignRun[] = [];
	for (const struct of Y.decodeUpdate(update).structs as Y.Item[]) {
		const { client, clock } = struct.id;
		const end = clock + struct.length;
		if (end <= known(client)) continue;
		const admitted = isOwn(client) && end <= reachOf(client);
		const into = admitted ? own : rest;
		const list = into.get(client);
		if (list === undefined) into.set(client, [struct]);
		else list.push(struct);
		if (admitted) continue;
		const last = runs.at(-1);
		if (last?.client === client && last.to === clock) runs[runs.length - 1] = { ...last, to: end };
		else runs.push({ client, from: Math.max(clock, known(client)), to: end, own: isOwn(client) });
	}
	const mine: Deletion[] = [];
	const others: Deletion[] = [];
	for (const { client, clock, length } of deletions) {
		const end = clock + length;
		const here = Math.max(clock, Math.min(end, reachOf(client)));
		if (here > clock) {
			const part = { client, clock, length: here - clock };
			(mayDelete(part) ? mine : others).push(part);
		}
		// Beyond what exists here: it belongs to words that wait.
		if (end > here && rest.has(client)) others.push({ client, clock: here, length: end - here });
	}
	return {
		own: own.size === 0 && mine.length === 0 ? null : encode(own, mine),
		rest: rest.size === 0 && others.length === 0 ? null : encode(rest, others),
		runs,
		foreign: [...sections.keys()].some((client) => !isOwn(client)),
		deletions: others.reduce((sum, { length }) => sum + length, 0)
	};
}

/** The parameters of our own client: the epoch its page comes from and the clientIDs it has typed under. */
export function readEpoch(url: URL): { readonly epoch: number | null; readonly mine: ReadonlySet<number> } {
	const epoch = /^[1-9]\d{0,8}$/u.exec(url.searchParams.get('epoch') ?? '')?.[0];
	const mine = (url.searchParams.get('mine') ?? '')
		.split('.')
		.filter((text) => /^\d{1,10}$/u.test(text))
		.slice(0, 200)
		.map(Number);
	return { epoch: epoch === undefined ? null : Number(epoch), mine: new Set(mine) };
}

export { Unreadable };
