import { Bucket } from './bucket.ts';
import type { Actor, Admission, KindRules, Limits } from './ports.ts';
import { ackFrame, admissionFrame, refusedFrame, type AdmissionNotice } from './protocol/index.ts';
import type { Transport } from './transport.ts';

/** The answer to one frame, in the order the frames came: acks count frames, so none may overtake. */
export interface Slot {
	state: 'waiting' | 'stored' | { readonly refused: string };
	/** a question that waits its turn, so that its answer holds all this connection wrote before */
	readonly answer?: () => void;
}

/** One open socket: who it is, what it may do now, and what it is still owed. */
export class Connection {
	readonly line: Transport;
	readonly actor: Actor;
	readonly limits: Limits;
	/** our own client, which understands admission notices */
	readonly live: boolean;
	/** epoch ms before its session was checked */
	readonly admittedFrom: number;
	private readonly versionFits: boolean;
	private readonly frames: Bucket;
	private readonly bytes: Bucket;
	private slots: Slot[] = [];
	admission: Admission;
	/** broadcasts start once the first question was answered */
	synced = false;
	/** the client has answered our own question, so a gap is a gap and not an edit that overtook it */
	offered = false;
	gone = false;
	refusals = 0;
	/** the clientID of this socket's presence */
	presence: number | null = null;
	lag: { readonly since: number; readonly stateVector: Uint8Array } | null = null;
	lastSentAt = Date.now();
	/** over its input budget: nothing more is read from it for a moment */
	resting = false;
	readonly inbox: Buffer[] = [];

	constructor({
		line,
		actor,
		admission,
		rules,
		version,
		live,
		limits,
		admittedFrom
	}: {
		line: Transport;
		actor: Actor;
		admission: Admission;
		rules: KindRules;
		version: string | null;
		live: boolean;
		limits: Limits;
		admittedFrom: number;
	}) {
		this.line = line;
		this.actor = actor;
		this.admission = admission;
		this.limits = limits;
		this.live = live;
		this.admittedFrom = admittedFrom;
		// An editor that does not know the schema would delete nodes it cannot show.
		this.versionFits = rules.mode === 'projection' || version === String(rules.version);
		const now = Date.now();
		this.frames = new Bucket(limits.socketFramesPerSecond, limits.socketFramesPerSecond * 5, now);
		this.bytes = new Bucket(limits.socketBytesPerSecond, limits.socketBytesPerSecond * 4, now);
	}

	/** Why nothing may be written, or null. */
	get why(): string | null {
		const { mode, sealed, writes } = this.admission;
		if (mode === 'projection') return 'read-only';
		if (sealed) return 'sealed';
		if (!this.versionFits) return 'version';
		return writes.length === 0 ? 'read-only' : null;
	}

	mayWrite(root: string): boolean {
		return this.why === null && (this.admission.writes === '*' || this.admission.writes.includes(root));
	}

	notice(): AdmissionNotice {
		const { mode, patient, writes, sealed } = this.admission;
		return { mode, patient, writes: this.why === null ? writes : [], sealed, why: this.why };
	}

	sendNotice(): void {
		if (this.live) this.send(admissionFrame(this.notice()));
	}

	/** Milliseconds this socket must rest before its next frame is read. */
	spend(frames: number, bytes: number, now: number): number {
		return Math.max(this.frames.take(frames, now), this.bytes.take(bytes, now));
	}

	get backlog(): number {
		return this.line.backlog;
	}

	send(frame: Uint8Array): void {
		if (this.gone || !this.line.open) return;
		this.lastSentAt = Date.now();
		this.line.send(frame);
	}

	/** A place in the line of answers. */
	slot(answer?: () => void): Slot {
		const slot: Slot = answer === undefined ? { state: 'waiting' } : { state: 'stored', answer };
		this.slots.push(slot);
		return slot;
	}

	get owed(): number {
		return this.slots.length;
	}

	/** Sends what can be answered now: one ack for a run of stored frames, one refusal for each run refused alike. */
	settle(): void {
		let at = 0;
		while (at < this.slots.length) {
			const { state, answer } = this.slots[at]!;
			if (state === 'waiting') break;
			if (answer !== undefined) {
				// An answer that ends the connection settles once more: the same question must not be asked again.
				this.slots = this.slots.slice(at + 1);
				at = 0;
				answer();
				continue;
			}
			let count = 0;
			const reason = state === 'stored' ? null : state.refused;
			for (let next = this.slots[at]; next !== undefined && next.answer === undefined && sameState(next.state, reason); next = this.slots[++at]) count++;
			this.send(reason === null ? ackFrame(count) : refusedFrame(count, reason));
		}
		if (at > 0) this.slots = this.slots.slice(at);
	}

	/** Nothing of this socket counts from now on. */
	close(code: number, reason: string): void {
		if (this.gone) return;
		this.gone = true;
		this.line.close(code, reason);
	}
}

const sameState = (state: Slot['state'], reason: string | null): boolean =>
	reason === null ? state === 'stored' : typeof state === 'object' && state.refused === reason;
