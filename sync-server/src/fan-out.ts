import type { Connection } from './connection.ts';
import { encodeClocks, type DocumentState } from './document-state.ts';
import type { Accepted } from './gate/index.ts';
import type { Limits } from './ports.ts';
import { closeCode, updateFrame } from './protocol/index.ts';
import { Packet, type Transport } from './transport.ts';

/**
 * Deliveries a second, and how long a room gathers at that rate: nothing while it is calm, one picture of a screen when it is busy, one and a
 * half where the machine itself has become what everybody waits for (decision 0024).
 */
const CALM = 12_000;
const BUSY = 24_000;
const FULL = 36_000;
const PICTURE_MS = 16;
const LONGEST_MS = 24;
const share = (rate: number, from: number, to: number): number => Math.min(1, Math.max(0, (rate - from) / (to - from)));
const frameMs = (rate: number): number => share(rate, CALM, BUSY) * PICTURE_MS + share(rate, BUSY, FULL) * (LONGEST_MS - PICTURE_MS);
/** A frame lasts from one showing to the next, so the commit between them comes on top, as long as the last one took and no longer than this. */
const COMMIT_MS = 4;
const RATE_WINDOW_MS = 250;
const LAG_LOOK_MS = 100;

/** What the fan-out asks of its room. */
export interface Audience {
	readonly connections: ReadonlySet<Connection>;
	readonly document: DocumentState;
	answerQuestion(connection: Connection, stateVector: Uint8Array): void;
	cutOff(connection: Connection, code: number, reason: string): void;
}

/**
 * Sends to the lines from `at` on and answers where it stopped: at `end`, or at a line behind its budget. A loop over hundreds of lines, alone in
 * a small function: inside a larger one V8 compiled it four times over in a server's first seconds (a third of a millisecond for each key).
 */
function pass(lines: readonly Transport[], packet: Packet, budget: number, at: number, end: number): number {
	for (; at < end; at++) {
		const line = lines[at]!;
		if (line.backlog > budget) break;
		line.sendPacket(packet);
	}
	return at;
}

/**
 * Shows what is on disk to everybody else. One buffer for all who get the same; nothing is held back while the room is
 * calm, up to a frame when it is busy. A line behind its byte budget is sent nothing, and one diff when it has drained.
 */
export class FanOut {
	private readonly audience: Audience;
	private readonly limits: Limits;
	private waiting: { readonly message: Uint8Array; readonly from: Connection | null }[] = [];
	/** first clock of each client that was stored but not shown */
	private readonly unshown = new Map<number, number>();
	/** those who are shown everything now, and their lines in the same order; null: to be found again */
	private readers: readonly Connection[] | null = null;
	private lines: readonly Transport[] = [];
	private timer: NodeJS.Timeout | null = null;
	private lagTimer: NodeJS.Timeout | null = null;
	// Times, and so doubles from the start: a zero would be an integer first, and what V8 has compiled for it is thrown away.
	/** when the frame that gathers now began */
	private frameFrom = -Infinity;
	/** when what the commit now under way brings may be seen */
	private showFrom = -Infinity;
	private committingFrom = -Infinity;
	private commitTook = 0;
	/** when readers were last sent something */
	shownAt = -Infinity;
	private windowFrom = -Infinity;
	private inWindow = 0;
	private rate = 0;

	constructor(audience: Audience, limits: Limits) {
		this.audience = audience;
		this.limits = limits;
	}

	/** `update` has just become durable. */
	add(update: Uint8Array, from: Connection | null, verdicts: Iterable<Accepted>): void {
		const { size } = this.audience.connections;
		if (size === 0 || (size === 1 && from !== null && this.audience.connections.has(from))) return;
		this.waiting.push({ message: updateFrame(update), from });
		for (const { fresh } of verdicts) for (const [client, clock] of fresh) this.unshown.set(client, Math.min(clock, this.unshown.get(client) ?? clock));
	}

	/**
	 * A commit begins. If it waited for a whole frame, the next frame begins with it: what comes meanwhile has waited for nothing yet.
	 * If another room's haste set it off, what it brings still waits for the frame's end.
	 */
	committing(): void {
		const now = performance.now();
		const wait = this.patience(now);
		this.showFrom = now + wait;
		this.committingFrom = now;
		if (wait < 1) this.frameFrom = now + Math.min(this.commitTook, COMMIT_MS);
	}

