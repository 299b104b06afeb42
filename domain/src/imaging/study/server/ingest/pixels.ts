import { numberOf, textOf, type DicomJson } from '../../dicom/json.ts';
import { EXPLICIT_LE, IMPLICIT_LE, type Dataset, type Fragment } from './reader.ts';
import type { Limits } from './limits.ts';
import type { Palette } from './palette.ts';
import { Refused } from './refused.ts';
import type { Source } from './source.ts';

/**
 * Where each frame lies in the stored file, so that serving one is a read at an offset. native: equal sizes, one after the other
 * (`bits`: one bit a pixel, frames not on byte borders). encapsulated: the fragments of each frame.
 */
export type FrameTable =
	| {
			readonly kind: 'native';
			readonly offset: number;
			readonly frameBytes: number;
			readonly frames: number;
			readonly bits: number | null;
			readonly palette?: Palette;
	  }
	| { readonly kind: 'encapsulated'; readonly frames: readonly (readonly (readonly [offset: number, length: number])[])[] };

export interface PixelFacts {
	readonly table: FrameTable | null;
	readonly frames: number;
	readonly trailing: boolean;
}

type Family = 'rle' | 'jpeg' | 'jpeg-ls' | 'j2k' | 'jxl';
const ENCAPSULATED: Readonly<Record<string, Family>> = {
	'1.2.840.10008.1.2.5': 'rle',
	'1.2.840.10008.1.2.4.50': 'jpeg',
	'1.2.840.10008.1.2.4.51': 'jpeg',
	'1.2.840.10008.1.2.4.57': 'jpeg',
	'1.2.840.10008.1.2.4.70': 'jpeg',
	'1.2.840.10008.1.2.4.80': 'jpeg-ls',
	'1.2.840.10008.1.2.4.81': 'jpeg-ls',
	'1.2.840.10008.1.2.4.90': 'j2k',
	'1.2.840.10008.1.2.4.91': 'j2k',
	'1.2.840.10008.1.2.4.201': 'j2k',
	'1.2.840.10008.1.2.4.202': 'j2k',
	'1.2.840.10008.1.2.4.203': 'j2k',
	'1.2.840.10008.1.2.4.110': 'jxl',
	'1.2.840.10008.1.2.4.111': 'jxl',
	'1.2.840.10008.1.2.4.112': 'jxl'
};
export const isEncapsulated = (transferSyntax: string): boolean => transferSyntax in ENCAPSULATED;
export const isSupported = (transferSyntax: string): boolean =>
	isEncapsulated(transferSyntax) || transferSyntax === EXPLICIT_LE || transferSyntax === IMPLICIT_LE;

/** Rows and columns as the compressed stream itself says them; null when it does not begin with one. `[0, 0]`: the family does not say. */
function codestream(family: Family, head: Buffer): readonly [rows: number, columns: number] | null {
	if (family === 'rle') return head.length >= 64 && head.readUInt32LE(0) >= 1 && head.readUInt32LE(0) <= 15 ? [0, 0] : null;
	if (family === 'jxl') return head.readUInt16BE(0) === 0xff0a || head.toString('latin1', 4, 8) === 'JXL ' ? [0, 0] : null;
	if (family === 'j2k') {
		const start = head.readUInt16BE(0) === 0xff4f ? 0 : head.indexOf(Buffer.of(0xff, 0x4f, 0xff, 0x51));
		if (start < 0 || start + 24 > head.length || head.readUInt16BE(start + 2) !== 0xff51) return null;
		return [head.readUInt32BE(start + 12) - head.readUInt32BE(start + 20), head.readUInt32BE(start + 8) - head.readUInt32BE(start + 16)];
	}
	if (head.readUInt16BE(0) !== 0xffd8) return null;
	let at = 2;
	while (at + 9 < head.length) {
		if (head[at] !== 0xff) return null;
		const marker = head[at + 1] as number;
		if (marker === 0xff) {
			at++;
			continue;
		}
		const frame = family === 'jpeg-ls' ? marker === 0xf7 : marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
		if (frame) return [head.readUInt16BE(at + 5), head.readUInt16BE(at + 7)];
		at += 2 + head.readUInt16BE(at + 2);
	}
	// Long application segments may push the frame header beyond what was read; the stream did begin as it should.
	return at + 9 >= head.length && head.length > 4096 ? [0, 0] : null;
}

const spans = (fragments: readonly Fragment[]): [number, number][] => fragments.map(({ offset, length }) => [offset, length]);

