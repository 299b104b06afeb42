import { open, type FileHandle } from 'node:fs/promises';
import { paint } from './ingest/palette.ts';
import type { FrameTable } from './ingest/pixels.ts';

/** Reads frames of a stored file at their offsets; nothing is decoded, and pixels go straight into the buffer that is sent. */
async function fill(file: FileHandle, target: Buffer, offset: number): Promise<void> {
	let filled = 0;
	while (filled < target.length) {
		const { bytesRead } = await file.read(target, filled, target.length - filled, offset + filled);
		if (bytesRead === 0) throw new Error('a stored instance is shorter than its frame table');
		filled += bytesRead;
	}
}

/** One bit a pixel, frames back to back without padding: shifted so that each begins on a byte. */
async function bits(file: FileHandle, table: FrameTable & { readonly kind: 'native' }, pixels: number, frame: number, out: Buffer): Promise<void> {
	const first = (frame - 1) * pixels;
	const bytes = Buffer.alloc(Math.ceil((first + pixels) / 8) - Math.floor(first / 8));
	await fill(file, bytes, table.offset + Math.floor(first / 8));
	const shift = first % 8;
	for (let at = 0; at < out.length; at++) out[at] = (((bytes[at] ?? 0) >> shift) | ((bytes[at + 1] ?? 0) << (8 - shift))) & 0xff;
	if (pixels % 8 !== 0) out[out.length - 1] = (out.at(-1) ?? 0) & ((1 << (pixels % 8)) - 1);
}

export function frameLength(table: FrameTable, frame: number): number {
	if (table.kind === 'native') return table.palette === undefined ? table.frameBytes : (table.frameBytes / 2) * 3;
	return (table.frames[frame - 1] ?? []).reduce((sum, [, length]) => sum + length, 0);
}
export const frameCount = (table: FrameTable): number => (table.kind === 'native' ? table.frames : table.frames.length);

const OPEN = 48;
interface Opened {
	readonly handle: Promise<FileHandle>;
	users: number;
	dropped: boolean;
}
const opened = new Map<string, Opened>();

async function letGo(entry: Opened): Promise<void> {
	if (entry.dropped && entry.users === 0) await (await entry.handle).close();
}

/** Blobs never change, so their handles are kept a while; one that is being read is closed only afterwards. */
async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
	const entry = opened.get(path) ?? { handle: open(path, 'r'), users: 0, dropped: false };
	entry.users++;
	opened.delete(path);
	opened.set(path, entry);
	let file: FileHandle;
	try {
		file = await entry.handle;
	} catch (error) {
		opened.delete(path);
		throw error;
	}
	const [oldest] = opened;
	if (opened.size > OPEN && oldest !== undefined) {
		opened.delete(oldest[0]);
		oldest[1].dropped = true;
		await letGo(oldest[1]);
	}
	try {
		return await use(file);
	} finally {
		entry.users--;
		await letGo(entry);
	}
}

/** `frame` is 1-based and must exist; `target` has its length (`frameLength`). */
export const readFrame = (path: string, table: FrameTable, frame: number, target: Buffer): Promise<void> =>
	withFile(path, async (file) => {
		if (table.kind === 'native') {
			if (table.palette !== undefined) {
				const indices = Buffer.alloc(table.frameBytes);
				await fill(file, indices, table.offset + (frame - 1) * table.frameBytes);
				paint(indices, table.palette, target);
				return;
			}
			await (table.bits === null ? fill(file, target, table.offset + (frame - 1) * table.frameBytes) : bits(file, table, table.bits, frame, target));
			return;
		}
		let at = 0;
		for (const [offset, length] of table.frames[frame - 1] ?? []) {
			await fill(file, target.subarray(at, at + length), offset);
			at += length;
		}
	});
