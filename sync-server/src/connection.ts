import { REST_MS } from './bucket.ts';
import type { Actor, Admission, KindRules, Limits } from './ports.ts';
import { ackFrame, admissionFrame, closeCode, refusedFrame, type AdmissionNotice } from './protocol/index.ts';
import type { Room } from './room.ts';
import type { Packet, Receiver, Transport } from './transport.ts';

/** The answer to one frame, in the order the frames came: acks count frames, so none may overtake. */
export interface Slot {
	state: 'waiting' | 'stored' | { readonly refused: string };
	/** a question that waits its turn, so that its answer holds all this connection wrote before */
	readonly answer?: () => void;
}

/** The place of what nobody's line waits for. */
export const slotOf = (resolve: () => void, reject: (error: Error) => void): Slot => ({
	get state() {
		return 'waiting' as const;
	},
	set state(value: Slot['state']) {
		if (value === 'stored') resolve();
		else reject(new Error('not stored'));
	}
});

export type SecondForm = false | 'plain' | 'packed';

/** Who came through the door, for which document, and what their request said about their client. */
export interface Entrance {
	readonly actor: Actor;
	readonly kind: string;
	readonly id: string;
	readonly rules: KindRules;
	readonly admission: Admission;
	/** the schema version the client names */
	readonly version: string | null;
	/** our own client: it understands admission notices and is told by close codes why it was turned away */
	readonly live: boolean;
	/** it also reads the whole document in the shorter second form, or even deflated */
	readonly v2: SecondForm;
	/** epoch ms before its session was checked */
	readonly admittedFrom: number;
	/** how often the server was restored, plus one */
	readonly epoch?: number;
	/** the older epoch our own client announces: it may hold words this server has lost. null: it does not */
	readonly recovering?: number | null;
	/** clientIDs our own client says it has typed under */
	readonly mine?: ReadonlySet<number>;
}

/** Where a connection's frames go. */
export interface Desk {
	receive(connection: Connection, message: Uint8Array): void;
	left(connection: Connection): void;
}

/** Behind its byte budget: it is sent nothing until it has drained, then what a holder of `stateVector` lacks. */
export interface Lag {
	readonly since: number;
	readonly stateVector: Uint8Array;
	/** it asked for the document meanwhile: the answer is that of a question */
	readonly asked: boolean;
}

const NONE: Slot[] = [];
const NO_CLIENTS: ReadonlySet<number> = new Set();
const BURST_SECONDS = 2;
/** Frames of one connection that may wait for the disk before it is read no further. */
const MOST_OWED = 2048;

/** One open line: who it is, what it may do now, and what it is still owed. */
export class Connection implements Receiver {
	readonly line: Transport;
	/** as the hospital knew them when rights were last asked */
	actor: Actor;
	readonly kind: string;
	readonly id: string;
	readonly limits: Limits;
	readonly live: boolean;
	readonly v2: SecondForm;
	readonly admittedFrom: number;
	readonly epoch: number;
	readonly mine: ReadonlySet<number>;
	recovering: number | null;
	/** something it offered was set aside: it is asked to begin anew */
	aside = false;
	admission: Admission;
	/** null until it has joined */
	room: Room | null = null;
	/** broadcasts start once the first question was answered */
	synced = false;
	/** the client has answered our own question, so a gap is a gap and not an edit that overtook it */
	offered = false;
	/** the disk was full when it wrote: it holds words it must be asked for */
	unsaved = false;
	gone = false;
	refusals = 0;
	/** the clientID of this line's presence */
	presence: number | null = null;
	lag: Lag | null = null;
	private lastSentAt = performance.now();
	/** what came before the document was loaded */
	early: Uint8Array[] | null = null;
	private readonly desk: Desk;
	private readonly versionFits: boolean;
	private slots: Slot[] = NONE;
	/** why it is not read now: over its input budget, or too much on its way to the disk */
	private resting = false;
	private owing = false;
	private frames: number;
	private bytes: number;
	private at = performance.now();

	constructor(
		line: Transport,
		{ actor, kind, id, rules, admission, version, live, v2, admittedFrom, epoch = 1, recovering = null, mine = NO_CLIENTS }: Entrance,
		limits: Limits,
		desk: Desk
	) {
		this.line = line;
		this.actor = actor;
		this.kind = kind;
		this.id = id;
		this.admission = admission;
		this.limits = limits;
		this.live = live;
		this.v2 = v2;
		this.admittedFrom = admittedFrom;
		this.epoch = epoch;
		this.recovering = recovering;
		this.mine = mine;
		this.desk = desk;
		// An editor that does not know the schema would delete nodes it cannot show.
		this.versionFits = rules.mode === 'projection' || version === String(rules.version);
		this.frames = limits.socketFramesPerSecond * BURST_SECONDS;
		this.bytes = limits.socketBytesPerSecond * BURST_SECONDS;
		line.receiver = this;
	}

