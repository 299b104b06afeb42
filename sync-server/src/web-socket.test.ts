import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptWebSocket, type WebSocketLine } from './web-socket.ts';

const MAX = 200_000;
const BINARY = 2;

interface Heard {
	readonly line: WebSocketLine;
	readonly messages: Buffer[];
	readonly misuse: string[];
	closed: number;
}
let server: Server;
const heard: Heard[] = [];
beforeAll(async () => {
	server = createServer();
	server.on('upgrade', (request, socket, head) => {
		const line = acceptWebSocket(request, socket, head, MAX);
		if (line === null) return;
		const here: Heard = { line, messages: [], misuse: [], closed: 0 };
		heard.push(here);
		line.receiver = {
			onFrame(message) {
				here.messages.push(Buffer.from(message));
				if (message.length < 1000) line.send(message);
			},
			onMisuse(reason) {
				here.misuse.push(reason);
				line.close(1003, reason);
			},
			onClose() {
				here.closed++;
			}
		};
	});
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
});

/** A client that says exactly these bytes. */
class Raw {
	readonly socket: Socket;
	bytes = Buffer.alloc(0);
	ended = false;

	constructor() {
		this.socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
		this.socket.on('data', (part: Buffer) => (this.bytes = Buffer.concat([this.bytes, part])));
		this.socket.on('close', () => (this.ended = true));
		this.socket.on('error', () => undefined);
	}

