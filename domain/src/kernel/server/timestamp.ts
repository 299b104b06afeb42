/** RFC 3161: asking somebody else for the time under a SHA-256, and reading the answer. The signature is checked by `openssl ts -verify`. */

const SHA256 = Uint8Array.of(0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01);
const SIGNED_DATA = '2a864886f70d010702';
const TST_INFO = '2a864886f70d0109100104';
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
	const body = Buffer.concat(parts);
	const length = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255];
	return Buffer.concat([Uint8Array.of(tag, ...length), body]);
}
const integer = (bytes: Uint8Array): Uint8Array => der(0x02, bytes[0]! >= 0x80 ? Uint8Array.of(0, ...bytes) : bytes);

/** `nonce`: bytes of a positive number; without a leading zero. The certificate is asked for, so that the answer can be checked alone. */
export const stampRequest = (imprint: string, nonce: Uint8Array): Uint8Array =>
	der(
		0x30,
		integer(Uint8Array.of(1)),
		der(0x30, der(0x30, SHA256, der(0x05)), der(0x04, Buffer.from(imprint, 'hex'))),
		integer(nonce),
		der(0x01, Uint8Array.of(0xff))
	);

export class BadStamp extends Error {
	readonly code: string;
	constructor(code: string) {
		super(`the answer of the time-stamp authority cannot be used: ${code}`);
		this.name = 'BadStamp';
		this.code = code;
	}
}

interface Element {
	readonly tag: number;
	readonly body: Uint8Array;
	readonly children: () => Element[];
}
function elements(bytes: Uint8Array): Element[] {
	const found: Element[] = [];
	for (let at = 0; at < bytes.length;) {
		const tag = bytes[at]!;
		let length = bytes[at + 1] ?? 0;
		let start = at + 2;
		if (length >= 0x80) {
			const count = length & 0x7f;
			if (count === 0 || count > 3) throw new BadStamp('malformed');
			length = bytes.subarray(start, start + count).reduce((sum, byte) => sum * 256 + byte, 0);
			start += count;
		}
		if (start + length > bytes.length) throw new BadStamp('malformed');
		const body = bytes.subarray(start, start + length);
		found.push({ tag, body, children: () => elements(body) });
		at = start + length;
	}
	return found;
}
const child = (parent: Element | undefined, index: number, tag: number): Element => {
	const found = parent?.children()[index];
	if (found?.tag !== tag) throw new BadStamp('malformed');
	return found;
};

export interface Stamp {
	/** SHA-256 in hex that was stamped */
	readonly imprint: string;
	/** hex of the number sent with the question; empty if the answer has none */
	readonly nonce: string;
	/** when, by the authority's clock: epoch ms */
	readonly at: number;
}

/** Throws BadStamp if the authority refused or the answer is none. */
export function readStamp(response: Uint8Array): Stamp {
	const [answer] = elements(response);
	const status = child(child(answer, 0, 0x30), 0, 0x02).body;
	if (status.length !== 1 || status[0]! > 1) throw new BadStamp(`status-${hex(status)}`);
	const content = child(answer, 1, 0x30);
	if (hex(child(content, 0, 0x06).body) !== SIGNED_DATA) throw new BadStamp('not-signed');
	const signed = child(child(content, 1, 0xa0), 0, 0x30);
	const inner = child(signed, 2, 0x30);
	if (hex(child(inner, 0, 0x06).body) !== TST_INFO) throw new BadStamp('not-a-time-stamp');
	const [info] = elements(child(child(inner, 1, 0xa0), 0, 0x04).body);
	const imprint = child(info, 2, 0x30);
	if (hex(child(child(imprint, 0, 0x30), 0, 0x06).body) !== hex(SHA256.subarray(2))) throw new BadStamp('other-hash');
	const at = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z$/u.exec(Buffer.from(child(info, 4, 0x18).body).toString('latin1'));
	if (at === null) throw new BadStamp('time');
	const [, year, month, day, hour, minute, second, fraction = ''] = at;
	const nonce =
		info!
			.children()
			.slice(5)
			.find(({ tag }) => tag === 0x02)?.body ?? new Uint8Array(0);
	return {
		imprint: hex(child(imprint, 1, 0x04).body),
		nonce: hex(nonce[0] === 0 ? nonce.subarray(1) : nonce),
		at: Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}Z`)
	};
}
