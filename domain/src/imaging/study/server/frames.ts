import { open, type FileHandle } from 'node:fs/promises';
import type { FrameTable } from './ingest/pixels.ts';

/** Reads frames of a stored file at their offsets; nothing is decoded. */
async function piece(file: FileHandle, offset: number, length: number): Promise<Buffer> {
	const buffer = Buffer.allocUnsafe(length);
	let filled = 0;
	while (filled < length) {
		const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
		if (bytesRead === 0) throw new Error('a stored instance is shorter than its frame table');
		filled += bytesRead;
	}
	return buffer;
}

/** One bit a pixel, frames back to back without padding: shifted so that each begins on a byte. */
async function bits(file: FileHandle, table: FrameTable & { readonly kind: 'native' }, pixels: number, frame: number): Promise<Buffer> {
	const first = (frame - 1) * pixels;
	const bytes = await piece(file, table.offset + Math.floor(first / 8), Math.ceil((first + pixels) / 8) - Math.floor(first / 8));
	const shift = first % 8;
	const out = Buffer.alloc(Math.ceil(pixels / 8));
	for (let at = 0; at < out.length; at++) out[at] = (((bytes[at] ?? 0) >> shift) | ((bytes[at + 1] ?? 0) << (8 - shift))) & 0xff;
	if (pixels % 8 !== 0) out[out.length - 1] = (out.at(-1) ?? 0) & ((1 << (pixels % 8)) - 1);
	return out;
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
	const [oldest] = opened;
	if (opened.size > OPEN && oldest !== undefined) {
		opened.delete(oldest[0]);
		oldest[1].dropped = true;
		await letGo(oldest[1]);
	}
	let file: FileHandle;
	try {
		file = await entry.handle;
	} catch (error) {
		opened.delete(path);
		throw error;
	}
	try {
		return await use(file);
	} finally {
		entry.users--;
		await letGo(entry);
	}
}

/** `frames` are 1-based and must exist. */
export const readFrames = (path: string, table: FrameTable, frames: readonly number[]): Promise<readonly Buffer[]> =>
	withFile(path, (file) => framesFrom(file, table, frames));

async function framesFrom(file: FileHandle, table: FrameTable, frames: readonly number[]): Promise<readonly Buffer[]> {
	const found: Buffer[] = [];
	for (const frame of frames) {
		if (table.kind === 'native') {
			found.push(
				table.bits === null ? await piece(file, table.offset + (frame - 1) * table.frameBytes, table.frameBytes) : await bits(file, table, table.bits, frame)
			);
			continue;
		}
		const fragments = table.frames[frame - 1] ?? [];
		const parts: Buffer[] = [];
		for (const [offset, length] of fragments) parts.push(await piece(file, offset, length));
		found.push(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts));
	}
	return found;
}
