import * as decoding from 'lib0/decoding';
import { step2Frame, updateFrame } from '@tongping/sync-server/protocol';
import { PART_BYTES, splitUpdate } from './split-update.ts';

/** What the ledger must hear of a line, in the order it happens. A part is acknowledged like any frame, but only the last one confirms edits. */
export interface LineEars {
	sending(kind: 'part' | 'diff' | 'update'): void;
	heard(): void;
	/** something in this offer fits no frame: nothing of it was sent */
	unsendable(): void;
}

/** The two bytes before every sync frame of a y-websocket client: message type 0, then the step. */
export function sentKind(data: unknown): 'diff' | 'update' | null {
	if (!(data instanceof Uint8Array) || data[0] !== 0) return null;
	return data[1] === 1 ? 'diff' : data[1] === 2 ? 'update' : null;
}

function updateOf(frame: Uint8Array): Uint8Array {
	const decoder = decoding.createDecoder(frame);
	decoding.readVarUint(decoder);
	decoding.readVarUint(decoder);
	return decoding.readVarUint8Array(decoder);
}
const EMPTY = 5;
/** An edit of this size is looked into before it is sent; typing never reaches it. */
const LOOK_BYTES = PART_BYTES / 2;

/** The frames a frame is sent as. A diff is always looked into: one struct of it may claim more than the server lets any struct claim. */
function framesOf(kind: 'diff' | 'update', frame: Uint8Array): readonly Uint8Array[] | null {
	if (frame.length <= (kind === 'diff' ? EMPTY : LOOK_BYTES)) return [frame];
	const parts = splitUpdate(updateOf(frame));
	if (parts === null) return frame.length <= PART_BYTES ? [frame] : null;
	const last = parts.length - 1;
	return parts.map((part, at) => (at === last && kind === 'diff' ? step2Frame(part) : updateFrame(part)));
}

/** A WebSocket class for y-websocket that keeps every frame within the limit and counts exactly those the server acknowledges. */
export function watchedLine(Base: typeof WebSocket, ears: LineEars): typeof WebSocket {
	return class extends Base {
		constructor(url: string | URL, protocols?: string | string[]) {
			super(url, protocols);
			this.addEventListener('message', () => {
				ears.heard();
			});
		}

		override send(data: Parameters<WebSocket['send']>[0]): void {
			const kind = sentKind(data);
			if (kind === null) {
				super.send(data);
				return;
			}
			const frames = framesOf(kind, data as Uint8Array);
			if (frames === null) {
				ears.unsendable();
				return;
			}
			for (const [at, frame] of frames.entries()) {
				ears.sending(at === frames.length - 1 ? kind : 'part');
				super.send(frame as Uint8Array<ArrayBuffer>);
			}
		}
	};
}
