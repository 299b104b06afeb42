/**
 * The same messages over HTTP, for networks that block WebSockets. Browser-safe.
 * POST /sync-http/<kind>/<id>?v=&live=&as=   opens a channel: {channel}
 * POST /sync-http/send?channel=&n=           messages in order; n counts requests from 0, a repeated one is taken once
 * POST /sync-http/receive                    {channels: {<channel>: <number of messages already here>}}; waits until there is something
 * POST /sync-http/close?channel=
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

export const HTTP_ROOT = '/sync-http/';
/** How long an empty `receive` is held. Shorter than proxies are patient. */
export const HOLD_MS = 20_000;

export interface Goodbye {
	readonly code: number;
	readonly reason: string;
}
/** What one channel has for its client: messages from number `first` on, then perhaps the end. */
export interface Mail {
	readonly channel: string;
	readonly first: number;
	readonly messages: readonly Uint8Array[];
	readonly closed: Goodbye | null;
}

export function encodeMessages(messages: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
	const encoder = encoding.createEncoder();
	for (const message of messages) encoding.writeVarUint8Array(encoder, message);
	return encoding.toUint8Array(encoder);
}

/** Null if it is not a row of whole messages. */
export function decodeMessages(bytes: Uint8Array): readonly Uint8Array[] | null {
	try {
		const decoder = decoding.createDecoder(bytes);
		const messages: Uint8Array[] = [];
		while (decoding.hasContent(decoder)) messages.push(decoding.readVarUint8Array(decoder));
		return messages;
	} catch {
		return null;
	}
}

export function encodeMail(letters: readonly Mail[]): Uint8Array {
	const encoder = encoding.createEncoder();
	for (const { channel, first, messages, closed } of letters) {
		encoding.writeVarString(encoder, channel);
		encoding.writeVarUint(encoder, first);
		encoding.writeVarUint(encoder, messages.length);
		for (const message of messages) encoding.writeVarUint8Array(encoder, message);
		encoding.writeVarUint(encoder, closed?.code ?? 0);
		encoding.writeVarString(encoder, closed?.reason ?? '');
	}
	return encoding.toUint8Array(encoder);
}

export function decodeMail(bytes: Uint8Array): readonly Mail[] {
	const decoder = decoding.createDecoder(bytes);
	const letters: Mail[] = [];
	while (decoding.hasContent(decoder)) {
		const channel = decoding.readVarString(decoder);
		const first = decoding.readVarUint(decoder);
		const messages = Array.from({ length: decoding.readVarUint(decoder) }, () => decoding.readVarUint8Array(decoder));
		const code = decoding.readVarUint(decoder);
		const reason = decoding.readVarString(decoder);
		letters.push({ channel, first, messages, closed: code === 0 ? null : { code, reason } });
	}
	return letters;
}