	async until(holds: () => boolean): Promise<void> {
		for (let i = 0; i < 400 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
		expect(holds()).toBe(true);
	}

	async shake(changes: Readonly<Record<string, string>> = {}, key = randomBytes(16).toString('base64')): Promise<string> {
		const headers = { host: 'h', connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': key, ...changes };
		const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
		this.socket.write(`GET / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
		await this.until(() => this.bytes.includes('\r\n\r\n'));
		const end = this.bytes.indexOf('\r\n\r\n') + 4;
		const head = this.bytes.subarray(0, end).toString();
		this.bytes = this.bytes.subarray(end);
		return head;
	}

	/** What came so far, whole frames only. A server never masks. */
	get frames(): { readonly opcode: number; readonly payload: Buffer }[] {
		const frames = [];
		for (let at = 0; at + 2 <= this.bytes.length;) {
			expect(this.bytes[at + 1]! & 128).toBe(0);
			const short = this.bytes[at + 1]! & 127;
			const from = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
			const length = short < 126 ? short : short === 126 ? this.bytes.readUInt16BE(at + 2) : Number(this.bytes.readBigUInt64BE(at + 2));
			if (from + length > this.bytes.length) break;
			frames.push({ opcode: this.bytes[at]! & 15, payload: this.bytes.subarray(from, from + length) });
			at = from + length;
		}
		return frames;
	}

	get closeCode(): number | null {
		const frame = this.frames.find(({ opcode }) => opcode === 8);
		return frame === undefined ? null : frame.payload.readUInt16BE(0);
	}
}

function frame(opcode: number, payload: Uint8Array, { last = true, masked = true, reserved = 0, width }: Shape = {}): Buffer {
	const { length } = payload;
	const size = width ?? (length < 126 ? 7 : length < 65_536 ? 16 : 64);
	const head = Buffer.alloc(size === 7 ? 2 : size === 16 ? 4 : 10);
	head[0] = (last ? 128 : 0) | reserved | opcode;
	head[1] = (masked ? 128 : 0) | (size === 7 ? length : size === 16 ? 126 : 127);
	if (size === 16) head.writeUInt16BE(length, 2);
	if (size === 64) head.writeBigUInt64BE(BigInt(length), 2);
	if (!masked) return Buffer.concat([head, payload]);
	const mask = randomBytes(4);
	return Buffer.concat([head, mask, Buffer.from(payload.map((byte, i) => byte ^ mask[i & 3]!))]);
}
interface Shape {
	readonly last?: boolean;
	readonly masked?: boolean;
	readonly reserved?: number;
	/** bits of the length, though fewer would do */
	readonly width?: 16 | 64;
}

async function open(): Promise<{ readonly raw: Raw; readonly here: Heard }> {
	const raw = new Raw();
	const before = heard.length;
	await raw.shake();
	await raw.until(() => heard.length > before);
	return { raw, here: heard.at(-1)! };
}
const bytes = (length: number): Buffer => randomBytes(length);
const text = (words: string): Buffer => Buffer.from(words);
const closing = (code: number, reason: Uint8Array = text('')): Buffer => Buffer.concat([Buffer.from([code >> 8, code & 255]), reason]);

describe('the handshake', () => {
	it('answers with the digest of the key and promises no extension', async () => {
		const raw = new Raw();
		const head = await raw.shake({ 'sec-websocket-extensions': 'permessage-deflate', 'sec-websocket-protocol': 'chat' }, 'dGhlIHNhbXBsZSBub25jZQ==');
		expect(head).toMatch(/^HTTP\/1\.1 101 /u);
		const accept = createHash('sha1').update('dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
		expect(accept).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
		expect(head).toContain(accept);
		expect(head).not.toMatch(/extensions|protocol:/iu);
		raw.socket.destroy();
	});
	it.each([{ 'sec-websocket-version': '8' }, { 'sec-websocket-key': 'short' }, { upgrade: 'h2c' }])(
		'refuses %o with 426 and the version it speaks',
		async (changes) => {
			const raw = new Raw();
			expect(await raw.shake(changes)).toMatch(/^HTTP\/1\.1 426 [^]*Sec-WebSocket-Version: 13/u);
			await raw.until(() => raw.ended);
		}
	);
});

describe('messages', () => {
	it.each([0, 1, 3, 4, 125, 126, 127, 65_535, 65_536, MAX])('a message of %i bytes comes whole, unmasked', async (length) => {
		const { raw, here } = await open();
		const sent = bytes(length);
		raw.socket.write(frame(BINARY, sent));
		await raw.until(() => here.messages.length === 1);
		expect(here.messages[0]!.equals(sent)).toBe(true);
		raw.socket.destroy();
	});
	it('lengths written wider than they need to be are read', async () => {
		const { raw, here } = await open();
		raw.socket.write(Buffer.concat([frame(BINARY, text('a'), { width: 16 }), frame(BINARY, text('b'), { width: 64 })]));
		await raw.until(() => here.messages.length === 2);
		expect(Buffer.concat(here.messages).toString()).toBe('ab');
		raw.socket.destroy();
	});
	it.each([64, 126, 65_535, 65_536, 150_000])('%i bytes go out in one frame with the shortest length', async (length) => {
		const { raw, here } = await open();
		const sent = bytes(length);
		here.line.send(sent);
		await raw.until(() => raw.frames.length === 1);
		expect(raw.frames[0]).toMatchObject({ opcode: BINARY });
		expect(raw.frames[0]!.payload.equals(sent)).toBe(true);
		expect(raw.bytes[1]).toBe(length < 126 ? length : length < 65_536 ? 126 : 127);
		raw.socket.destroy();
	});
	it('a hundred messages byte by byte, and a hundred in one piece, come in order', async () => {
		const { raw, here } = await open();
		const stream = Buffer.concat(Array.from({ length: 100 }, (_, i) => frame(BINARY, text(String(i)))));
		for (const byte of stream) raw.socket.write(Buffer.from([byte]));
		raw.socket.write(stream);
		await raw.until(() => here.messages.length === 200);
		expect(here.messages.map(String)).toEqual([...Array(200).keys()].map((i) => String(i % 100)));
		raw.socket.destroy();
	});
	it('fragments make one message, with a ping answered in between', async () => {
		const { raw, here } = await open();
		raw.socket.write(
			Buffer.concat([
				frame(BINARY, text('one '), { last: false }),
				frame(9, text('between')),
				frame(0, text(''), { last: false }),
				frame(0, text('message'), { last: true })
			])
		);
		await raw.until(() => here.messages.length === 1 && raw.frames.length === 2);
		expect(String(here.messages[0])).toBe('one message');
		expect(raw.frames.map(({ opcode, payload }) => [opcode, String(payload)])).toEqual([
			[10, 'between'],
			[BINARY, 'one message']
		]);
		raw.socket.destroy();
	});
});

describe('signs of life', () => {
	it.each([0, 1, 125])('a ping of %i bytes is answered with the same', async (length) => {
		const { raw } = await open();
		const payload = bytes(length);
		raw.socket.write(frame(9, payload));
		await raw.until(() => raw.frames.length === 1);
		expect(raw.frames[0]).toEqual({ opcode: 10, payload });
		raw.socket.destroy();
	});
	it('a pong nobody asked for is taken in silence, and one that was asked for counts', async () => {
		const { raw, here } = await open();
		expect(here.line.alive()).toBe(true);
		await raw.until(() => raw.frames.some(({ opcode }) => opcode === 9));
		expect(here.line.alive()).toBe(false);
		raw.socket.write(frame(10, text('here')));
		raw.socket.write(frame(BINARY, text('x')));
		await raw.until(() => here.messages.length === 1);
		expect(here.line.alive()).toBe(true);
		raw.socket.destroy();
	});
});

describe('what is no WebSocket is answered with its code, and the line ends', () => {
	it.each<[string, Buffer, number]>([
		['a frame without mask', frame(BINARY, text('x'), { masked: false }), 1002],
		['a reserved bit', frame(BINARY, text('x'), { reserved: 0x40 }), 1002],
		['an unknown kind of data', frame(3, text('x')), 1002],
		['an unknown kind of control', frame(11, text('x')), 1002],
		['a ping over 125 bytes', frame(9, bytes(126)), 1002],
		['a ping in fragments', frame(9, text('x'), { last: false }), 1002],
		['a fragment that continues nothing', frame(0, text('x')), 1002],
		['a message inside another', Buffer.concat([frame(BINARY, text('x'), { last: false }), frame(BINARY, text('y'))]), 1002],
		['a message over the longest', frame(BINARY, bytes(MAX + 1)), 1009],
		['fragments over the longest', Buffer.concat([frame(BINARY, bytes(MAX), { last: false }), frame(0, bytes(10))]), 1009],
		['a length beyond four gigabytes', Buffer.from([0x82, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4]), 1009],
		['words in UTF-8', frame(1, text('文字')), 1003],
		['bytes that are no UTF-8 as words', frame(1, Buffer.from([0xc3, 0x28])), 1003]
	])('%s', async (_what, sent, code) => {
		const { raw, here } = await open();
		raw.socket.write(sent);
		await raw.until(() => raw.closeCode !== null);
		expect(raw.closeCode).toBe(code);
		expect(here.messages).toEqual([]);
		await raw.until(() => raw.ended && here.closed === 1);
	});
});

describe('goodbye', () => {
	it.each([
		[1000, 1000],
		[1001, 1001],
		[1011, 1011],
		[3000, 3000],
		[4999, 4999],
		[0, 1002],
		[999, 1002],
		[1004, 1002],
		[1005, 1002],
		[1006, 1002],
		[1015, 1002],
		[5000, 1002]
	])('%i is answered with %i', async (said, answered) => {
		const { raw, here } = await open();
		raw.socket.write(frame(8, closing(said, text('再见'))));
		await raw.until(() => raw.ended && here.closed === 1);
		expect(raw.closeCode).toBe(answered);
	});
	it('one without a code is answered with 1000, one with half a code with 1002', async () => {
		for (const [payload, code] of [
			[text(''), 1000],
			[text('x'), 1002]
		] as const) {
			const { raw } = await open();
			raw.socket.write(frame(8, payload));
			await raw.until(() => raw.ended);
			expect(raw.closeCode).toBe(code);
		}
	});
	it('what was sent before it is delivered first, and nothing said after it counts', async () => {
		const { raw, here } = await open();
		here.line.send(text('last words'));
		here.line.close(4412, 'restored');
		here.line.send(text('too late'));
		raw.socket.write(frame(BINARY, text('not heard')));
		raw.socket.write(frame(8, closing(4412)));
		await raw.until(() => raw.ended && here.closed === 1);
		expect(raw.frames.map(({ opcode }) => opcode)).toEqual([BINARY, 8]);
		expect(raw.closeCode).toBe(4412);
		expect(here.messages).toEqual([]);
	});
	it('a peer that never answers it is cut off within a second', async () => {
		const { raw, here } = await open();
		here.line.close(1001, 'away');
		await raw.until(() => here.closed === 1);
		expect(here.line.open).toBe(false);
	});
	it('a peer that hangs up without a word, or halves the line, ends it once', async () => {
		for (const hangUp of [(raw: Raw) => raw.socket.destroy(), (raw: Raw) => raw.socket.end(), (raw: Raw) => raw.socket.resetAndDestroy()]) {
			const { raw, here } = await open();
			hangUp(raw);
			await raw.until(() => here.closed === 1);
		}
	});
});
