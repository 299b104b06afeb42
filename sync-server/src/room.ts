import { Authors, SYSTEM } from './authors.ts';
import { Bucket } from './bucket.ts';
import type { Entry, Row } from './commit-queue.ts';
import { slotOf, type Connection, type Slot } from './connection.ts';
import { DocumentState } from './document-state.ts';
import { FanOut, type Audience } from './fan-out.ts';
import { askForHeldBack, holdBack, saysNothingNew } from './held-back.ts';
import type { House } from './house.ts';
import { again, MOST_ATTEMPTS, type Offer } from './offer.ts';
import type { Admission, KindRules, LiveAppended, SyncPorts } from './ports.ts';
import { Presence } from './presence.ts';
import { closeCode, decodeFrame, isHeartbeat, step1Frame, step2Frame, updateFrame, type Frame } from './protocol/index.ts';
import { costOf, overQuota, warnOf } from './quota.ts';
import { recover } from './recovery.ts';
import { isHostile } from './refusals.ts';
import { RoomCompaction } from './room-compaction.ts';
import { wholeFrame } from './whole-frame.ts';
import { Packet } from './transport.ts';

const MOST_EARLY = 256;

const NOBODY: ReadonlySet<Connection> = new Set();

/**
 * One live document and those who have it open. Every update goes gate -> disk -> ack -> everybody, in that order.
 * `opening`: nothing is answered. `open`: as promised. `reloading`: rights changed, offers wait. `gone`: nothing counts.
 */
export class Room implements Audience {
	readonly name: string;
	readonly kind: string;
	readonly id: string;
	readonly rules: KindRules;
	/** the rights this room's updates are admitted under */
	generation = 0;
	document: DocumentState;
	/** epoch ms of the last commit */
	changedAt = 0;
	private readonly house: House;
	private people: Set<Connection> | null = null;
	private seen: Presence | null = null;
	private shows: FanOut | null = null;
	private frames: Bucket | null = null;
	private authors: Authors | null = null;
	private status: 'opening' | 'open' | 'reloading' | 'gone' = 'opening';
	private waiting: Offer[] | null = null;
	private failed: Offer[] | null = null;
	private early: (Offer & { readonly connection: Connection })[] | null = null;
	private inFlight = 0;
	private position = 0;
	private sealed = false;
	private warned = false;
	/** rights changed once more while they were being read */
	private stale = false;
	private readonly compaction: RoomCompaction;

	constructor(kind: string, id: string, rules: KindRules, house: House) {
		this.house = house;
		this.kind = kind;
		this.id = id;
		this.rules = rules;
		this.name = `${kind}/${id}`;
		this.document = new DocumentState(rules.shape);
		this.compaction = new RoomCompaction(this, house.ports);
	}

	get ports(): SyncPorts {
		return this.house.ports;
	}

	get connections(): ReadonlySet<Connection> {
		return this.people ?? NOBODY;
	}

	get presence(): Presence | null {
		return this.seen;
	}

	get isGone(): boolean {
		return this.status === 'gone';
	}

	/** when everybody here was last shown something */
	get shownAt(): number {
		return this.shows?.shownAt ?? -Infinity;
	}

	get idle(): boolean {
		return this.connections.size === 0 && this.inFlight === 0 && this.waiting === null;
	}

	/** Rejects if the document cannot be loaded whole: an empty document is never served instead. */
	async open(): Promise<void> {
		await this.load();
		this.status = 'open';
		if (this.wantsCompaction) this.house.onGrown(this);
	}

	private async load(): Promise<void> {
		const loaded = await this.house.ports.load(this.name);
		const authors = loaded.snapshot === null && loaded.updates.length === 0 ? null : new Authors(this.house.limits.clientsPerUser, loaded);
		if (this.authors !== null) authors?.keepClaims(this.authors);
		const document = new DocumentState(this.rules.shape, loaded);
		// A compaction may have passed between the two readings: then it holds rows of `updates` too, and merging them again says nothing new.
		const second = loaded.snapshot === null ? null : await this.house.ports.loadV2?.(this.name);
		if (second) document.giveV2(second.v2);
		this.document = document;
		this.authors = authors ?? this.authors;
		this.generation = loaded.generation;
		this.sealed = loaded.sealed;
		this.position = loaded.position;
	}

	/** So many rows have gathered that the next join and the next load would feel it. */
	get wantsCompaction(): boolean {
		const { document } = this;
		return this.status === 'open' && (document.rowsSinceCompaction > this.house.limits.snapshotAfterRows || document.wantsCompaction);
	}

