import type { CommitQueue, Entry, Row } from './commit-queue.ts';
import type { Connection, Slot } from './connection.ts';
import { Bucket } from './bucket.ts';
import { DocumentState } from './document-state.ts';
import { ownersOf, RootIndex, type Verdict } from './gate/index.ts';
import type { Admission, KindRules, Limits, LiveAppended, SyncPorts } from './ports.ts';
import { Presence } from './presence.ts';
import { closeCode, decodeFrame, step1Frame, step2Frame, updateFrame, type Frame } from './protocol/index.ts';

/** What no honest client can send, whatever its rights were a moment ago. */
const HOSTILE = new Set([
	'malformed',
	'trailing-bytes',
	'skip',
	'forbidden-key',
	'subdocument',
	'too-deep',
	'two-roots',
	'self-reference',
	'overlap-other-root',
	'empty-struct',
	'shape',
	'foreign-client'
]);
const MAX_ATTEMPTS = 5;
const EARLY = 256;
const MERGE_MARGIN = 4;
export const SYSTEM = 'system';

export interface RoomSetting {
	readonly kind: string;
	readonly id: string;
	readonly rules: KindRules;
	readonly limits: Limits;
	readonly ports: SyncPorts;
	readonly queue: CommitQueue;
	onRefusal(reason: string): void;
	/** the room cannot be trusted any more; the next join loads it again */
	onGone(room: Room): void;
}

interface Offer {
	readonly connection: Connection | null;
	readonly slot: Slot;
	readonly update: Uint8Array;
	readonly diff: boolean;
	readonly attempts: number;
}

/**
 * One live document and those who have it open. Every update goes gate -> disk -> ack -> everybody, in that order.
 * `opening`: nothing is answered. `open`: as promised. `reloading`: rights changed, offers wait. `gone`: nothing counts.
 */
export class Room {
	readonly name: string;
	readonly kind: string;
	readonly id: string;
	readonly rules: KindRules;
	readonly connections = new Set<Connection>();
	readonly presence: Presence;
	/** the rights this room's updates are admitted under */
	generation = 0;
	private readonly setting: RoomSetting;
	private readonly frames: Bucket;
	private index = new RootIndex();
	private owners = new Map<number, string>();
	private readonly clientCounts = new Map<string, number>();
	/** clientIDs seen in presence only; the first person who shows one keeps it */
	private readonly claimed = new Map<number, string>();
	private document = new DocumentState([]);
	private status: 'opening' | 'open' | 'reloading' | 'gone' = 'opening';
	private waiting: Offer[] = [];
	private failed: Offer[] = [];
	private early: (Offer & { readonly connection: Connection })[] = [];
	private inFlight = 0;
	private position = 0;
	private rowsSinceSnapshot = 0;
	private sealed = false;
	/** rights changed once more while they were being read */
	private stale = false;
	private lagTimer: NodeJS.Timeout | null = null;

	constructor(setting: RoomSetting) {
		this.setting = setting;
		this.kind = setting.kind;
		this.id = setting.id;
		this.rules = setting.rules;
		this.name = `${setting.kind}/${setting.id}`;
		this.frames = new Bucket(setting.limits.roomFramesPerSecond, setting.limits.roomFramesPerSecond * 5, Date.now());
		this.presence = new Presence(this.connections, setting.limits.awarenessMs[setting.rules.mode], (client, connection) =>
			this.mayUse(client, connection, true)
		);
	}

	get isGone(): boolean {
		return this.status === 'gone';
	}

	/** Rejects if the document cannot be loaded whole: an empty document is never served instead. */
	async open(): Promise<void> {
		await this.load();
		this.status = 'open';
		if (this.rowsSinceSnapshot > this.setting.limits.snapshotAfterRows) await this.saveSnapshot();
	}

	private async load(): Promise<void> {
		const loaded = await this.setting.ports.load(this.name);
		const updates = loaded.snapshot === null ? loaded.updates : [loaded.snapshot, ...loaded.updates];
		const index = RootIndex.load(updates, this.rules.shape);
		const owners = new Map(Object.entries(loaded.snapshotOwners).map(([client, user]) => [Number(client), user]));
		ownersOf(
			loaded.updates.map((update, i) => ({ update, user: loaded.owners[i]! })),
			owners
		);
		this.index = index;
		this.owners = owners;
		this.clientCounts.clear();
		for (const user of owners.values()) this.clientCounts.set(user, (this.clientCounts.get(user) ?? 0) + 1);
		this.document = new DocumentState(updates);
		this.generation = loaded.generation;
		this.sealed = loaded.sealed;
		this.position = loaded.position;
		this.rowsSinceSnapshot = loaded.updates.length;
	}

