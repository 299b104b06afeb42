import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concat, elementHeader, fileMeta, writeDataset } from '../../dicom/write.ts';
import { smallImage } from '../../fixtures.ts';
import { FILE_REASONS } from '../../reasons.ts';
import { examine, type ExamineResult } from './examine.ts';

let folder: string;
let next = 0;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'tongping-hostile-'));
	mkdirSync(join(folder, 'incoming'));
});
afterAll(() => {
	rmSync(folder, { recursive: true, force: true });
});
const put = (bytes: Uint8Array): string => {
	const path = join(folder, 'incoming', `f${next++}`);
	writeFileSync(path, bytes);
	return path;
};
const take = (bytes: Uint8Array): Promise<ExamineResult> => examine(put(bytes), folder);
const reasonOf = (result: ExamineResult): string => (result.kind === 'refused' ? result.reason : 'stored');
const timed = async (bytes: Uint8Array): Promise<readonly [string, number]> => {
	const path = put(bytes);
	const start = performance.now();
	return [reasonOf(await examine(path, folder)), performance.now() - start];
};
const fill = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);
const meta = (transferSyntax: string): Uint8Array => fileMeta('1.2.3', '1.2.3', transferSyntax);

describe('files made to keep the reader busy', () => {
	it('blanks before the last character of a UID cost as much as other characters', async () => {
		const uids = (byte: number): Uint8Array =>
			smallImage({
				sop: `2.25.4${byte}`,
				extra: [1, 2, 3, 4, 5, 6].map((at) => ({ tag: 0x00090000 + at, vr: 'UI', value: concat([fill(64_000, byte), fill(2, 0x31)]) }))
			});
		await timed(uids(0x32));
		const [, plain] = await timed(uids(0x33));
		const [reason, blank] = await timed(uids(0x20));
		expect(reason).toBe('stored');
		// Looking at every blank once for every blank takes seconds an element.
		expect(blank).toBeLessThan(1000 + 20 * plain);
	}, 60_000);

	it('a hundred thousand fragments of fifty thousand frames are sorted in one pass', async () => {
		const frames = 50_000;
		const header = writeDataset([
			...([0x00080016, 0x00080018, 0x0020000d, 0x0020000e] as const).map((tag) => ({ tag, vr: 'UI', value: '1.2.3' })),
			{ tag: 0x00280002, vr: 'US', value: [1] },
			{ tag: 0x00280008, vr: 'IS', value: String(frames) },
			{ tag: 0x00280010, vr: 'US', value: [2] },
			{ tag: 0x00280011, vr: 'US', value: [2] },
			{ tag: 0x00280100, vr: 'US', value: [8] }
		]);
		const item = (length: number): Uint8Array => concat([Uint8Array.of(0xfe, 0xff, 0x00, 0xe0), new Uint8Array(Uint32Array.of(length).buffer)]);
		const pair = concat([item(16), fill(16, 0xff), item(2), fill(2, 0xff)]);
		const body = new Uint8Array(frames * pair.length);
		for (let at = 0; at < frames; at++) body.set(pair, at * pair.length);
		const offsets = new Uint8Array(Uint32Array.from({ length: frames }, (_, at) => at * pair.length).buffer);
		const end = Uint8Array.of(0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0);
		const file = concat([meta('1.2.840.10008.1.2.4.80'), header, elementHeader(0x7fe00010, 'OB', 0xffffffff), item(offsets.length), offsets, body, end]);
		const runs = [await timed(file), await timed(file)];
		expect(runs.map(([reason]) => reason)).toEqual(['wrong-codestream', 'wrong-codestream']);
		// Each fragment sought among all offsets takes three seconds.
		expect(Math.min(...runs.map(([, ms]) => ms))).toBeLessThan(2000);
	}, 60_000);

	it('big endian beyond the bound is refused before it is read', async () => {
		const path = put(concat([meta('1.2.840.10008.1.2.2'), fill(64, 0)]));
		const file = openSync(path, 'r+');
		ftruncateSync(file, 700 * 1024 * 1024);
		closeSync(file);
		const before = process.memoryUsage().arrayBuffers;
		const result = examine(path, folder);
		// Reading it whole happens at once, before the first wait.
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
		expect(reasonOf(await result)).toBe('too-large');
	});

	it('eight thousand bytes do not become forty megabytes of metadata', async () => {
		const control = writeDataset([
			...([0x00080016, 0x00080018, 0x0020000d, 0x0020000e] as const).map((tag) => ({ tag, vr: 'UI', value: '1.2.3' })),
			{ tag: 0x00204000, vr: 'UT', value: fill(7 * 1024 * 1024, 1) }
		]);
		const file = concat([meta('1.2.840.10008.1.2.1.99'), deflateRawSync(control)]);
		expect(file.length).toBeLessThan(10_000);
		expect(reasonOf(await take(file))).toBe('too-many-elements');
		// Seven megabytes that stay seven megabytes are within the bound.
		const plain = smallImage({ sop: '2.25.4711', extra: [{ tag: 0x00204000, vr: 'UT', value: fill(7 * 1024 * 1024, 0x61) }] });
		expect(reasonOf(await take(plain))).toBe('stored');
	});

	it('half a row is no row', async () => {
		const half = (tag: number, value: string) => take(smallImage({ sop: `2.25.47${tag}`, pixelBytes: 4096, extra: [{ tag, vr: 'DS', value }] }));
		for (const tag of [0x00280002, 0x00280010, 0x00280011, 0x00280008]) expect(reasonOf(await half(tag, '1.5')), String(tag)).toBe('malformed');
		for (const tag of [0x00280010, 0x00280011]) expect(reasonOf(await half(tag, '16')), String(tag)).toBe('stored');
	});
});

describe('lengths that lie', () => {
	const whole = smallImage({ sop: '2.25.4800' });
	const metaEnd = fileMeta('1.2.840.10008.5.1.4.1.1.2', '2.25.4800', '1.2.840.10008.1.2.1').length;

	it('every length field, made to reach beyond the file, ends in a reason', async () => {
		const seen = new Set<string>();
		for (let at = metaEnd; at < whole.length - 600; at += 2) {
			for (const value of [0xffff, 0xfffe, 0x8000]) {
				const bytes = Uint8Array.from(whole);
				new DataView(bytes.buffer).setUint16(at, value, true);
				const result = await take(bytes);
				if (result.kind === 'refused') expect(FILE_REASONS).toContain(result.reason);
				seen.add(reasonOf(result));
			}
		}
		expect([...seen]).toEqual(expect.arrayContaining(['truncated', 'malformed']));
		expect([...seen]).not.toContain('unreadable');
	}, 60_000);

	it('cut at every 1 kB, a picture of several frames is never taken for whole', async () => {
		const picture = smallImage({ sop: '2.25.4801', rows: 128, columns: 128, frames: 2 });
		for (let cut = 0; cut < picture.length; cut += 1024) {
			const result = await take(picture.slice(0, cut));
			expect(reasonOf(result), `cut at ${cut}`).not.toBe('stored');
		}
		expect(reasonOf(await take(picture))).toBe('stored');
		expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
	}, 60_000);

	it('nothing outside the store was written', () => {
		expect(readdirSync(folder).toSorted()).toEqual(['blobs', 'incoming']);
	});
});
