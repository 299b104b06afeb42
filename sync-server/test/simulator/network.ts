import type { Random } from '../../src/gate/random.ts';
import type { Packet, Receiver, Transport } from '../../src/transport.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface Weather {
	/** of a packet; a lost one comes late, as TCP sends it again, and everything behind it waits */
	readonly loss: number;
	readonly delayMs: number;
	/** bytes a second; 8,000 is 64 kbit/s */
	readonly bytesPerSecond: number;
}
export const fine: Weather = { loss: 0, delayMs: 2, bytesPerSecond: 1e9 };

const RETRANSMIT_MS = 250;

/** One connection: two one-way streams, each in order, each at its own pace. */
export class Line implements Transport {
	receiver: Receiver | null = null;
	open = true;
	/** the client's ear */
	onMessage: (message: Uint8Array) => void = () => undefined;
	onClosed: (code: number) => void = () => undefined;
	/** half open: nothing arrives any more in either direction, and nobody is told */
	dead = false;
	private readonly time: VirtualTime;
	private readonly random: Random;
	private readonly weather: Weather;
	private readonly server: object;
	private readonly free = { up: 0, down: 0 };
	private waitingBytes = 0;
	private paused = false;
	private readonly held: Uint8Array[] = [];
	private pongs = 0;
	private closedToServer = false;

	constructor(time: VirtualTime, random: Random, weather: Weather, server: object) {
		this.time = time;
		this.random = random;
		this.weather = weather;
		this.server = server;
	}

	private stream(direction: 'up' | 'down', bytes: number, arrive: () => void): void {
		const { loss, delayMs, bytesPerSecond } = this.weather;
		let arrival = Math.max(this.time.now, this.free[direction]) + (bytes / bytesPerSecond) * 1000;
		this.free[direction] = arrival;
		while (this.random.chance(loss)) arrival += RETRANSMIT_MS;
		arrival += this.random.next() * delayMs;
		// In order: nothing overtakes within one connection.
		this.free[direction] = Math.max(this.free[direction], arrival);
		this.time.as(this.server, () => {
			this.time.after(arrival - this.time.now, arrive);
		});
	}

	/* what the server holds */
	get backlog(): number {
		return this.waitingBytes;
	}
	send(message: Uint8Array): void {
		if (!this.open) return;
		const copy = message.slice();
		this.waitingBytes += copy.length;
		this.stream('down', copy.length, () => {
			this.waitingBytes -= copy.length;
			if (!this.dead) this.onMessage(copy);
		});
	}
	sendPacket(packet: Packet): void {
		for (const message of packet.messages) this.send(message);
	}
	close(code: number, _reason: string): void {
		if (!this.open) return;
		this.open = false;
		this.stream('down', 8, () => {
			if (!this.dead) this.onClosed(code);
		});
		this.time.after(0, () => {
			this.tellServer();
		});
	}
	terminate(): void {
		this.close(1006, '');
	}
	pause(): void {
		this.paused = true;
	}
	resume(): void {
		this.paused = false;
		for (const message of this.held.splice(0)) this.receiver?.onFrame(message);
	}
	alive(): boolean {
		if (!this.dead) return true;
		return this.pongs++ === 0;
	}

	/* what the client holds */
	up(message: Uint8Array): void {
		const copy = message.slice();
		this.stream('up', copy.length, () => {
			if (this.dead || !this.open) return;
			if (this.paused) this.held.push(copy);
			else this.receiver?.onFrame(copy);
		});
	}
	/** The client goes; the server hears of it after everything that was sent, or never. */
	hangUp(): void {
		this.stream('up', 8, () => {
			this.open = false;
			if (!this.dead) this.tellServer();
		});
	}
	private tellServer(): void {
		if (this.closedToServer) return;
		this.closedToServer = true;
		this.receiver?.onClose();
	}
}
