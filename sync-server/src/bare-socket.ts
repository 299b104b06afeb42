import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** The part of Node's inside that lies under `Socket.write`: one write to the system, as far as it takes it, the rest queued in order. */
interface Handle {
	/** 0, or a negative error of the system; once its socket is being closed an error, and undefined at the end. The request is touched only if something had to be queued. */
	writeBuffer(request: Request, bytes: Uint8Array): number | undefined;
}
interface Request {
	/** called once if the write was queued */
	oncomplete: (this: Request, status: number) => void;
	owner: BareSocket | null;
	/** what is queued, kept alive */
	bytes: Uint8Array | null;
}
interface Inside {
	readonly WriteWrap: new () => Request;
	readonly streamBaseState: Int32Array;
	readonly kLastWriteWasAsync: number;
}

/** null where this Node looks different inside: then streams are written as they are meant to be. */
const inside = ((): Inside | null => {
	try {
		const found = (process as unknown as { binding(name: string): Partial<Inside> }).binding('stream_wrap');
		return typeof found.WriteWrap === 'function' && found.streamBaseState instanceof Int32Array && typeof found.kLastWriteWasAsync === 'number'
			? (found as Inside)
			: null;
	} catch {
		return null;
	}
})();

/**
 * Writes to a TCP socket below its stream. One keystroke in a full room is five hundred small writes; of what the server spends on each, the
 * stream's queue, callbacks and ticks are a tenth, and nobody here needs them: the system keeps the order, and `pending` is the back-pressure.
 */
export class BareSocket {
	/** bytes the system has not taken yet */
	pending = 0;
	private readonly socket: Socket;
	/** kept here, as the way to it through five hundred sockets is felt */
	private readonly handle: Handle;

	constructor(socket: Socket, handle: Handle) {
		this.socket = socket;
		this.handle = handle;
	}

	/** False: the line is broken. The bytes may not change until they have left. */
	write(bytes: Uint8Array): boolean {
		const request = spare ?? newRequest();
		spare = null;
		if (this.handle.writeBuffer(request, bytes) !== 0) return false;
		if (inside!.streamBaseState[inside!.kLastWriteWasAsync] === 0) spare = request;
		else {
			this.pending += bytes.length;
			request.owner = this;
			request.bytes = bytes;
		}
		return true;
	}

	broken(): void {
		this.socket.destroy();
	}
}

let spare: Request | null = null;
function newRequest(): Request {
	const request = new inside!.WriteWrap();
	request.oncomplete = completed;
	request.owner = null;
	request.bytes = null;
	return request;
}
function completed(this: Request, status: number): void {
	const { owner, bytes } = this;
	this.owner = null;
	this.bytes = null;
	if (owner === null || bytes === null) return;
	owner.pending -= bytes.length;
	if (status < 0) owner.broken();
}

/** null: this line is encrypted, its stream has something still to write, it is no TCP socket, or Node's inside is not the one known here; its stream is written instead. */
export function bareOf(socket: Duplex): BareSocket | null {
	if (inside === null || !(socket instanceof Socket) || 'encrypted' in socket || socket.writableLength > 0) return null;
	const handle = (socket as { readonly _handle?: Handle | null })._handle;
	return typeof handle?.writeBuffer === 'function' ? new BareSocket(socket, handle) : null;
}