	async saveSnapshot(): Promise<void> {
		const data = this.document.since();
		await this.setting.ports.saveSnapshot({ doc: this.name, position: this.position, owners: Object.fromEntries(this.owners), data });
		this.rowsSinceSnapshot = 0;
	}

	get wantsSnapshot(): boolean {
		return this.status === 'open' && this.rowsSinceSnapshot > this.setting.limits.snapshotAfterRows;
	}

	get idle(): boolean {
		return this.connections.size === 0 && this.inFlight === 0 && this.waiting.length === 0;
	}

	/** The values of a projection, from what is on disk. */
	committed(): DocumentState {
		return this.document;
	}

	join(connection: Connection): void {
		this.connections.add(connection);
		if (this.sealed) connection.admission = { ...connection.admission, sealed: true };
		connection.sendNotice();
	}

	leave(connection: Connection): void {
		connection.gone = true;
		if (!this.connections.delete(connection)) return;
		this.early = this.early.filter((offer) => offer.connection !== connection);
		this.presence.leave(connection);
	}

	/** Ends a connection whose right to be here is over: what it has not got to the disk is not stored any more. */
	expel(connection: Connection, code: number, reason: string): void {
		const owed = connection.owed > 0;
		connection.close(code, reason);
		this.leave(connection);
		if (owed) this.reload();
	}

	/** Takes one frame; returns the milliseconds its socket must rest. */
	receive(connection: Connection, data: Uint8Array, now: number): number {
		if (connection.gone || this.status === 'gone') return 0;
		const frame = decodeFrame(data);
		if (frame === null || frame.kind === 'ack' || frame.kind === 'refused' || frame.kind === 'admission') {
			this.refuseFrame(connection, 'malformed');
			return 0;
		}
		this.handle(connection, frame);
		connection.settle();
		// A question about the whole document costs more than an edit.
		return Math.max(connection.spend(frame.kind === 'step1' ? 10 : 1, data.length, now), this.frames.take(1, now));
	}

	private handle(connection: Connection, frame: Exclude<Frame, { kind: 'ack' | 'refused' | 'admission' }>): void {
		switch (frame.kind) {
			case 'step1':
				connection.slot(() => {
					this.answerQuestion(connection, frame.stateVector);
				});
				return;
			case 'step2':
			case 'update':
				this.offer({ connection, slot: connection.slot(), update: frame.update, diff: frame.kind === 'step2', attempts: 0 });
				if (frame.kind === 'step2') this.rejudgeEarly(connection);
				return;
			case 'awareness':
				if (!this.presence.receive(connection, frame.payload)) this.refuseFrame(connection, 'malformed');
				return;
			case 'query-awareness':
				this.presence.greet(connection);
		}
	}

	private answerQuestion(connection: Connection, stateVector: Uint8Array): void {
		let diff: Uint8Array;
		try {
			diff = this.document.since(stateVector);
		} catch {
			this.refuseFrame(connection, 'malformed');
			return;
		}
		connection.send(step2Frame(diff));
		// Asked after our own answer, so that the client's diff hangs on nothing it has not got.
		if (this.rules.mode !== 'projection') connection.send(step1Frame(this.document.stateVector()));
		if (!connection.synced) {
			connection.synced = true;
			this.presence.greet(connection);
		}
	}

	private mayUse(client: number, connection: Connection | null, claim = false): boolean {
		const user = connection?.actor.user ?? SYSTEM;
		const owner = this.owners.get(client) ?? this.claimed.get(client);
		if (owner !== undefined) return owner === user;
		// Written in this document by nobody we know: nobody may go on writing under it.
		if (this.index.has(client) || (this.clientCounts.get(user) ?? 0) >= this.setting.limits.clientsPerUser) return false;
		if (claim && this.claimed.size < 10_000) this.claimed.set(client, user);
		return true;
	}