	onFrame(message: Uint8Array): void {
		if (!this.gone) this.desk.receive(this, message);
	}

	onMisuse(reason: string): void {
		this.close(closeCode.malformed, reason);
	}

	onClose(): void {
		this.gone = true;
		this.desk.left(this);
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

	get readsOnly(): boolean {
		return this.why !== null || (this.admission.writes !== '*' && this.admission.writes.length === 0);
	}

	notice(): AdmissionNotice {
		const { mode, patient, writes, sealed } = this.admission;
		return { mode, patient, writes: this.why === null ? writes : [], sealed, why: this.why, epoch: this.recovering ?? this.epoch };
	}

	sendNotice(): void {
		if (this.live) this.send(admissionFrame(this.notice()));
	}

	/** Milliseconds this line must rest before its next frame is read. Debt is waited for: nothing is dropped, only slowed. */
	spend(frames: number, bytes: number, now: number): number {
		const { socketFramesPerSecond, socketBytesPerSecond } = this.limits;
		const seconds = (now - this.at) / 1000;
		this.at = now;
		this.frames = Math.min(socketFramesPerSecond * BURST_SECONDS, this.frames + seconds * socketFramesPerSecond) - frames;
		this.bytes = Math.min(socketBytesPerSecond * BURST_SECONDS, this.bytes + seconds * socketBytesPerSecond) - bytes;
		const rest = Math.max(-this.frames / socketFramesPerSecond, -this.bytes / socketBytesPerSecond) * 1000;
		return rest > 0 ? Math.max(REST_MS, Math.ceil(rest)) : 0;
	}

	/** Reads nothing for a while. */
	rest(ms: number): void {
		if (this.resting) return;
		this.resting = true;
		this.line.pause();
		setTimeout(() => {
			this.resting = false;
			this.readOn();
		}, ms).unref();
	}

	private readOn(): void {
		if (!this.resting && !this.owing) this.line.resume();
	}

	get behind(): boolean {
		return this.line.backlog > this.limits.sendBudget;
	}

	/** When it was last sent anything, by itself or with everybody. */
	get sentAt(): number {
		return this.synced && this.lag === null && this.room !== null ? Math.max(this.lastSentAt, this.room.shownAt) : this.lastSentAt;
	}

	send(frame: Uint8Array): void {
		if (this.gone) return;
		this.lastSentAt = performance.now();
		this.line.send(frame);
	}

	sendPacket(packet: Packet, now: number): void {
		if (this.gone) return;
		this.lastSentAt = now;
		this.line.sendPacket(packet);
	}

	/** A place in the line of answers. */
	slot(answer?: () => void): Slot {
		const slot: Slot = answer === undefined ? { state: 'waiting' } : { state: 'stored', answer };
		if (this.slots === NONE) this.slots = [slot];
		else this.slots.push(slot);
		if (!this.owing && this.slots.length >= MOST_OWED) {
			this.owing = true;
			this.line.pause();
		}
		return slot;
	}

	get owed(): number {
		return this.slots.length;
	}

	/** Sends what can be answered now: one ack for a run of stored frames, one refusal for each run refused alike. */
	settle(): void {
		let at = 0;
		let settled = false;
		while (at < this.slots.length) {
			const { state, answer } = this.slots[at]!;
			if (state === 'waiting') break;
			if (answer !== undefined) {
				// An answer that ends the connection settles once more: the same question must not be asked again.
				this.slots = this.slots.slice(at + 1);
				at = 0;
				settled = true;
				answer();
				continue;
			}
			let count = 0;
			const reason = state === 'stored' ? null : state.refused;
			for (let next = this.slots[at]; next !== undefined && next.answer === undefined && sameState(next.state, reason); next = this.slots[++at]) count++;
			this.send(reason === null ? ackFrame(count) : refusedFrame(count, reason));
		}
		if (at === 0 && !settled) return;
		this.slots = at === this.slots.length ? NONE : this.slots.slice(at);
		if (this.owing && this.slots.length < MOST_OWED / 2) {
			this.owing = false;
			this.readOn();
		}
	}

	/** Nothing of this line counts from now on. */
	close(code: number, reason: string): void {
		if (this.gone) return;
		this.gone = true;
		this.line.close(code, reason);
	}
}

const sameState = (state: Slot['state'], reason: string | null): boolean =>
	reason === null ? state === 'stored' : typeof state === 'object' && state.refused === reason;
