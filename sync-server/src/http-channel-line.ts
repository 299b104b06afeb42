import type { Goodbye, Mail } from './protocol/http-channel.ts';
import type { Packet, Receiver, Transport } from './transport.ts';

/** Bytes of one answer; more waits for the next. */
const ANSWER_BYTES = 4 << 20;
/** After the goodbye: time for it to be fetched. */
const FAREWELL_MS = 800;

/** A line whose messages wait here until the client asks for them. */
export class HttpLine implements Transport {
	readonly channel: string;
	readonly session: string;
	receiver: Receiver | null = null;
	/** epoch-free ms of the last request that named this channel */
	seenAt = performance.now();
	readonly #onMail: () => void;
	#out: Uint8Array[] = [];
	/** number of the first message in `#out` */
	#first = 0;
	#bytes = 0;
	#closed: Goodbye | null = null;
	#ended = false;
	#paused: Promise<void> | null = null;
	#resume = (): void => undefined;
	#seen = true;
	#next = 0;
	#taking: Promise<void> = Promise.resolve();

	constructor(channel: string, session: string, onMail: () => void) {
		this.channel = channel;
		this.session = session;
		this.#onMail = onMail;
	}

	get open(): boolean {
		return this.#closed === null;
	}
	get ended(): boolean {
		return this.#ended;
	}
	get backlog(): number {
		return this.#bytes;
	}

	send(message: Uint8Array): void {
		if (!this.open) return;
		this.#out.push(message);
		this.#bytes += message.length;
		this.#onMail();
	}

	sendPacket({ messages }: Packet): void {
		for (const message of messages) this.send(message);
	}

	close(code: number, reason: string): void {
		if (!this.open) return;
		this.#closed = { code, reason };
		this.resume();
		this.#onMail();
		setTimeout(() => {
			this.terminate();
		}, FAREWELL_MS).unref();
	}

	terminate(): void {
		this.#closed ??= { code: 1006, reason: 'gone' };
		this.resume();
		if (this.#ended) return;
		this.#ended = true;
		this.receiver?.onClose();
	}

	pause(): void {
		this.#paused ??= new Promise((resolve) => {
			this.#resume = resolve;
		});
	}

	resume(): void {
		this.#paused = null;
		this.#resume();
	}

	alive(): boolean {
		const seen = this.#seen;
		this.#seen = false;
		return seen;
	}

	touched(): void {
		this.#seen = true;
		this.seenAt = performance.now();
	}

	get hasMail(): boolean {
		return this.#out.length > 0 || this.#closed !== null;
	}

	/** Everything from message `from` on; what is older has arrived and is forgotten. */
	mail(from: number): Mail {
		const arrived = Math.min(Math.max(0, from - this.#first), this.#out.length);
		for (const message of this.#out.splice(0, arrived)) this.#bytes -= message.length;
		this.#first += arrived;
		let bytes = 0;
		let count = 0;
		for (const { length } of this.#out) {
			if (count > 0 && bytes + length > ANSWER_BYTES) break;
			bytes += length;
			count++;
		}
		return { channel: this.channel, first: this.#first, messages: this.#out.slice(0, count), closed: count === this.#out.length ? this.#closed : null };
	}

	/** The client's request number `n`. Resolves when its last message has been read; false if a request before it is missing. */
	async take(n: number, messages: readonly Uint8Array[]): Promise<boolean> {
		if (n === this.#next - 1) {
			await this.#taking;
			return true;
		}
		if (n !== this.#next) return false;
		this.#next++;
		this.#taking = this.#deliver(messages);
		await this.#taking;
		return true;
	}

	async #deliver(messages: readonly Uint8Array[]): Promise<void> {
		for (const message of messages) {
			while (this.#paused !== null) await this.#paused;
			if (!this.open) return;
			this.receiver?.onFrame(message);
		}
		// Only when it may go on reading is the client told to go on sending.
		while (this.#paused !== null) await this.#paused;
	}
}
