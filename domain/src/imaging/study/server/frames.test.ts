import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { frameCount, frameLength, readFrame } from './frames.ts';
import type { FrameTable } from './ingest/pixels.ts';

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'tongping-frames-'));
});
afterAll(() => {
	rmSync(folder, { recursive: true, force: true });
});
const read = async (path: string, table: FrameTable, frame: number): Promise<number[]> => {
	const target = Buffer.alloc(frameLength(table, frame));
	await readFrame(path, table, frame, target);
	return [...target];
};

it('native frames lie one after the other', async () => {
	const path = join(folder, 'native');
	writeFileSync(path, Buffer.from([9, 9, 1, 2, 3, 4, 5, 6]));
	const table: FrameTable = { kind: 'native', offset: 2, frameBytes: 2, frames: 3, bits: null };
	expect([frameCount(table), await read(path, table, 1), await read(path, table, 3)]).toEqual([3, [1, 2], [5, 6]]);
});

it('the fragments of a frame are put together', async () => {
	const path = join(folder, 'fragments');
	writeFileSync(path, Buffer.from([0, 1, 2, 3, 4, 5, 6, 7]));
	const table: FrameTable = {
		kind: 'encapsulated',
		frames: [
			[[1, 2]],
			[
				[4, 1],
				[6, 2]
			]
		]
	};
	expect([frameLength(table, 2), await read(path, table, 1), await read(path, table, 2)]).toEqual([3, [1, 2], [4, 6, 7]]);
});

it('one bit a pixel: every frame begins on a byte, whatever its size (property)', async () => {
	await fc.assert(
		fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 6 }), fc.infiniteStream(fc.boolean()), async (pixels, frames, stream) => {
			const all = [...stream.take(pixels * frames)];
			const bytes = Buffer.alloc(Math.ceil(all.length / 8));
			all.forEach((on, at) => {
				if (on) bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (1 << (at & 7));
			});
			const path = join(folder, `bits-${pixels}-${frames}-${bytes.toString('hex')}`);
			writeFileSync(path, bytes);
			const table: FrameTable = { kind: 'native', offset: 0, frameBytes: Math.ceil(pixels / 8), frames, bits: pixels };
			for (let frame = 1; frame <= frames; frame++) {
				const got = await read(path, table, frame);
				const expected = all.slice((frame - 1) * pixels, frame * pixels);
				expect(expected.map((_, at) => (((got[at >> 3] ?? 0) >> (at & 7)) & 1) === 1)).toEqual(expected);
			}
		}),
		{ numRuns: 60 }
	);
});

it('many files at once, more than are kept open', async () => {
	const table: FrameTable = { kind: 'native', offset: 0, frameBytes: 1, frames: 1, bits: null };
	const paths = Array.from({ length: 120 }, (_, index) => join(folder, `many-${index}`));
	paths.forEach((path, index) => {
		writeFileSync(path, Buffer.of(index));
	});
	const twice = [...paths, ...paths];
	expect(await Promise.all(twice.map((path) => read(path, table, 1)))).toEqual(twice.map((_, index) => [index % 120]));
	await expect(read(join(folder, 'absent'), table, 1)).rejects.toThrow('ENOENT');
});
