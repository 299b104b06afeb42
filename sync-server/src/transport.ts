/**
 * What a room needs of the line to one client. A WebSocket is one kind of line, long requests over HTTP another; rooms,
 * gate and acknowledgements cannot tell them apart. Messages are those of `protocol/`, whole, in order, at most once.
 */
export interface Transport {
	/** Set once by `Sync.attach`, before the first message can arrive. */
	receiver: Receiver | null;
	/** false from the moment `close` or `terminate` was called or the line broke */
	readonly open: boolean;
	/** bytes accepted by `send` that have not left this process */
	readonly backlog: number;
	/** One message. Nothing happens once the line is not open. The bytes belong to the line from now on. */
	send(message: Uint8Array): void;
	/** Several messages shared by many lines. They leave at once, behind what was sent before. */
	sendPacket(packet: Packet): void;
	/** What was sent in this turn of the loop need not wait for its end. */
	flush?(): void;
	/** Says goodbye with one of the protocol's close codes; what was sent before is delivered first. The line breaks soon after whatever the peer does. */
	close(code: number, reason: string): void;
	/** Breaks the line now. */
	terminate(): void;
	/** Stops delivering messages until `resume`; the peer is slowed, nothing is lost. */
	pause(): void;
	resume(): void;
	/** Asked every 15 seconds: false if the peer gave no sign of life since the last time. Asks it for one. */
	alive(): boolean;
}

/** What a line tells the server. `onClose` comes exactly once and is the last call. */
export interface Receiver {
	/** One whole message. The bytes are the receiver's from now on. */
	onFrame(message: Uint8Array): void;
	/** The peer broke the protocol of the line itself (a text frame, a frame without mask): it is to be closed. */
	onMisuse(reason: string): void;
	onClose(): void;
}

/** Messages for many lines, encoded once. */
export class Packet {
	readonly messages: readonly Uint8Array[];
	/** the messages as unmasked WebSocket frames, one behind the other */
	readonly wire: Buffer;

	constructor(messages: readonly Uint8Array[]) {
		this.messages = messages;
		this.wire = webSocketFrames(messages);
	}
}

const headerBytes = (length: number): number => (length < 126 ? 2 : length < 65_536 ? 4 : 10);

/** RFC 6455, 5.2: FIN, binary, no mask. */
export function webSocketFrames(messages: readonly Uint8Array[]): Buffer {
	const wire = Buffer.allocUnsafe(messages.reduce((sum, { length }) => sum + headerBytes(length) + length, 0));
	let at = 0;
	for (const message of messages) {
		const { length } = message;
		wire[at] = 0x82;
		if (length < 126) wire[at + 1] = length;
		else if (length < 65_536) {
			wire[at + 1] = 126;
			wire.writeUInt16BE(length, at + 2);
		} else {
			wire[at + 1] = 127;
			wire.writeBigUInt64BE(BigInt(length), at + 2);
		}
		at += headerBytes(length);
		wire.set(message, at);
		at += length;
	}
	return wire;
}
