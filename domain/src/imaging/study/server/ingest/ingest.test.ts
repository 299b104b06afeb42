import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concat, elementHeader, fileMeta, writeDataset } from '../../dicom/write.ts';
import { smallImage, type SmallImage } from '../../fixtures.ts';
import { FILE_REASONS } from '../../reasons.ts';
import { metadataOf } from '../metadata.ts';
import { blobPath } from './blobs.ts';
import { examine, isUid, type Examined, type ExamineResult } from './examine.ts';
import { LIMITS } from './limits.ts';
import { IngestThread } from './thread.ts';

let folder: string;
let next = 0;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'tongping-ingest-'));
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
const stored = (result: ExamineResult): Examined => {
	if (result.kind === 'refused') throw new Error(`refused: ${result.reason} ${result.detail}`);
	return result;
};
const small = (image: SmallImage): Promise<ExamineResult> => take(smallImage(image));
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe('a sound file', () => {
	it('is kept under its hash, durable and unchanged, with its identity read', async () => {
		const bytes = smallImage({ number: 7 });
		const result = stored(await take(bytes));
		expect(new Uint8Array(readFileSync(blobPath(folder, result.sha256)))).toEqual(bytes);
		expect(result.identity).toEqual({ patientId: 'P0000001', name: '孟大勇', birthDate: '1988-04-12', sex: 'male', doubtfulText: false });
		expect(result).toMatchObject({ rows: 16, columns: 16, frames: 1, number: 7, transferSyntax: '1.2.840.10008.1.2.1', position: 17.5 });
		expect(metadataOf(result.metadata)['00280030']).toEqual({ vr: 'DS', Value: [0.5, 0.25] });
		expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
	});

	it('knows where each frame lies', async () => {
		const result = stored(await small({ frames: 3, sop: '2.25.33' }));
		expect(result.table).toMatchObject({ kind: 'native', frames: 3, frameBytes: 512, bits: null });
	});
});

describe('each kind of bad file has its reason', () => {
	const whole = smallImage();
	it.each([
		['empty', new Uint8Array(0)],
		['not-dicom', text('hello, this is not an image at all')],
		['not-dicom', new Uint8Array(4096)],
		['meta-missing', smallImage().slice(132)],
		['truncated', whole.slice(0, whole.length - 100)],
		['truncated', whole.slice(0, 430)],
		['no-pixels-declared-size', whole.slice(0, whole.length - 512 - 12)],
		['uid-missing', smallImage({ without: [0x0020000d] })],
		['uid-invalid', smallImage({ sop: '../../etc/passwd' })],
		['uid-invalid', smallImage({ sop: `1.${'2'.repeat(64)}` })],
		['uid-invalid', smallImage({ study: '1..2' })],
		['uid-invalid', smallImage({ study: '1.2\0.3' })],
		['unsupported-transfer-syntax', smallImage({ transferSyntax: '1.2.840.10008.1.2.4.100' })],
		['wrong-codestream', smallImage({ transferSyntax: '1.2.840.10008.1.2.4.80' })],
		['pixel-data-short', smallImage({ rows: 65_535, columns: 65_535, pixelBytes: 512 })],
		['pixel-data-short', smallImage({ frames: 40, pixelBytes: 512 })],
		['pixel-size-implausible', smallImage({ frames: 2_000_000, pixelBytes: 512 })],
		['malformed', smallImage({ rows: 0, pixelBytes: 512 })],
		['malformed', smallImage({ extra: [{ tag: 0x00280100, vr: 'US', value: [13] }] })]
	])('%s', async (reason, bytes) => {
		expect(reasonOf(await take(bytes))).toBe(reason);
		expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
	});

	it('nesting is bounded', async () => {
		let inner = writeDataset([{ tag: 0x00080100, vr: 'SH', value: 'X' }]);
		for (let level = 0; level < 60; level++) {
			const item = concat([Uint8Array.of(0xfe, 0xff, 0x00, 0xe0), new Uint8Array(Uint32Array.of(inner.length).buffer), inner]);
			inner = concat([elementHeader(0x00081110, 'SQ', item.length), item]);
		}
		expect(reasonOf(await take(concat([fileMeta('1.2', '1.3', '1.2.840.10008.1.2.1'), inner])))).toBe('too-deep');
	});

	it('the number of elements is bounded', async () => {
		const items = new Uint8Array(8 * (LIMITS.elements + 10));
		for (let at = 0; at < items.length; at += 8) items.set([0xfe, 0xff, 0x00, 0xe0], at);
		expect(reasonOf(await take(concat([fileMeta('1.2', '1.3', '1.2.840.10008.1.2.1'), elementHeader(0x00081110, 'SQ', items.length), items])))).toBe(
			'too-many-elements'
		);
	});

	it('an encapsulated picture that claims to be enormous', async () => {
		const header = writeDataset([
			...([0x00080016, 0x00080018, 0x0020000d, 0x0020000e] as const).map((tag) => ({ tag, vr: 'UI', value: '1.2.3' })),
			{ tag: 0x00280002, vr: 'US', value: [1] },
			{ tag: 0x00280010, vr: 'US', value: [65_535] },
			{ tag: 0x00280011, vr: 'US', value: [65_535] },
			{ tag: 0x00280100, vr: 'US', value: [16] }
		]);
		const item = (bytes: Uint8Array): Uint8Array => concat([Uint8Array.of(0xfe, 0xff, 0x00, 0xe0), new Uint8Array(Uint32Array.of(bytes.length).buffer), bytes]);
		const pixels = concat([
			elementHeader(0x7fe00010, 'OB', 0xffffffff),
			item(new Uint8Array(0)),
			item(Uint8Array.of(0xff, 0xd8, ...new Uint8Array(30))),
			Uint8Array.of(0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0)
		]);
		expect(reasonOf(await take(concat([fileMeta('1.2.3', '1.2.3', '1.2.840.10008.1.2.4.80'), header, pixels])))).toBe('pixel-size-implausible');
	});
});