	get merging(): Promise<void> | null {
		return this.compaction.running;
	}

	/** What a compaction on this thread stores; null once the room has ended. */
	get snapshot(): { readonly document: DocumentState; readonly position: number; readonly owners: Readonly<Record<string, string>> } | null {
		return this.status === 'open' ? { document: this.document, position: this.position, owners: this.authors?.toJSON() ?? {} } : null;
	}

	/** Shortens joins and loads. One at a time; rows that come meanwhile stay behind it. */
	compact(): Promise<void> {
		return this.compaction.run();
	}

	join(connection: Connection): void {
		(this.people ??= new Set()).add(connection);
		connection.room = this;
		if (this.sealed) connection.admission = { ...connection.admission, sealed: true };
		connection.sendNotice();
	}

	leave(connection: Connection): void {
		connection.gone = true;
		if (this.people?.delete(connection) !== true) return;
		this.shows?.changed();
		if (this.early !== null) this.early = this.early.filter((offer) => offer.connection !== connection);
		this.seen?.leave(connection);
	}

	/** Ends a connection whose right to be here is over: what it has not got to the disk is not stored any more. */
	expel(connection: Connection, code: number, reason: string): void {
		const owed = connection.owed > 0;
		connection.close(code, reason);
		this.leave(connection);
		if (owed) this.reload();
	}

	/** Takes one frame; returns the milliseconds its line must rest. */
	receive(connection: Connection, data: Uint8Array, now: number): number {
		if (connection.gone || this.status === 'gone') return 0;
		const frame = decodeFrame(data);
		if (frame === null) {
			this.refuseFrame(connection, 'malformed');
			return 0;
		}
		this.handle(connection, frame);
		connection.settle();
		const { roomFramesPerSecond } = this.house.limits;
		this.frames ??= new Bucket(roomFramesPerSecond, roomFramesPerSecond * 5, now);
		// A question about the whole document costs more than an edit.
		return Math.max(connection.spend(frame.kind === 'step1' ? 10 : 1, data.length, now), this.frames.take(costOf(data.length), now));
	}

