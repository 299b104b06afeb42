import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { bareOf, type BareSocket } from './bare-socket.ts';
import { webSocketFrames, type Packet, type Receiver, type Transport } from './transport.ts';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const KEY = /^[+/0-9A-Za-z]{22}==$/u;
const GOODBYE_MS = 800;
/** Messages of one line handled before the next line has its turn. */
const TURN_MESSAGES = 32;
const TURN_BYTES = 128 * 1024;
const LINE = Symbol('line');
const PING = Buffer.from([0x89, 0]);
const NOTHING = Buffer.alloc(0);

interface Wired extends Duplex {
	[LINE]?: WebSocketLine;
	setNoDelay?(on: boolean): void;
	setTimeout?(ms: number): void;
}

/** Answers the handshake of RFC 6455, without extensions. Null: it was none, and the socket is closed. */
export function acceptWebSocket(request: IncomingMessage, socket: Duplex, head: Buffer, maxMessage: number): WebSocketLine | null {
	const { 'sec-websocket-key': key, 'sec-websocket-version': version, upgrade } = request.headers;
	if (request.method !== 'GET' || upgrade?.toLowerCase() !== 'websocket' || key === undefined || !KEY.test(key) || version !== '13') {
		socket.end('HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
		return null;
	}
	const accept = hash('sha1', key + GUID, 'base64');
	socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
	return new WebSocketLine(socket, head, maxMessage);
}

/**
 * A WebSocket as a line, as bare as the standard allows: thousands of them sit in one process and each costs little more
 * than its socket. It speaks binary messages only. What one turn of the loop sends to a line leaves in one write, a packet at once.
 */
export class WebSocketLine implements Transport {
	// First what every delivery looks at, side by side: five hundred lines at a time are not in the processor's memory.
	private readonly bare: BareSocket | null;
	/** `deaf`: a goodbye is on its way to a peer that speaks no WebSocket; what it says is read and thrown away, so that it can hear */
	private status: 'open' | 'closing' | 'deaf' | 'closed' = 'open';
	private out: Buffer | Buffer[] | null = null;
	private outBytes = 0;
	receiver: Receiver | null = null;
	private readonly socket: Wired;
	private readonly maxMessage: number;
	/** bytes that came and were not handled yet */
	private rest: Buffer = NOTHING;
	private parts: Buffer[] | null = null;
	private partBytes = 0;
	private paused = false;
	private queued = false;
	private answered = true;

	constructor(socket: Duplex, head: Buffer, maxMessage: number) {
		this.socket = socket;
		this.bare = bareOf(socket);
		this.maxMessage = maxMessage;
		this.socket[LINE] = this;
		this.socket.setNoDelay?.(true);
		this.socket.setTimeout?.(0);
		socket.on('data', heard);
		socket.on('close', ended);
		socket.on('end', halfClosed);
		socket.on('error', broken);
		if (head.length > 0) socket.unshift(head);
	}

	get open(): boolean {
		return this.status === 'open';
	}

	get backlog(): number {
		return (this.bare?.pending ?? this.socket.writableLength) + this.outBytes;
	}

	send(message: Uint8Array): void {
		if (this.status === 'open') this.write(webSocketFrames([message]));
	}

	sendPacket(packet: Packet): void {
		if (this.status !== 'open') return;
		if (this.out === null) this.put(packet.wire);
		else {
			this.write(packet.wire);
			this.flush();
		}
	}

	close(code: number, reason: string): void {
		if (this.status !== 'open') return;
		const words = Buffer.from(reason).subarray(0, 123);
		const frame = Buffer.allocUnsafe(4 + words.length);
		frame[0] = 0x88;
		frame[1] = 2 + words.length;
		frame.writeUInt16BE(code, 2);
		words.copy(frame, 4);
		this.write(frame);
		this.status = 'closing';
		this.parts = null;
		// Read on, so that the peer's own goodbye is found; what else it says does not count.
		this.resume();
		setTimeout(() => {
			this.terminate();
		}, GOODBYE_MS).unref();
	}

	terminate(): void {
		this.status = 'closed';
		this.out = null;
		this.outBytes = 0;
		this.rest = NOTHING;
		this.parts = null;
		this.socket.destroy();
	}

	pause(): void {
		if (this.status !== 'open') return;
		this.paused = true;
		this.socket.pause();
	}

	resume(): void {
		if (!this.paused) return;
		this.paused = false;
		if (this.rest.length === 0) this.socket.resume();
		else this.wait();
	}

	alive(): boolean {
		const { answered } = this;
		this.answered = false;
		if (this.status === 'open') this.write(PING);
		return answered;
	}

	private write(bytes: Buffer): void {
		this.outBytes += bytes.length;
		if (this.out === null) {
			this.out = bytes;
			if (written.push(this) === 1) process.nextTick(flushAll);
		} else if (Array.isArray(this.out)) this.out.push(bytes);
		else this.out = [this.out, bytes];
	}

	flush(): void {
		const { out } = this;
		if (out === null) return;
		this.out = null;
		this.outBytes = 0;
		if (this.status !== 'closed') this.put(Array.isArray(out) ? Buffer.concat(out) : out);
	}

	private put(bytes: Buffer): void {
		if (this.bare === null) this.socket.write(bytes);
		else if (!this.bare.write(bytes)) this.terminate();
	}

	heard(chunk: Buffer): void {
		if (this.status === 'deaf') return;
		this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
		if (!this.paused && !this.queued) this.turn();
	}

	/** Handles what has come, a fair share at a time. While something is left the socket is not read. */
	turn(): void {
		this.queued = false;
		const end = this.read();
		if (this.status === 'closed') return;
		if (end === 'more') {
			this.socket.pause();
			this.wait();
		} else if (!this.paused && this.socket.isPaused()) this.socket.resume();
	}

	private wait(): void {
		if (this.queued) return;
		this.queued = true;
		if (turns.push(this) === 1) setImmediate(nextTurns);
	}

	private read(): 'done' | 'more' {
		let handled = 0;
		let bytes = 0;
		while (!this.paused && (this.status === 'open' || this.status === 'closing')) {
			const { rest } = this;
			if (rest.length < 2) return 'done';
			const first = rest[0]!;
			let length = rest[1]! & 127;
			const masked = (rest[1]! & 128) !== 0;
			const control = (first & 8) !== 0;
			const opcode = first & 15;
			if ((first & 0x70) !== 0 || (opcode > 2 && opcode < 8) || opcode > 10) return this.fail(1002, 'not a WebSocket frame');
			if (!masked) return this.fail(1002, 'frames of a client are masked');
			if (control && (length > 125 || (first & 128) === 0)) return this.fail(1002, 'not a control frame');
			let at = 2;
			if (length === 126) {
				if (rest.length < 4) return 'done';
				length = rest.readUInt16BE(2);
				at = 4;
			} else if (length === 127) {
				if (rest.length < 10) return 'done';
				if (rest.readUInt32BE(2) > 0) return this.fail(1009, 'message too large');
				length = rest.readUInt32BE(6);
				at = 10;
			}
			if (!control && this.partBytes + length > this.maxMessage) return this.fail(1009, 'message too large');
			if (rest.length < at + 4 + length) return 'done';
			if (handled === TURN_MESSAGES || bytes > TURN_BYTES) return 'more';
			handled++;
			bytes += length;
			const payload = rest.subarray(at + 4, at + 4 + length);
			unmask(payload, rest[at]!, rest[at + 1]!, rest[at + 2]!, rest[at + 3]!);
			this.rest = rest.length === at + 4 + length ? NOTHING : rest.subarray(at + 4 + length);
			if (control) this.control(opcode, payload);
			else if (!this.data(opcode, (first & 128) !== 0, payload)) return this.fail(1002, 'fragments out of order');
		}
		return 'done';
	}

	/** False: a fragment that continues nothing, or a message inside another. */
	private data(opcode: number, last: boolean, payload: Buffer): boolean {
		if ((opcode === 0) !== (this.parts !== null)) return this.status !== 'open';
		if (this.status !== 'open') return true;
		this.answered = true;
		if (opcode === 1) {
			this.receiver?.onMisuse('text frames are not part of the protocol');
			return true;
		}
		if (last && this.parts === null) {
			this.receiver?.onFrame(payload);
			return true;
		}
		const parts = (this.parts ??= []);
		parts.push(payload);
		// Empty fragments cost memory without counting as bytes.
		this.partBytes += payload.length + 16;
		if (last) {
			this.parts = null;
			this.partBytes = 0;
			this.receiver?.onFrame(Buffer.concat(parts));
		}
		return true;
	}

	private control(opcode: number, payload: Buffer): void {
		if (opcode === 9 && this.status === 'open') {
			const pong = Buffer.allocUnsafe(2 + payload.length);
			pong[0] = 0x8a;
			pong[1] = payload.length;
			payload.copy(pong, 2);
			// Somebody who pings and does not read gets no answers queued.
			if (this.backlog < 65_536) this.write(pong);
		} else if (opcode === 10) this.answered = true;
		else if (opcode === 8) {
			// Half a code is none; 1004 to 1006 and 1015 are never said on a line.
			const code = payload.length === 0 ? 1000 : payload.length === 1 ? 1002 : payload.readUInt16BE(0);
			if (this.status === 'open') this.close(code >= 1000 && code < 5000 && (code < 1004 || code > 1006) && code !== 1015 ? code : 1002, '');
			this.flush();
			this.socket.end();
		}
	}

	private fail(code: number, reason: string): 'done' {
		this.rest = NOTHING;
		if (this.status === 'open') {
			this.close(code, reason);
			this.status = 'deaf';
			this.flush();
			this.socket.end();
		} else this.terminate();
		return 'done';
	}

	ended(): void {
		this.status = 'closed';
		this.out = null;
		this.rest = NOTHING;
		this.parts = null;
		const { receiver } = this;
		this.receiver = null;
		receiver?.onClose();
	}
}

function unmask(bytes: Buffer, a: number, b: number, c: number, d: number): void {
	const whole = bytes.length & ~3;
	for (let i = 0; i < whole; i += 4) {
		bytes[i]! ^= a;
		bytes[i + 1]! ^= b;
		bytes[i + 2]! ^= c;
		bytes[i + 3]! ^= d;
	}
	if (whole < bytes.length) bytes[whole]! ^= a;
	if (whole + 1 < bytes.length) bytes[whole + 1]! ^= b;
	if (whole + 2 < bytes.length) bytes[whole + 2]! ^= c;
}

// One function for all sockets: a closure for each would be most of what a line costs.
function heard(this: Wired, chunk: Buffer): void {
	this[LINE]?.heard(chunk);
}
function ended(this: Wired): void {
	this[LINE]?.ended();
}
function halfClosed(this: Wired): void {
	this.destroy();
}
function broken(this: Wired): void {
	this[LINE]?.terminate();
}

let written: WebSocketLine[] = [];
function flushAll(): void {
	const lines = written;
	written = [];
	for (const line of lines) line.flush();
}

let turns: WebSocketLine[] = [];
function nextTurns(): void {
	const lines = turns;
	turns = [];
	for (const line of lines) line.turn();
}
