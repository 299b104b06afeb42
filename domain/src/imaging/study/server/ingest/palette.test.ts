import { describe, expect, it } from 'vitest';
import type { DicomJson } from '../../dicom/json.ts';
import { asRgb, expandSegments, paint, paletteOf } from './palette.ts';

const words = (...values: readonly number[]): string => Buffer.from(Uint16Array.from(values).buffer).toString('base64');
const image = (lut: readonly number[], tag: '2' | '2s' = '2'): DicomJson =>
	Object.fromEntries(
		['1', '2', '3'].flatMap((channel) => [
			[`0028110${channel}`, { vr: 'US', Value: [4, 1, 16] }],
			[tag === '2' ? `0028120${channel}` : `0028122${channel}`, { vr: 'OW', InlineBinary: words(...lut.map((value) => (value * Number(channel)) << 8)) }]
		])
	);

describe('palettes of 16-bit indices', () => {
	it('become RGB; indices outside take the ends', () => {
		const palette = paletteOf(image([0, 10, 20, 30]));
		if (palette === null) throw new Error('a palette');
		const target = Buffer.alloc(15);
		paint(Buffer.from(Uint16Array.of(0, 1, 2, 4, 900).buffer), palette, target);
		expect([...target]).toEqual([0, 0, 0, 0, 0, 0, 10, 20, 30, 30, 60, 90, 30, 60, 90]);
	});
	it('segments: values, lines and repeats', () => {
		expect([...(expandSegments(Uint16Array.of(0, 2, 5, 9, 1, 2, 13), 4) ?? [])]).toEqual([5, 9, 11, 13]);
		expect([...(expandSegments(Uint16Array.of(0, 2, 5, 9, 2, 1, 0, 0), 4) ?? [])]).toEqual([5, 9, 5, 9]);
	});
	it.each([
		['too many', [0, 4, 1, 2, 3, 4], 3],
		['too few', [0, 1, 1], 3],
		['a line from nowhere', [1, 3, 9], 3],
		['a repeat of itself', [2, 1, 0, 0], 3],
		['an unknown kind', [7, 1, 0], 1],
		['cut short', [0, 4, 1], 4]
	] as const)('segments that make no sense: %s', (_, data, entries) => {
		expect(expandSegments(Uint16Array.from(data), entries)).toBeNull();
	});
	it('the metadata say what is served', () => {
		const rgb = asRgb(image([0, 1, 2, 3]));
		expect([rgb['00280004']?.Value, rgb['00280002']?.Value, rgb['00281101']]).toEqual([['RGB'], [3], undefined]);
	});
});