describe('what browsers cannot read is written once more', () => {
	const plain = smallImage({ sop: '2.25.55' });
	const metaEnd = fileMeta('1.2.840.10008.5.1.4.1.1.2', '2.25.55', '1.2.840.10008.1.2.1').length;

	it('deflated: the original is kept, an Explicit VR Little Endian copy is served', async () => {
		const deflated = concat([fileMeta('1.2.840.10008.5.1.4.1.1.2', '2.25.55', '1.2.840.10008.1.2.1.99'), deflateRawSync(plain.slice(metaEnd))]);
		const result = stored(await take(deflated));
		expect(result.notes).toContain('normalised');
		expect(result.served).not.toBe(result.sha256);
		expect(new Uint8Array(readFileSync(blobPath(folder, result.sha256)))).toEqual(deflated);
		expect(new Uint8Array(readFileSync(blobPath(folder, result.served)))).toEqual(plain);
	});

	it('a deflate bomb costs a bounded piece of disk and little memory', async () => {
		const bomb = concat([fileMeta('1.2', '1.3', '1.2.840.10008.1.2.1.99'), deflateRawSync(new Uint8Array(256 * 1024 * 1024), { level: 9 })]);
		expect(bomb.length).toBeLessThan(300_000);
		const path = put(bomb);
		const before = process.memoryUsage.rss();
		expect(reasonOf(await examine(path, folder))).toBe('bomb');
		expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1024 * 1024);
		expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
	}, 30_000);

	it('deflated data that break off', async () => {
		const packed = deflateRawSync(plain.slice(metaEnd));
		expect(reasonOf(await take(concat([fileMeta('1.2', '1.3', '1.2.840.10008.1.2.1.99'), packed.subarray(0, packed.length - 20)])))).toBe('truncated');
	});
});

describe('names keep their characters', () => {
	const gbk = Uint8Array.of(0xcd, 0xf5, 0x5e, 0xd0, 0xa1, 0xb6, 0xab, 0x20);
	const named = (charset: string, name: Uint8Array): Promise<ExamineResult> =>
		small({
			sop: `2.25.7${next}`,
			extra: [
				{ tag: 0x00080005, vr: 'CS', value: charset },
				{ tag: 0x00100010, vr: 'PN', value: name }
			]
		});

	it.each([
		['GB18030', gbk, '王小东', false],
		['ISO_IR 192', text('=王^小东'), '王小东', false],
		['ISO_IR 100', Uint8Array.of(0x42, 0x75, 0x63, 0x5e, 0x4a, 0xe9, 0x72, 0xf4, 0x6d, 0x65), 'Buc Jérôme', false],
		[
			'\\ISO 2022 IR 58',
			concat([
				text('Wang^XiaoDong='),
				Uint8Array.of(0x1b, 0x24, 0x29, 0x41),
				gbk.slice(0, 2),
				text('^'),
				Uint8Array.of(0x1b, 0x24, 0x29, 0x41),
				gbk.slice(3, 7)
			]),
			'王小东',
			false
		],
		[
			'\\ISO 2022 IR 87',
			Uint8Array.of(0x3d, 0x1b, 0x24, 0x42, 0x3b, 0x33, 0x45, 0x44, 0x1b, 0x28, 0x42, 0x5e, 0x1b, 0x24, 0x42, 0x42, 0x40, 0x4f, 0x3a, 0x1b, 0x28, 0x42),
			'山田太郎',
			false
		],
		// Chinese written under the name of Latin-1, and UTF-8 that is none: shown as well as possible, and flagged.
		['ISO_IR 100', gbk, '王小东', true],
		['ISO_IR 192', gbk, '王小东', true],
		['KLINGON', text('王^小东'), '王小东', true]
	])('%s', async (charset, bytes, shown, doubtful) => {
		const result = stored(await named(charset, bytes));
		expect([result.identity.name, result.identity.doubtfulText]).toEqual([shown, doubtful]);
		expect(result.notes.includes('charset-wrong')).toBe(doubtful);
	});

	it('markup in a name stays text', async () => {
		const result = stored(await small({ name: '<img src onerror>', sop: '2.25.991' }));
		expect(result.identity.name).toBe('<img src onerror>');
	});
});

