import { imageLoader, utilities, type Types } from '@cornerstonejs/core';
import { TAG, number, text } from './dicom-json.ts';
import type { DicomWeb, Frame, PixelData } from './dicomweb.ts';
import { frameOf, rescaleOf, windowOf } from './metadata.ts';

type Pixels = Uint8Array | Uint16Array | Int16Array | Float32Array;
const NATIVE = new Set(['1.2.840.10008.1.2', '1.2.840.10008.1.2.1']);

/** Registers the scheme `tongping:`; frames are fetched by `client`, native grey ones are ready at once, the rest is decoded in a worker loaded on need. */
export function registerImages(client: DicomWeb): void {
	imageLoader.registerImageLoader('tongping', (imageId) => {
		const stop = new AbortController();
		return { promise: load(client, imageId, stop.signal), cancelFn: () => stop.abort() };
	});
}

async function load(client: DicomWeb, imageId: string, signal: AbortSignal): Promise<Types.IImage> {
	const frame = frameOf(imageId);
	if (frame === undefined) throw new Error('this picture belongs to no open series');
	const pixels = await client.frame(frame.url, signal);
	const grey = (number(frame.dataset, TAG.samplesPerPixel) ?? 1) === 1 && /^MONOCHROME/.test(text(frame.dataset, TAG.photometric) ?? 'MONOCHROME2');
	const bits = number(frame.dataset, TAG.bitsAllocated) ?? 16;
	if (grey && (bits === 8 || bits === 16) && (pixels.transferSyntax === null || NATIVE.has(pixels.transferSyntax)))
		return greyImage(imageId, frame, pixels.bytes);
	return decoded(imageId, pixels);
}

let decoder: Promise<typeof import('@cornerstonejs/dicom-image-loader')> | null = null;
async function decoded(imageId: string, { bytes, transferSyntax }: PixelData): Promise<Types.IImage> {
	decoder ??= import('@cornerstonejs/dicom-image-loader').then((module) => {
		module.init({ maxWebWorkers: Math.min(4, Math.max(1, (navigator.hardwareConcurrency || 2) - 1)) });
		return module;
	});
	const { createImage } = (await decoder).default;
	const image: unknown = await createImage(imageId, bytes, transferSyntax ?? '1.2.840.10008.1.2.1', { useRGBA: true, preScale: { enabled: true } });
	return image as Types.IImage;
}

/** Stored values of a native frame, freed from bits above BitsStored (C.7.6.3.1.1: overlays may hide there). */
export function storedValues(frame: Frame, bytes: Uint8Array<ArrayBuffer>): Uint8Array | Uint16Array | Int16Array {
	const { dataset } = frame;
	const count = (number(dataset, TAG.rows) ?? 0) * (number(dataset, TAG.columns) ?? 0);
	const allocated = number(dataset, TAG.bitsAllocated) ?? 16;
	const stored = number(dataset, TAG.bitsStored) ?? allocated;
	const signed = number(dataset, TAG.pixelRepresentation) === 1;
	if (bytes.length < (count * allocated) / 8) throw new Error('the picture is shorter than its size says');
	if (allocated === 8) return bytes.subarray(0, count);
	const values = signed ? new Int16Array(bytes.buffer, bytes.byteOffset, count) : new Uint16Array(bytes.buffer, bytes.byteOffset, count);
	const unused = 16 - stored;
	if (unused > 0 && unused < 16) {
		if (values instanceof Int16Array) values.forEach((value, index) => (values[index] = (value << (16 + unused)) >> (16 + unused)));
		else values.forEach((value, index) => (values[index] = value & (0xffff >> unused)));
	}
	return values;
}

function rescaled(values: Uint8Array | Uint16Array | Int16Array, slope: number, intercept: number): { pixels: Pixels; min: number; max: number } {
	let low = Infinity;
	let high = -Infinity;
	for (let index = 0; index < values.length; index++) {
		const value = values[index] ?? 0;
		if (value < low) low = value;
		if (value > high) high = value;
	}
	const [min, max] = slope > 0 ? [low * slope + intercept, high * slope + intercept] : [high * slope + intercept, low * slope + intercept];
	if (slope === 1 && intercept === 0) return { pixels: values, min, max };
	const whole = Number.isInteger(slope) && Number.isInteger(intercept) && min >= -32768 && max <= 32767;
	// Sixteen bits signed hold every value of this picture: rewritten in place, the copy is ours alone.
	const pixels = whole ? (values instanceof Int16Array ? values : new Int16Array(values.length)) : new Float32Array(values.length);
	for (let index = 0; index < values.length; index++) pixels[index] = (values[index] ?? 0) * slope + intercept;
	return { pixels, min, max };
}

function greyImage(imageId: string, frame: Frame, bytes: Uint8Array<ArrayBuffer>): Types.IImage {
	const { dataset } = frame;
	const rows = number(dataset, TAG.rows) ?? 0;
	const columns = number(dataset, TAG.columns) ?? 0;
	const { slope, intercept } = rescaleOf(dataset, frame.frame);
	const { pixels, min, max } = rescaled(storedValues(frame, bytes), slope, intercept);
	const window = windowOf(dataset, frame.frame) ?? { center: (min + max + 1) / 2, width: Math.max(1, max - min + 1) };
	const modality = text(dataset, TAG.modality);
	const spacing = frame.plane?.spacing ?? { x: 1, y: 1 };
	const image: Partial<Types.IImage> = {
		imageId,
		dataType: pixels.constructor.name as Types.IImage['dataType'],
		color: false,
		rgba: false,
		rows,
		columns,
		height: rows,
		width: columns,
		numberOfComponents: 1,
		rowPixelSpacing: spacing.y,
		columnPixelSpacing: spacing.x,
		slope,
		intercept,
		preScale: { enabled: true, scaled: true, scalingParameters: { rescaleSlope: slope, rescaleIntercept: intercept, ...(modality !== null && { modality }) } },
		isPreScaled: true,
		invert: text(dataset, TAG.photometric) === 'MONOCHROME1',
		photometricInterpretation: text(dataset, TAG.photometric) ?? 'MONOCHROME2',
		minPixelValue: min,
		maxPixelValue: max,
		windowCenter: window.center,
		windowWidth: window.width,
		sizeInBytes: pixels.byteLength,
		voxelManager: utilities.VoxelManager.createImageVoxelManager({ scalarData: pixels, width: columns, height: rows, numberOfComponents: 1 }) as NonNullable<
			Types.IImage['voxelManager']
		>,
		getPixelData: () => pixels
	};
	return image as Types.IImage;
}