	/** That commit is complete. */
	committed(): void {
		const now = performance.now();
		this.commitTook = now - this.committingFrom;
		if (this.waiting.length === 0 || this.timer !== null) return;
		this.measure(now);
		const wait = this.showFrom - now;
		if (wait < 1) this.show();
		else
			this.timer = setTimeout(() => {
				this.timer = null;
				this.frameFrom = performance.now();
				this.show();
			}, wait);
	}

	/** Milliseconds until the present frame is complete; 0 while the room is calm. */
	patience(now = performance.now()): number {
		return this.rate <= CALM ? 0 : Math.max(0, this.frameFrom + frameMs(this.rate) - now);
	}

	private measure(now: number): void {
		const passed = now - this.windowFrom;
		if (passed < RATE_WINDOW_MS) return;
		this.rate = passed > 4 * RATE_WINDOW_MS ? 0 : (this.inWindow / passed) * 1000;
		this.windowFrom = now;
		this.inWindow = 0;
	}

	/** Sends everything that waits. Called before anything else is said about the document. */
	show(): void {
		if (this.timer !== null) {
			clearTimeout(this.timer);
			this.timer = null;
		}
		if (this.waiting.length === 0) return;
		const { waiting } = this;
		const readers = (this.readers ??= this.gather());
		const { lines } = this;
		const packet = new Packet(waiting.map((one) => one.message));
		const budget = this.limits.sendBudget;
		let before: Uint8Array | null = null;
		const behind = (at: number): void => {
			before ??= encodeClocks(this.shownClocks(this.audience.document));
			this.hold(readers[at]!, before, false);
		};
		this.shownAt = performance.now();
		const authors = new Set(waiting.flatMap(({ from }) => (from === null ? [] : readers.indexOf(from))));
		authors.delete(-1);
		let at = 0;
		for (const author of [...authors].sort((one, other) => one - other)) {
			while ((at = pass(lines, packet, budget, at, author)) < author) behind(at++);
			at++;
			if (lines[author]!.backlog > budget) {
				behind(author);
				continue;
			}
			const others = waiting.filter(({ from }) => from !== readers[author]);
			if (others.length > 0) lines[author]!.sendPacket(new Packet(others.map((one) => one.message)));
		}
		while ((at = pass(lines, packet, budget, at, lines.length)) < lines.length) behind(at++);
		this.inWindow += waiting.length * this.audience.connections.size;
		this.waiting = [];
		this.unshown.clear();
	}

	private gather(): readonly Connection[] {
		const readers = [...this.audience.connections].filter(({ synced, lag }) => synced && lag === null);
		this.lines = readers.map(({ line }) => line);
		return readers;
	}

	/** Somebody came, went, fell behind or caught up. */
	changed(): void {
		this.readers = null;
		this.lines = [];
	}

	private shownClocks(document: DocumentState): Map<number, number> {
		const clocks = document.clocks();
		for (const [client, clock] of this.unshown) {
			if (clock === 0) clocks.delete(client);
			else clocks.set(client, clock);
		}
		return clocks;
	}

	/** Sends this line nothing more until it has drained. */
	hold(connection: Connection, stateVector: Uint8Array, asked: boolean): void {
		connection.lag = { since: connection.lag?.since ?? performance.now(), stateVector, asked };
		this.changed();
		this.lagTimer ??= setInterval(() => {
			this.look();
		}, LAG_LOOK_MS);
		this.lagTimer.unref();
	}

	private look(): void {
		let behind = 0;
		const now = performance.now();
		for (const connection of this.audience.connections) {
			const { lag } = connection;
			if (lag === null) continue;
			if (connection.line.backlog < this.limits.sendBudget / 4) {
				this.show();
				connection.lag = null;
				this.changed();
				if (lag.asked) this.audience.answerQuestion(connection, lag.stateVector);
				else connection.send(updateFrame(this.audience.document.since(lag.stateVector)));
			} else if (now - lag.since > this.limits.lagMs) this.audience.cutOff(connection, closeCode.tooSlow, 'too slow');
			else behind++;
		}
		if (behind > 0 || this.lagTimer === null) return;
		clearInterval(this.lagTimer);
		this.lagTimer = null;
	}

	/** Forgets what waits: the room will send a diff instead. */
	drop(): void {
		this.waiting = [];
		this.unshown.clear();
	}

	stop(): void {
		if (this.timer !== null) clearTimeout(this.timer);
		if (this.lagTimer !== null) clearInterval(this.lagTimer);
		this.timer = null;
		this.lagTimer = null;
		this.drop();
	}
}