	private handle(connection: Connection, frame: Frame): void {
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
				if (isHeartbeat(frame.payload)) return;
				this.seen ??= new Presence(this, this.house.limits.awarenessMs[this.rules.mode], (client, by) => this.mayShow(client, by));
				if (!this.seen.receive(connection, frame.payload)) this.refuseFrame(connection, 'malformed');
				return;
			case 'query-awareness':
				this.seen?.greet(connection);
				return;
			case 'ack':
			case 'refused':
			case 'admission':
			case 'snapshot':
			case 'packed':
				this.refuseFrame(connection, 'malformed');
		}
	}

	answerQuestion(connection: Connection, stateVector: Uint8Array): void {
		this.shows?.show();
		if (connection.behind) {
			this.fanOut.hold(connection, stateVector, true);
			return;
		}
		let answer: Uint8Array;
		try {
			answer = wholeFrame(this.document, connection, stateVector) ?? step2Frame(this.document.since(stateVector));
		} catch {
			this.refuseFrame(connection, 'malformed');
			return;
		}
		// Asked after our own answer, so that the client's diff hangs on nothing it has not got.
		if (this.rules.mode === 'projection') connection.send(answer);
		else connection.sendPacket(new Packet([answer, step1Frame(this.document.stateVector())]), performance.now());
		if (!connection.synced) {
			connection.synced = true;
			this.shows?.changed();
			this.seen?.greet(connection);
		}
	}

	private get fanOut(): FanOut {
		return (this.shows ??= new FanOut(this, this.house.limits));
	}

	get names(): Authors {
		return (this.authors ??= new Authors(this.house.limits.clientsPerUser));
	}

	private mayShow(client: number, connection: Connection): boolean {
		const { user } = connection.actor;
		if (!this.names.mayUse(client, user, this.document.has(client))) return false;
		this.names.claim(client, user);
		return true;
	}

	private offer(offer: Offer): void {
		const { connection, slot, update, diff, attempts } = offer;
		if (connection?.gone === true) return;
		if (this.status !== 'open') {
			(this.waiting ??= []).push(offer);
			return;
		}
		if (connection !== null && this.house.ports.full?.() === true && !(diff && saysNothingNew(this.document, this.names, connection, update))) {
			holdBack(connection, slot, this.house);
			return;
		}
		// The server was restored, and this page may hold what it has lost.
		if (connection !== null && connection.recovering !== null && offer.parted !== true && recover(this, connection, slot, update, diff)) return;
		const { document } = this;
		const user = connection?.actor.user ?? SYSTEM;
		const verdict = document.check(update, {
			mayUse: (client) => this.names.mayUse(client, user, document.has(client)),
			mayWrite: (root) => connection === null || this.mayWriteNow(connection, root),
			readsOnly: connection !== null && this.readsNow(connection),
			diff
		});
		if (!verdict.ok) {
			this.refuse(offer, verdict.reason);
			return;
		}
		// Somebody deleted words here whose rights had ended: left out in silence, their screen would differ from everybody's for ever.
		if (connection !== null && verdict.dropped.length > 0 && document.stands(verdict.dropped)) {
			this.refuse(offer, 'denied-delete');
			return;
		}
		const size = verdict.fresh.reduce((sum, [, from, to]) => sum + to - from, 0);
		const over = connection === null ? null : overQuota(document, this.names, user, size, this.house.limits);
		if (over !== null) {
			this.refuse(offer, over);
			return;
		}
		if (diff && connection !== null) connection.offered = true;
		if (verdict.forward === null && this.inFlight === 0) {
			slot.state = 'stored';
			return;
		}
		document.accept(verdict);
		this.warned ||= warnOf(this, this.house);
		for (const [client] of verdict.fresh) this.names.wrote(client, user);
		this.inFlight++;
		this.house.queue.push({ room: this, connection, slot, update, diff, forward: verdict.forward, verdict, attempts }, this.shows?.patience() ?? 0);
	}

	/** Called by the queue: the disk was full, nothing of this is stored. Its authors keep it; what this room reckoned with is read again. */
	notStored(entries: readonly Entry[]): void {
		this.inFlight -= entries.length;
		if (this.status === 'gone') return;
		for (const entry of entries) {
			if (entry.connection === null) (this.failed ??= []).push(again(entry));
			else holdBack(entry.connection, entry.slot, this.house);
		}
		this.reload();
		this.answer(new Set(entries.flatMap(({ connection }) => connection ?? [])));
	}

	/** There is room again: everybody is asked for what was not stored. */
	askAgain(): void {
		if (this.status === 'open' && this.house.ports.full?.() !== true) askForHeldBack(this.connections, this.document);
	}

	mayWriteNow(connection: Connection, root: string): boolean {
		return !this.sealed && connection.mayWrite(root);
	}

	readsNow(connection: Connection): boolean {
		return this.sealed || connection.readsOnly;
	}

	/** The sender's own part of what a page brought over a restore. */
	offerOwn(connection: Connection, slot: Slot, update: Uint8Array): void {
		this.offer({ connection, slot, update, diff: true, parted: true, attempts: 0 });
	}

	/** An edit typed between connecting and our question overtakes the diff it hangs on: it waits for that diff. */
	private rejudgeEarly(connection: Connection): void {
		connection.offered = true;
		if (this.early === null) return;
		const mine = this.early.filter((offer) => offer.connection === connection);
		this.early = this.early.filter((offer) => offer.connection !== connection);
		for (const offer of mine) this.offer(offer);
	}

	private refuse(offer: Offer, verdict: string): void {
		const { connection, slot } = offer;
		if (connection === null) {
			this.fail('the server’s own update was refused', new Error(verdict));
			return;
		}
		if (!connection.offered && !offer.diff && (verdict === 'gap' || verdict === 'unknown-reference') && (this.early?.length ?? 0) < MOST_EARLY) {
			(this.early ??= []).push({ ...offer, connection });
			return;
		}
		const reason = verdict.startsWith('denied') ? (this.sealed ? 'sealed' : (connection.why ?? verdict)) : verdict;
		slot.state = { refused: reason };
		this.note(connection, reason);
		if (isHostile(reason)) this.cutOff(connection, reason === 'foreign-client' ? closeCode.forbidden : closeCode.malformed, reason);
		else if (connection.refusals > this.house.limits.refusalsPerSocket) this.cutOff(connection, closeCode.tooManyRefusals, 'too many refused updates');
	}

	/** A frame that is no offer: nothing to answer, only to note and to close. */
	refuseFrame(connection: Connection, reason: string): void {
		this.note(connection, reason);
		this.cutOff(connection, closeCode.malformed, reason);
	}

	note(connection: Connection, reason: string): void {
		const { ports, onRefusal } = this.house;
		onRefusal(reason);
		// A flood of bad frames must not become a flood of audit lines.
		if (connection.refusals++ >= 20) return;
		const { actor, admission } = connection;
		ports.auditRefusal({ actor, kind: this.kind, id: this.id, patient: admission.patient, reason }).catch((error: unknown) => {
			ports.alarm('a refusal could not be audited', error, { room: this.name });
		});
	}

	/** Closes after what was owed has been said; what this line already got past the gate is honest and stays. */
	cutOff(connection: Connection, code: number, reason: string): void {
		connection.settle();
		connection.close(code, reason);
		this.leave(connection);
	}

	/** Called by the queue for each row, in order, after its commit. `answer` null: nothing was to be stored. */
	stored(row: Row, answer: LiveAppended | null): void {
		this.inFlight -= row.entries.length;
		if (this.status === 'gone') return;
		// A row that says nothing new and stood behind a failed one is judged again with it.
		if (answer === null ? this.failed !== null : !answer.ok) {
			(this.failed ??= []).push(...row.entries.map(again));
			if (answer !== null) this.reload();
			return;
		}
		if (answer?.ok === true) {
			const verdicts = row.entries.map((entry) => entry.verdict);
			this.position = Math.max(this.position, answer.position);
			this.house.onChanged(this);
			this.changedAt = performance.now();
			this.document.stored(answer.position, row.update, verdicts);
			this.fanOut.add(row.update, row.entries[0]!.connection, verdicts);
		}
		for (const { slot } of row.entries) slot.state = 'stored';
	}

	/** A commit that holds updates of this room begins. */
	committing(): void {
		this.shows?.committing();
	}

	/** A commit is complete: sends the acks that have become due and shows what came. */
	answer(writers: Iterable<Connection>): void {
		for (const connection of writers) {
			connection.settle();
			// Not behind what hundreds of others are sent.
			connection.line.flush?.();
		}
		this.shows?.committed();
		if (this.compaction.due && this.wantsCompaction) this.house.onGrown(this);
	}

	/** Rights or seal changed: they are read again from the disk and every open connection is asked anew. A socket without them is closed. */
	recheck(): void {
		this.reload();
	}

	/** Asks one person's rights again: who they are now, and what they may do here now. */
	async readmit(connection: Connection): Promise<void> {
		const { ports } = this.house;
		const { session } = connection.actor;
		const actor = ports.actorOf === undefined ? connection.actor : await ports.actorOf(session);
		const admission = actor === null ? null : await ports.admit(actor, this.kind, this.id);
		if (connection.gone) return;
		if (actor === null || admission === null) {
			this.expel(connection, actor === null ? closeCode.signedOut : closeCode.forbidden, actor === null ? 'signed out' : 'no longer admitted');
			return;
		}
		const before = JSON.stringify(connection.notice());
		connection.actor = actor;
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
		const withdrawn = this.house.queue.withdraw(this);
		this.inFlight -= withdrawn.length;
		this.waiting = withdrawn;
		this.reloading().catch((error: unknown) => {
			this.fail('a room could not be reloaded', error);
		});
	}

	private async reloading(): Promise<void> {
		await this.house.queue.settled();
		this.shows?.show();
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
		const offers: Offer[] = [...(this.failed ?? []), ...(this.waiting ?? [])];
		this.failed = null;
		this.waiting = null;
		this.status = 'open';
		for (const offer of offers) {
			if (offer.attempts > MOST_ATTEMPTS) this.refuse(offer, 'rights-changed');
			else this.offer(offer);
		}
		this.answer(this.connections);
		this.askAgain();
	}

	/** The server's own words (a projection). Resolves when they are on disk and shown. */
	write(update: Uint8Array): Promise<void> {
		return new Promise((resolve, reject) => {
			const slot = slotOf(resolve, reject);
			if (this.isGone) reject(new Error('the room is gone'));
			else this.offer({ connection: null, slot, update, diff: false, attempts: 0 });
		});
	}

	/** Nothing this room would say can be relied on: everybody is sent away and keeps what was not acknowledged. */
	fail(what: string, error: unknown): void {
		if (this.status === 'gone') return;
		this.house.ports.alarm(what, error, { room: this.name });
		this.end(closeCode.fault, 'the server cannot store edits now');
	}

	end(code: number, reason: string): void {
		if (this.status === 'gone') return;
		if (this.status === 'open') this.shows?.show();
		this.status = 'gone';
		this.house.queue.withdraw(this);
		this.shows?.stop();
		this.seen?.stop();
		for (const connection of [...this.connections]) connection.close(code, reason);
		this.people = null;
		this.house.onGone(this);
	}
}

const withSeal = (admission: Admission, sealed: boolean): Admission => (sealed ? { ...admission, sealed: true } : admission);