	private offer(offer: Offer): void {
		const { connection, slot, update, diff, attempts } = offer;
		if (connection?.gone === true) return;
		if (this.status !== 'open') {
			this.waiting.push(offer);
			return;
		}
		const verdict: Verdict = this.index.check(update, {
			mayUse: (client) => this.mayUse(client, connection),
			mayWrite: (root) => connection === null || (!this.sealed && connection.mayWrite(root)),
			diff
		});
		if (!verdict.ok) {
			this.refuse(offer, verdict.reason);
			return;
		}
		const size = verdict.fresh.reduce((sum, [, from, to]) => sum + to - from, 0);
		if (connection !== null && this.index.units + size > this.setting.limits.documentUnits) {
			this.refuse(offer, 'document-full');
			return;
		}
		if (diff && connection !== null) connection.offered = true;
		if (verdict.forward === null && this.inFlight === 0) {
			slot.state = 'stored';
			return;
		}
		this.index.commit(verdict);
		const user = connection?.actor.user ?? SYSTEM;
		for (const [client] of verdict.fresh) {
			if (this.owners.has(client)) continue;
			this.owners.set(client, user);
			this.clientCounts.set(user, (this.clientCounts.get(user) ?? 0) + 1);
		}
		this.inFlight++;
		this.setting.queue.push({ room: this, connection, slot, update, diff, forward: verdict.forward, attempts });
	}

	/** An edit typed between connecting and our question overtakes the diff it hangs on: it waits for that diff. */
	private rejudgeEarly(connection: Connection): void {
		connection.offered = true;
		const mine = this.early.filter((offer) => offer.connection === connection);
		if (mine.length === 0) return;
		this.early = this.early.filter((offer) => offer.connection !== connection);
		for (const offer of mine) this.offer(offer);
	}

	private refuse(offer: Offer, verdict: string): void {
		const { connection, slot } = offer;
		if (connection === null) {
			this.fail('the server’s own update was refused', new Error(verdict));
			return;
		}
		if (!connection.offered && !offer.diff && (verdict === 'gap' || verdict === 'unknown-reference') && this.early.length < EARLY) {
			this.early.push({ ...offer, connection });
			return;
		}
		const reason = verdict.startsWith('denied') ? (this.sealed ? 'sealed' : (connection.why ?? verdict)) : verdict;
		slot.state = { refused: reason };
		this.note(connection, reason);
		if (HOSTILE.has(reason)) this.cutOff(connection, reason === 'foreign-client' ? closeCode.forbidden : closeCode.malformed, reason);
		else if (connection.refusals > this.setting.limits.refusalsPerSocket) this.cutOff(connection, closeCode.tooManyRefusals, 'too many refused updates');
	}

	/** A frame that is no offer: nothing to answer, only to note and to close. */
	refuseFrame(connection: Connection, reason: string): void {
		this.note(connection, reason);
		this.cutOff(connection, closeCode.malformed, reason);
	}

	private note(connection: Connection, reason: string): void {
		this.setting.onRefusal(reason);
		// A flood of bad frames must not become a flood of audit lines.
		if (connection.refusals++ >= 20) return;
		const { actor, admission } = connection;
		this.setting.ports.auditRefusal({ actor, kind: this.kind, id: this.id, patient: admission.patient, reason }).catch((error: unknown) => {
			this.setting.ports.alarm('a refusal could not be audited', error, { room: this.name });
		});
	}

	/** Closes after what was owed has been said; what this socket already got past the gate is honest and stays. */
	private cutOff(connection: Connection, code: number, reason: string): void {
		connection.settle();
		connection.close(code, reason);
		this.leave(connection);
	}

	/** Called by the queue for each row, in order, after its commit. `answer` null: nothing was to be stored. */
	stored(row: Row, answer: LiveAppended | null): void {
		this.inFlight -= row.entries.length;
		if (this.status === 'gone') return;
		if (answer !== null && !answer.ok) {
			this.failed.push(...row.entries.map(again));
			this.reload();
			return;
		}
		// A row that says nothing new and stood behind a failed one is judged again with it.
		if (answer === null && this.failed.length > 0) {
			this.failed.push(...row.entries.map(again));
			return;
		}
		if (answer !== null) {
			this.position = Math.max(this.position, answer.position);
			this.rowsSinceSnapshot++;
			this.show(row);
		}
		for (const { slot } of row.entries) slot.state = 'stored';
	}

	/** Sends the acks that have become due. */
	answer(): void {
		for (const connection of this.connections) if (connection.owed > 0) connection.settle();
	}

	private show({ update, entries }: Row): void {
		const from = entries[0]!.connection;
		for (const connection of this.connections) {
			if (connection.lag === null && connection.synced && connection.backlog > this.setting.limits.sendBudget) {
				connection.lag = { since: Date.now(), stateVector: this.document.stateVector() };
				this.watchLag();
			}
		}
		this.document.add(update);
		const frame = updateFrame(update);
		for (const connection of this.connections) {
			if (connection !== from && connection.synced && connection.lag === null) connection.send(frame);
		}
	}

