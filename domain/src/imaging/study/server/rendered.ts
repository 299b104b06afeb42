import { crc32, deflateSync } from 'node:zlib';
import { numberOf, textOf, type DicomJson } from '../dicom/json.ts';

/** A small grey or colour picture of a native frame, for lists of series. Never for reading: it is scaled down and windowed once. */
export const RENDER_MAX = 512;

function chunk(type: string, data: Buffer): Buffer {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const out = Buffer.alloc(body.length + 8);
	out.writeUInt32BE(data.length, 0);
	body.copy(out, 4);
	out.writeUInt32BE(crc32(body), body.length + 4);
	return out;
}

/** PNG (ISO/IEC 15948), 8 bits, grey or RGB, filter 0. */
export function png(width: number, height: number, channels: 1 | 3, pixels: Uint8Array): Buffer {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.writeUInt8(8, 8);
	header.writeUInt8(channels === 1 ? 0 : 2, 9);
	const stride = width * channels;
	const lines = Buffer.alloc((stride + 1) * height);
	for (let y = 0; y < height; y++) lines.set(pixels.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
	return Buffer.concat([
		Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
		chunk('IHDR', header),
		chunk('IDAT', deflateSync(lines)),
		chunk('IEND', Buffer.alloc(0))
	]);
}

interface Grid {
	readonly rows: number;
	readonly columns: number;
	readonly width: number;
	readonly height: number;
}
const clamp = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : value);

function sampler(image: DicomJson, frame: Buffer): ((index: number) => number) | null {
	const allocated = numberOf(image, '00280100');
	const stored = numberOf(image, '00280101') ?? allocated ?? 8;
	const shift = 32 - stored;
	const signed = numberOf(image, '00280103') === 1;
	const tidy = (value: number): number => (signed ? (value << shift) >> shift : (value << shift) >>> shift);
	if (allocated === 8) return (index) => tidy(frame[index] ?? 0);
	if (allocated === 16) return (index) => tidy(frame.readUInt16LE(Math.min(index * 2, frame.length - 2)));
	return null;
}

function grey(image: DicomJson, frame: Buffer, { rows, columns, width, height }: Grid): Buffer | null {
	const sample = sampler(image, frame);
	if (sample === null) return null;
	const slope = numberOf(image, '00281053') ?? 1;
	const intercept = numberOf(image, '00281052') ?? 0;
	const values = new Float32Array(width * height);
	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x++)
			values[y * width + x] = sample(Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width)) * slope + intercept;
	const centre = numberOf(image, '00281050');
	const windowWidth = numberOf(image, '00281051');
	let low = (centre ?? 0) - (windowWidth ?? 0) / 2;
	let high = (centre ?? 0) + (windowWidth ?? 0) / 2;
	if (centre === null || windowWidth === null || windowWidth < 1) {
		low = values.reduce((a, b) => Math.min(a, b), Infinity);
		high = values.reduce((a, b) => Math.max(a, b), -Infinity);
	}
	const invert = textOf(image, '00280004') === 'MONOCHROME1';
	const pixels = Uint8Array.from(values, (value) => {
		const level = clamp(((value - low) / Math.max(1e-6, high - low)) * 255);
		return invert ? 255 - level : level;
	});
	return png(width, height, 1, pixels);
}

function colour(image: DicomJson, frame: Buffer, { rows, columns, width, height }: Grid): Buffer | null {
	if (numberOf(image, '00280100') !== 8 || textOf(image, '00280004') !== 'RGB') return null;
	const planar = numberOf(image, '00280006') === 1;
	const plane = rows * columns;
	const pixels = new Uint8Array(width * height * 3);
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const source = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
			for (let channel = 0; channel < 3; channel++)
				pixels[(y * width + x) * 3 + channel] = frame[planar ? source + channel * plane : source * 3 + channel] ?? 0;
		}
	}
	return png(width, height, 3, pixels);
}

/** Null where this server cannot draw the pixels itself (compressed, palette, subsampled). */
export function renderNative(image: DicomJson, frame: Buffer, box: { readonly width: number; readonly height: number }): Buffer | null {
	const rows = numberOf(image, '00280010') ?? 0;
	const columns = numberOf(image, '00280011') ?? 0;
	if (rows < 1 || columns < 1) return null;
	const scale = Math.min(1, box.width / columns, box.height / rows);
	const grid: Grid = { rows, columns, width: Math.max(1, Math.round(columns * scale)), height: Math.max(1, Math.round(rows * scale)) };
	if (numberOf(image, '00280002') === 3) return colour(image, frame, grid);
	return textOf(image, '00280004')?.startsWith('MONOCHROME') === true ? grey(image, frame, grid) : null;
}