describe('whatever the bytes are, the answer is stored or a reason', () => {
	const base = smallImage({ sop: '2.25.77', frames: 2 });
	it('random bytes, cuts and mutations (property, 400 files)', async () => {
		const mutated = fc
			.tuple(fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 }), fc.integer({ min: 0, max: base.length }))
			.map(([edits, cut]) => {
				const bytes = Uint8Array.from(base);
				for (const [at, value] of edits) bytes[at] = value;
				return cut % 3 === 0 ? bytes.slice(0, cut) : bytes;
			});
		const before = process.memoryUsage.rss();
		await fc.assert(
			fc.asyncProperty(fc.oneof({ weight: 5, arbitrary: mutated }, fc.uint8Array({ maxLength: 3000 })), async (bytes) => {
				const result = await take(bytes);
				expect(result.kind === 'read' || FILE_REASONS.includes(result.reason)).toBe(true);
			}),
			{ numRuns: 400 }
		);
		expect(process.memoryUsage.rss() - before).toBeLessThan(128 * 1024 * 1024);
		expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
	}, 60_000);

	it('UID grammar', () => {
		fc.assert(
			fc.property(fc.string({ maxLength: 80 }), (value) => {
				if (isUid(value)) expect(value).toMatch(/^[\d.]{3,64}$/u);
			})
		);
		expect(['1.2', '2.25.0', '1.2.840.10008.1.2.1'].every(isUid)).toBe(true);
		expect(['', '1', '.1', '1.', '1..2', '1.2a', '1/2', '1.2\n', `1.${'3'.repeat(63)}`].some(isUid)).toBe(false);
	});
});

describe('the ingest thread', () => {
	it('answers in order, and a file that takes too long ends the thread, not the import', async () => {
		const thread = new IngestThread(folder);
		try {
			const results = await Promise.all([
				thread.examine(put(smallImage({ sop: '2.25.801' }))),
				thread.examine(put(text('no'))),
				thread.examine(put(smallImage({ sop: '2.25.802' })))
			]);
			expect(results.map(reasonOf)).toEqual(['stored', 'not-dicom', 'stored']);
		} finally {
			await thread.close();
		}
		const hasty = new IngestThread(folder, 0);
		try {
			const path = put(smallImage({ sop: '2.25.803' }));
			expect(reasonOf(await hasty.examine(path))).toBe('too-slow');
			expect(existsSync(path)).toBe(false);
		} finally {
			await hasty.close();
		}
	});
});

const shared = join(import.meta.dirname, '../../../../../../../shared/data/dicom');
describe.skipIf(!existsSync(shared))('files from elsewhere (skipped where ../shared/data/dicom is absent)', () => {
	it('each is stored or refused with a reason', async () => {
		const thread = new IngestThread(folder);
		const counts: Record<string, number> = {};
		try {
			for (const entry of readdirSync(shared, { recursive: true, withFileTypes: true })) {
				if (!entry.isFile()) continue;
				const reason = reasonOf(await thread.examine(put(readFileSync(join(entry.parentPath, entry.name)))));
				counts[reason] = (counts[reason] ?? 0) + 1;
			}
		} finally {
			await thread.close();
		}
		console.log('shared DICOM files:', JSON.stringify(counts));
		expect(counts['unreadable'] ?? 0).toBe(0);
		expect(counts['stored'] ?? 0).toBeGreaterThan(250);
	}, 60_000);
});