/** Fragments to frames: one each, by an offset table, or by the start marker each frame begins with. */
function byFrame(source: Source, fragments: readonly Fragment[], frames: number, offsets: readonly number[]): [number, number][][] | null {
	if (frames === 1) return [spans(fragments)];
	if (fragments.length === frames) return fragments.map((fragment) => spans([fragment]));
	const first = fragments[0];
	if (first === undefined || fragments.length < frames) return null;
	const split = (starts: readonly number[]): [number, number][][] | null => {
		const groups: [number, number][][] = [];
		const begins = new Set(starts);
		for (const fragment of fragments) {
			// An offset counts from the first fragment's item tag.
			if (begins.has(fragment.offset - first.offset)) groups.push([]);
			groups.at(-1)?.push([fragment.offset, fragment.length]);
		}
		return groups.length === frames ? groups : null;
	};
	if (offsets.length === frames) {
		const groups = split(offsets);
		if (groups !== null) return groups;
	}
	const starts = fragments.filter(({ offset, length }) => {
		if (length < 4) return false;
		const marker = source.bytes(offset, 2).readUInt16BE(0);
		return marker === 0xffd8 || marker === 0xff4f;
	});
	return split(starts.map((fragment) => fragment.offset - first.offset));
}

/** Checks that the pixels have the size the header declares, before anybody decodes anything. */
export function pixelFacts(source: Source, transferSyntax: string, { json, pixels, extendedOffsets }: Dataset, limits: Limits): PixelFacts {
	const [rows, columns, samples, bits] = ['00280010', '00280011', '00280002', '00280100'].map((tag) => numberOf(json, tag));
	if (pixels === null) {
		// A picture that was cut off just before its pixels looks like a whole file; a report or a plan declares no size.
		if (rows && columns && bits) throw new Refused('no-pixels-declared-size', `${rows} x ${columns}`);
		return { table: null, frames: 0, trailing: false };
	}
	const frames = numberOf(json, '00280008') ?? 1;
	const allocated = pixels.tag === 0x7fe00008 ? 32 : pixels.tag === 0x7fe00009 ? 64 : (bits ?? 0);
	if (!rows || !columns || rows < 1 || columns < 1 || !Number.isInteger(rows) || !Number.isInteger(columns)) throw new Refused('malformed', 'Rows, Columns');
	if (![1, 8, 16, 32, 64].includes(allocated)) throw new Refused('malformed', `BitsAllocated ${allocated}`);
	const planes = samples ?? 1;
	if (planes < 1 || planes > 4 || !Number.isInteger(planes) || !Number.isInteger(frames) || frames < 1)
		throw new Refused('malformed', 'SamplesPerPixel, NumberOfFrames');
	if (frames > limits.frames) throw new Refused('pixel-size-implausible', `${frames} frames`);
	const subsampled = textOf(json, '00280004') === 'YBR_FULL_422' && planes === 3 ? 2 : planes;
	const pixelsOfFrame = rows * columns;
	const frameBytes = allocated === 1 ? Math.ceil(pixelsOfFrame / 8) : pixelsOfFrame * planes * (allocated / 8);
	if (frameBytes > limits.frameBytes) throw new Refused(pixels.kind === 'native' ? 'pixel-data-short' : 'pixel-size-implausible', `${rows} x ${columns}`);
	const family = ENCAPSULATED[transferSyntax];
	if (pixels.kind === 'native') {
		if (family !== undefined) throw new Refused('wrong-codestream', 'native pixels under a compressed transfer syntax');
		const stored = allocated === 1 ? pixelsOfFrame / 8 : pixelsOfFrame * subsampled * (allocated / 8);
		const expected = Math.ceil(stored * frames);
		if (pixels.length < expected) throw new Refused('pixel-data-short', `${pixels.length} of ${expected} bytes`);
		const table: FrameTable = {
			kind: 'native',
			offset: pixels.offset,
			frameBytes: Math.ceil(stored),
			frames,
			bits: allocated === 1 && pixelsOfFrame % 8 !== 0 ? pixelsOfFrame : null
		};
		return { table, frames, trailing: pixels.length > expected + 1 };
	}
	if (family === undefined) throw new Refused('wrong-codestream', 'compressed pixels under a native transfer syntax');
	const groups = byFrame(source, pixels.fragments, frames, extendedOffsets.length === frames ? extendedOffsets : pixels.basicOffsets);
	if (groups === null) throw new Refused('pixel-data-short', `${pixels.fragments.length} fragments for ${frames} frames`);
	const first = groups[0]?.[0];
	if (first === undefined || first[1] < 16) throw new Refused('pixel-data-short', 'no compressed data');
	const said = codestream(family, Buffer.from(source.bytes(first[0], Math.min(first[1], 64 * 1024))));
	if (said === null) throw new Refused('wrong-codestream', `not ${family}`);
	if (said[0] !== 0 && (said[0] !== rows || said[1] !== columns))
		throw new Refused('wrong-codestream', `${said[0]} x ${said[1]} in the stream, ${rows} x ${columns} in the header`);
	const compressed = pixels.fragments.reduce((sum, { length }) => sum + length, 0);
	if (frameBytes * frames > 64 * 1024 * 1024 && (frameBytes * frames) / Math.max(1, compressed) > 2000)
		throw new Refused('pixel-size-implausible', `${frameBytes * frames} bytes from ${compressed}`);
	return { table: { kind: 'encapsulated', frames: groups }, frames, trailing: false };
}

export const samplesOf = (json: DicomJson): number => numberOf(json, '00280002') ?? 1;
