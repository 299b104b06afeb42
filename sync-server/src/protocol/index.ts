/**
 * The wire at `/sync/<kind>/<id>`: the y-websocket protocol with three messages of our own. Browser-safe.
 * `[8,1,n]`: the next n step-2/update frames of this connection, in send order, are on disk.
 * `[8,0,n,reason]`: they were refused and nothing of them is kept.
 * `[12,update]`: in place of step 2, in answer to the first question of a client that names `live=1&v2=1` and asked with an empty
 * state vector: the whole document in Yjs' second form, a third shorter. Where none is at hand step 2 comes as ever.
 * `[13,packed]`: the same for a client that names `v2=2`, as raw deflate (RFC 1951): half of that again.
 * `[9,json]`: what this connection may do now; sent only to clients that name `live=1` in their URL, since a stock client logs unknown types.
 */
import * as decoding from 'lib0/decoding';
import type { Admission } from '@tongping/domain/kernel';
import { uintBytes, uints, writeUint } from './uint.ts';

const SYNC = 0;
const AWARENESS = 1;
const QUERY_AWARENESS = 3;
const ACK = 8;
const ADMISSION = 9;
const SNAPSHOT = 12;
const PACKED = 13;
/** Handlers of a y-websocket provider are registered under these numbers. */
export const messageType = { ack: ACK, admission: ADMISSION, snapshot: SNAPSHOT, packed: PACKED } as const;

/** 4400 to 4499 tell a y-websocket client that reconnecting cannot help. */
export const closeCode = {
	goingAway: 1001,
	fault: 1011,
	tooSlow: 1013,
	malformed: 4400,
	signedOut: 4401,
	forbidden: 4403,
	notFound: 4404,
	/** the server was restored: what the page held of others is set aside, it begins anew with what the server has */
	restored: 4412,
	tooManyRefusals: 4429
} as const;

export type AdmissionNotice = Pick<Admission, 'mode' | 'patient' | 'writes' | 'sealed'> & {
	/** why nothing may be written, if nothing may */ readonly why: string | null;
	/** what a client announces as `epoch=` when it comes back, so that a restored server knows it may be ahead */ readonly epoch?: number;
};

export type Frame =
	| { readonly kind: 'step1'; readonly stateVector: Uint8Array }
	| { readonly kind: 'step2' | 'update'; readonly update: Uint8Array }
	| { readonly kind: 'awareness'; readonly payload: Uint8Array }
	| { readonly kind: 'query-awareness' }
	| { readonly kind: 'ack'; readonly count: number }
	| { readonly kind: 'refused'; readonly count: number; readonly reason: string }
	| { readonly kind: 'admission'; readonly notice: AdmissionNotice }
	/** to be applied with `applyUpdateV2` */
	| { readonly kind: 'snapshot'; readonly update: Uint8Array }
	/** a snapshot, deflated */
	| { readonly kind: 'packed'; readonly deflated: Uint8Array };

/** One whole frame, or null if it is none of ours. Never throws. What it returns are views of `data`. */
export function decodeFrame(data: Uint8Array): Frame | null {
	try {
		const decoder = decoding.createDecoder(data);
		const frame = read(decoder);
		return decoding.hasContent(decoder) ? null : frame;
	} catch {
		return null;
	}
}

function read(decoder: decoding.Decoder): Frame | null {
	switch (decoding.readVarUint(decoder)) {
		case SYNC: {
			const step = decoding.readVarUint(decoder);
			const payload = decoding.readVarUint8Array(decoder);
			if (step === 0) return { kind: 'step1', stateVector: payload };
			return step === 1 ? { kind: 'step2', update: payload } : step === 2 ? { kind: 'update', update: payload } : null;
		}
		case AWARENESS:
			return { kind: 'awareness', payload: decoding.readVarUint8Array(decoder) };
		case QUERY_AWARENESS:
			return { kind: 'query-awareness' };
		case ACK: {
			const stored = decoding.readVarUint(decoder) === 1;
			const count = decoding.readVarUint(decoder);
			return stored ? { kind: 'ack', count } : { kind: 'refused', count, reason: decoding.readVarString(decoder) };
		}
		case ADMISSION:
			return { kind: 'admission', notice: JSON.parse(decoding.readVarString(decoder)) as AdmissionNotice };
		case SNAPSHOT:
			return { kind: 'snapshot', update: decoding.readVarUint8Array(decoder) };
		case PACKED:
			return { kind: 'packed', deflated: decoding.readVarUint8Array(decoder) };
		default:
			return null;
	}
}

/** Presence without a state: a client's sign of life. */
export const isHeartbeat = (payload: Uint8Array): boolean => payload.length === 1 && payload[0] === 0;

/** Small numbers and one string of bytes. */
function frame(head: readonly number[], payload: Uint8Array): Uint8Array {
	const start = head.reduce((sum, value) => sum + uintBytes(value), uintBytes(payload.length));
	const bytes = new Uint8Array(start + payload.length);
	let at = 0;
	for (const value of head) at = writeUint(bytes, at, value);
	bytes.set(payload, writeUint(bytes, at, payload.length));
	return bytes;
}
const utf8 = new TextEncoder();

export const step1Frame = (stateVector: Uint8Array): Uint8Array => frame([SYNC, 0], stateVector);
export const step2Frame = (update: Uint8Array): Uint8Array => frame([SYNC, 1], update);
export const updateFrame = (update: Uint8Array): Uint8Array => frame([SYNC, 2], update);
export const snapshotFrame = (update: Uint8Array): Uint8Array => frame([SNAPSHOT], update);
export const packedFrame = (deflated: Uint8Array): Uint8Array => frame([PACKED], deflated);
export const awarenessFrame = (payload: Uint8Array): Uint8Array => frame([AWARENESS], payload);
export const ackFrame = (count: number): Uint8Array => uints([ACK, 1, count]);
export const refusedFrame = (count: number, reason: string): Uint8Array => frame([ACK, 0, count], utf8.encode(reason));
export const admissionFrame = (notice: AdmissionNotice): Uint8Array => frame([ADMISSION], utf8.encode(JSON.stringify(notice)));