	/** A socket behind its budget is sent nothing; when it has drained it gets one diff, when it does not it is closed. */
	private watchLag(): void {
		this.lagTimer ??= setInterval(() => {
			let behind = 0;
			for (const connection of this.connections) {
				if (connection.lag === null) continue;
				if (connection.backlog < this.setting.limits.sendBudget / MERGE_MARGIN) {
					const { stateVector } = connection.lag;
					connection.lag = null;
					connection.send(updateFrame(this.document.since(stateVector)));
				} else if (Date.now() - connection.lag.since > this.setting.limits.lagMs) {
					this.cutOff(connection, closeCode.tooSlow, 'too slow');
				} else behind++;
			}
			if (behind === 0 && this.lagTimer !== null) {
				clearInterval(this.lagTimer);
				this.lagTimer = null;
			}
		}, 100);
		this.lagTimer.unref();
	}

	/** Rights or seal changed: they are read again from the disk and every open connection is asked anew. A socket without them is closed. */
	recheck(): void {
		this.reload();
	}

	private async readmit(connection: Connection): Promise<void> {
		const admission = await this.setting.ports.admit(connection.actor, this.kind, this.id);
		if (connection.gone) return;
		if (admission === null) {
			this.expel(connection, closeCode.forbidden, 'no longer admitted');
			return;
		}
		const before = JSON.stringify(connection.notice());
		connection.admission = withSeal(admission, this.sealed);
		if (JSON.stringify(connection.notice()) !== before) connection.sendNotice();
	}

	/** The rights on disk are no longer those updates were admitted under: read them again, ask everybody's, then judge what waited. */
	reload(): void {
		if (this.status !== 'open') {
			this.stale = true;
			return;
		}
		this.status = 'reloading';
		this.stale = false;
		const withdrawn = this.setting.queue.withdraw(this);
		this.inFlight -= withdrawn.length;
		this.waiting = withdrawn;
		this.reloading().catch((error: unknown) => {
			this.fail('a room could not be reloaded', error);
		});
	}

	private async reloading(): Promise<void> {
		await this.setting.queue.settled();
		const before = this.document.stateVector();
		do {
			this.stale = false;
			await this.load();
			await Promise.all([...this.connections].map((connection) => this.readmit(connection)));
			if (this.isGone) return;
		} while (this.stale);
		const missed = this.document.since(before);
		if (missed.length > 2) for (const connection of this.connections) if (connection.synced && connection.lag === null) connection.send(updateFrame(missed));
		// In the order they were first accepted: what failed at the writer, what had not reached it, what came since.
		const offers: Offer[] = [...this.failed, ...this.waiting];
		this.failed = [];
		this.waiting = [];
		this.status = 'open';
		for (const offer of offers) {
			if (offer.attempts > MAX_ATTEMPTS) this.refuse(offer, 'rights-changed');
			else this.offer(offer);
		}
		this.answer();
	}

	/** The server's own words (a projection). Resolves when they are on disk and shown. */
	write(update: Uint8Array): Promise<void> {
		return new Promise((resolve, reject) => {
			const slot: Slot = {
				get state() {
					return 'waiting' as const;
				},
				set state(value: Slot['state']) {
					if (value === 'stored') resolve();
					else reject(new Error('not stored'));
				}
			};
			if (this.isGone) reject(new Error('the room is gone'));
			else this.offer({ connection: null, slot, update, diff: false, attempts: 0 });
		});
	}

	/** Nothing this room would say can be relied on: everybody is sent away and keeps what was not acknowledged. */
	fail(what: string, error: unknown): void {
		if (this.status === 'gone') return;
		this.setting.ports.alarm(what, error, { room: this.name });
		this.end(closeCode.fault, 'the server cannot store edits now');
	}

	end(code: number, reason: string): void {
		if (this.status === 'gone') return;
		this.status = 'gone';
		this.setting.queue.withdraw(this);
		if (this.lagTimer !== null) clearInterval(this.lagTimer);
		this.presence.stop();
		for (const connection of [...this.connections]) connection.close(code, reason);
		this.connections.clear();
		this.setting.onGone(this);
	}
}

const again = ({ connection, slot, update, diff, attempts }: Entry): Offer => ({ connection, slot, update, diff, attempts: attempts + 1 });
const withSeal = (admission: Admission, sealed: boolean): Admission => (sealed ? { ...admission, sealed: true } : admission);
