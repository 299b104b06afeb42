import { closeSync, createReadStream, createWriteStream, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { elementHeader, fileMeta } from '../../dicom/write.ts';
import type { Limits } from './limits.ts';
import { EXPLICIT_LE, type Meta } from './reader.ts';
import { Refused } from './refused.ts';

/**
 * What browsers cannot read is written once more as Explicit VR Little Endian. The file as received is kept beside it, byte for byte.
 */
const head = (meta: Meta): Uint8Array => fileMeta(meta.sopClass ?? '', meta.sopInstance ?? '', EXPLICIT_LE);

/** Inflates as a stream and stops at the bound, so a bomb costs a bounded piece of disk and 64 KB of memory. */
export async function inflate(path: string, meta: Meta, target: string, size: number, limits: Limits): Promise<void> {
	const bound = Math.min(limits.fileBytes, Math.max(limits.inflatedFloor, size * limits.inflatedRatio));
	let written = 0;
	const meter = new Transform({
		transform(chunk: Buffer, _encoding, done) {
			written += chunk.length;
			if (written > bound) done(new Refused('bomb', `more than ${bound} bytes out of ${size}`));
			else done(null, chunk);
		}
	});
	const output = createWriteStream(target, { flags: 'wx' });
	output.write(head(meta));
	try {
		await pipeline(createReadStream(path, { start: meta.end }), createInflateRaw({ chunkSize: 64 * 1024 }), meter, output);
	} catch (error) {
		if (error instanceof Refused) throw error;
		const code = (error as NodeJS.ErrnoException).code ?? '';
		if (code === 'Z_BUF_ERROR') throw new Refused('truncated', 'deflated data');
		if (code.startsWith('Z_')) throw new Refused('malformed', 'deflated data');
		throw error;
	}
}

const WORD: Readonly<Record<string, number>> = { US: 2, SS: 2, OW: 2, AT: 2, UL: 4, SL: 4, FL: 4, OF: 4, OL: 4, FD: 8, OD: 8, SV: 8, UV: 8, OV: 8 };
const LONG = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

function swap(bytes: Buffer, size: number): Buffer {
	const whole = bytes.subarray(0, bytes.length - (bytes.length % size));
	if (size === 2) whole.swap16();
	else if (size === 4) whole.swap32();
	else if (size === 8) whole.swap64();
	return bytes;
}

/** Explicit Big Endian (retired) to Little Endian: lengths stay, so a flat walk over elements, items and delimiters suffices. */
export function toLittleEndian(path: string, meta: Meta, target: string, limits: Limits): void {
	// Asked before the file comes into memory.
	if (statSync(path).size > limits.bigEndianBytes) throw new Refused('too-large', 'big endian');
	const input = readFileSync(path);
	const output = openSync(target, 'wx');
	try {
		writeSync(output, head(meta));
		let at = meta.end;
		while (at + 8 <= input.length) {
			const tag = input.readUInt16BE(at) * 0x10000 + input.readUInt16BE(at + 2);
			if (tag >= 0xfffee000) {
				const item = Buffer.alloc(8);
				item.writeUInt16LE(0xfffe, 0);
				item.writeUInt16LE(tag & 0xffff, 2);
				item.writeUInt32LE(input.readUInt32BE(at + 4), 4);
				writeSync(output, item);
				at += 8;
				continue;
			}
			const vr = input.toString('latin1', at + 4, at + 6);
			if (!/^[A-Z]{2}$/u.test(vr)) throw new Refused('malformed', 'big endian');
			const long = LONG.has(vr);
			if (long && at + 12 > input.length) throw new Refused('truncated', 'big endian');
			const length = long ? input.readUInt32BE(at + 8) : input.readUInt16BE(at + 6);
			at += long ? 12 : 8;
			writeSync(output, elementHeader(tag, vr, length));
			if (vr === 'SQ') continue;
			if (length === 0xffffffff) throw new Refused('unsupported-transfer-syntax', 'big endian of undefined length');
			if (at + length > input.length) throw new Refused('truncated', 'big endian');
			writeSync(output, swap(Buffer.from(input.subarray(at, at + length)), WORD[vr] ?? 1));
			at += length;
		}
	} finally {
		closeSync(output);
	}
}
