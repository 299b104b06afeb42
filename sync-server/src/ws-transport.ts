import type { RawData, WebSocket } from 'ws';
import type { Packet, Receiver, Transport } from './transport.ts';

const GOODBYE_MS = 800;

/** A WebSocket as a line. */
export class WsTransport implements Transport {
	receiver: Receiver | null = null;
	readonly #socket: WebSocket;
	#answered = true;

	constructor(socket: WebSocket) {
		this.#socket = socket;
		socket.on('error', () => {
			socket.terminate();
		});
		socket.on('pong', () => {
			this.#answered = true;
		});
		socket.on('close', () => this.receiver?.onClose());
		socket.on('message', (data: RawData, binary: boolean) => {
			if (binary) this.receiver?.onFrame(data as Buffer);
			else this.receiver?.onMisuse('text frames are not part of the protocol');
		});
	}

	get open(): boolean {
		return this.#socket.readyState === this.#socket.OPEN;
	}

	get backlog(): number {
		return this.#socket.bufferedAmount;
	}

	send(message: Uint8Array): void {
		if (this.open) this.#socket.send(message, { binary: true });
	}

	sendPacket({ messages }: Packet): void {
		for (const message of messages) this.send(message);
	}

	close(code: number, reason: string): void {
		this.#socket.resume();
		this.#socket.close(code, reason);
		setTimeout(() => {
			this.#socket.terminate();
		}, GOODBYE_MS).unref();
	}

	terminate(): void {
		this.#socket.terminate();
	}

	pause(): void {
		this.#socket.pause();
	}

	resume(): void {
		this.#socket.resume();
	}

	alive(): boolean {
		const answered = this.#answered;
		this.#answered = false;
		if (this.open) this.#socket.ping();
		return answered;
	}
}
