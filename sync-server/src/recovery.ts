import type { Authors } from './authors.ts';
import type { Connection, Slot } from './connection.ts';
import type { DocumentState } from './document-state.ts';
import { splitOffer, Unreadable, type Split } from './epoch.ts';
import type { SyncPorts } from './ports.ts';
import { closeCode } from './protocol/index.ts';

/** What a room lends to an offer that may be ahead of a restored server. */
export interface RecoveringRoom {
	readonly kind: string;
	readonly id: string;
	readonly document: DocumentState;
	readonly names: Authors;
	readonly ports: SyncPorts;
	mayWriteNow(connection: Connection, root: string): boolean;
	readsNow(connection: Connection): boolean;
	/** the way through the gate */
	offerOwn(connection: Connection, slot: Slot, own: Uint8Array): void;
	note(connection: Connection, reason: string): void;
	fail(what: string, error: unknown): void;
	cutOff(connection: Connection, code: number, reason: string): void;
}

/** the update that says nothing */
const NOTHING = Uint8Array.of(0, 0);

function part(room: RecoveringRoom, connection: Connection, update: Uint8Array): Split {
	const { document, names } = room;
	const { user } = connection.actor;
	// A clientID this server does not remember is the offerer's only if their page says so: otherwise the first to come would get another's words.
	const isOwn = (client: number): boolean =>
		names.mayUse(client, user, document.has(client)) && (names.ownerOf(client) !== null || connection.mine.has(client));
	const known = (client: number): number => document.known(client);
	const split = splitOffer(update, { known, isOwn, mayDelete: () => true });
	if (split.own === null) return split;
	const verdict = document.check(split.own, {
		mayUse: isOwn,
		mayWrite: (root) => room.mayWriteNow(connection, root),
		readsOnly: room.readsNow(connection),
		diff: true
	});
	if (!verdict.ok || verdict.dropped.length === 0 || !document.stands(verdict.dropped)) return split;
	const { dropped } = verdict;
	return splitOffer(update, {
		known,
		isOwn,
		mayDelete: ({ client, clock, length }) => !dropped.some((gone) => gone.client === client && gone.clock < clock + length && clock < gone.clock + gone.length)
	});
}

/**
 * Takes an offer of a page from before a restore. Its own words go to the gate; what it holds of others goes to the quarantine, and only
 * when both are on disk it is acknowledged. Then the page begins anew, because it shows what the document does not hold.
 * False: there is nothing to set aside, the offer is like any other.
 */
export function recover(room: RecoveringRoom, connection: Connection, slot: Slot, update: Uint8Array, diff: boolean): boolean {
	const { ports, kind, id, names } = room;
	if (connection.recovering === null || ports.quarantine === undefined) return false;
	let split: Split;
	try {
		split = part(room, connection, update);
	} catch (error) {
		if (error instanceof Unreadable) return false;
		throw error;
	}
	const { own, rest, runs, deletions, foreign } = split;
	const epoch = connection.recovering;
	// Typed between connecting and our question, it hangs on the offer that is still to come.
	const early = !diff && deletions === 0 && runs.every((run) => run.own);
	if (rest !== null && !early) connection.aside = true;
	if (diff) {
		connection.recovering = null;
		connection.slot(() => {
			if (connection.aside) room.cutOff(connection, closeCode.restored, 'restored');
			else connection.sendNotice();
		});
	}
	if (early && rest !== null) return false;
	if (rest === null) {
		// Their author was here between our question and this answer: nothing waits, but the gate must not read those words as the offerer's.
		if (foreign) room.offerOwn(connection, slot, own ?? NOTHING);
		return foreign;
	}
	let open = own === null ? 1 : 2;
	let refused: Slot['state'] | null = null;
	const done = (state: Slot['state']): void => {
		if (typeof state === 'object') refused ??= state;
		if (--open === 0) slot.state = refused ?? 'stored';
	};
	if (own !== null) {
		const half: Slot = {
			get state() {
				return 'waiting' as const;
			},
			set state(state: Slot['state']) {
				done(state);
			}
		};
		const { offered } = connection;
		room.offerOwn(connection, half, own);
		if (!diff) connection.offered = offered;
	}
	const { actor, admission } = connection;
	const named = runs.map((run) => ({ ...run, owner: names.ownerOf(run.client) }));
	ports
		.quarantine({ actor, kind, id, patient: admission.patient, epoch, runs: named, deletions, update: rest })
		.then((answer) => {
			if (!answer.ok) {
				ports.alarm('the quarantine takes no more', new Error(answer.reason), { room: `${kind}/${id}` });
				room.note(connection, answer.reason);
			}
			done(answer.ok ? 'stored' : { refused: answer.reason });
			connection.settle();
		})
		.catch((error: unknown) => {
			room.fail('what was offered after a restore could not be stored', error);
		});
	return true;
}
