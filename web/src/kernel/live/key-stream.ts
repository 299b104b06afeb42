import { hmac } from '@oslojs/crypto/hmac';
import { SHA256 } from '@oslojs/crypto/sha2';
import { constantTimeEqual } from '@oslojs/crypto/subtle';

const BLOCK = 16;
const CHUNK = 64 << 10;
const MAC_KEY = 32;
const MAC = 32;

/** A stretch of key stream that was never used before and never will be again. */
export interface Pad {
	readonly iv: Uint8Array<ArrayBuffer>;
	readonly from: number;
	readonly bytes: Uint8Array;
}

function counterAt(iv: Uint8Array, from: number): Uint8Array<ArrayBuffer> {
	const counter = new Uint8Array(BLOCK);
	counter.set(iv);
	new DataView(counter.buffer).setUint32(12, from / BLOCK);
	return counter;
}
const stretch = async (key: CryptoKey, iv: Uint8Array, from: number, length: number): Promise<Uint8Array> =>
	new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CTR', counter: counterAt(iv, from), length: 32 }, key, new Uint8Array(length)));

interface Chunk {
	readonly iv: Uint8Array<ArrayBuffer>;
	readonly bytes: Uint8Array;
	at: number;
}

/**
 * Key stream made ahead of time. WebCrypto answers only in a later turn, which a page that is being reloaded no longer has;
 * with the stream at hand a key press is sealed at once.
 */
export class KeyStream {
	readonly #key: CryptoKey;
	#now: Chunk;
	#spare: Chunk | null = null;
	#making = false;

	private constructor(key: CryptoKey, first: Chunk) {
		this.#key = key;
		this.#now = first;
		this.#refill();
	}

	static async of(key: CryptoKey): Promise<KeyStream> {
		return new KeyStream(key, await chunk(key));
	}

	/** Null if there is not that much at hand. */
	take(length: number): Pad | null {
		const needed = Math.ceil((MAC_KEY + length) / BLOCK) * BLOCK;
		if (needed > CHUNK / 4) return null;
		if (this.#now.at + needed > CHUNK) {
			if (this.#spare === null) return null;
			this.#now = this.#spare;
			this.#spare = null;
			this.#refill();
		}
		const { iv, bytes, at } = this.#now;
		this.#now.at += needed;
		return { iv, from: at, bytes: bytes.subarray(at, at + MAC_KEY + length) };
	}

	#refill(): void {
		if (this.#making) return;
		this.#making = true;
		chunk(this.#key).then(
			(made) => {
				this.#spare = made;
				this.#making = false;
			},
			(error: unknown) => {
				this.#making = false;
				console.error('no further key stream', error);
			}
		);
	}
}

async function chunk(key: CryptoKey): Promise<Chunk> {
	const iv = crypto.getRandomValues(new Uint8Array(12));
	return { iv, bytes: await stretch(key, iv, 0, CHUNK), at: 0 };
}

function mixed(pad: Uint8Array, data: Uint8Array): Uint8Array<ArrayBuffer> {
	const out = new Uint8Array(data.length);
	for (let i = 0; i < data.length; i++) out[i] = data[i]! ^ pad[MAC_KEY + i]!;
	return out;
}

function signature(pad: Uint8Array, bound: Uint8Array, cipher: Uint8Array): Uint8Array {
	const said = new Uint8Array(4 + bound.length + cipher.length);
	new DataView(said.buffer).setUint32(0, bound.length);
	said.set(bound, 4);
	said.set(cipher, 4 + bound.length);
	return hmac(SHA256, pad.subarray(0, MAC_KEY), said);
}

/** Encrypted, then signed, both under parts of the pad that serve this record alone. */
export function sealQuick(pad: Pad, bound: Uint8Array, data: Uint8Array): Uint8Array<ArrayBuffer> {
	const cipher = mixed(pad.bytes, data);
	const sealed = new Uint8Array(MAC + cipher.length);
	sealed.set(signature(pad.bytes, bound, cipher));
	sealed.set(cipher, MAC);
	return sealed;
}

/** Null where it was not sealed by this key for this place. */
export async function openQuick(key: CryptoKey, iv: Uint8Array, from: number, bound: Uint8Array, sealed: Uint8Array): Promise<Uint8Array | null> {
	if (sealed.length < MAC) return null;
	const cipher = sealed.subarray(MAC);
	const pad = await stretch(key, iv, from, MAC_KEY + cipher.length);
	return constantTimeEqual(signature(pad, bound, cipher), sealed.subarray(0, MAC)) ? mixed(pad, cipher) : null;
}
