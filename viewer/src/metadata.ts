import { metaData } from '@cornerstonejs/core';
import { TAG, frameDataset, number, numbers, text, type Dataset } from './dicom-json.ts';
import type { Frame } from './dicomweb.ts';

/** An identifier of Cornerstone's own; it never leaves this machine (shared state names SOP instance and frame instead). */
export const imageIdOf = (frame: Pick<Frame, 'sop' | 'frame'>): string => `tongping:${frame.sop}/${frame.frame}`;

const known = new Map<string, Frame>();
export const frameOf = (imageId: string): Frame | undefined => known.get(imageId);
export function register(frames: readonly Frame[]): readonly string[] {
	return frames.map((frame) => {
		const imageId = imageIdOf(frame);
		known.set(imageId, frame);
		return imageId;
	});
}
export function unregister(imageIds: readonly string[]): void {
	for (const imageId of imageIds) known.delete(imageId);
}

export interface Rescale {
	readonly slope: number;
	readonly intercept: number;
}
export function rescaleOf(dataset: Dataset, frame: number): Rescale {
	const group = frameDataset(dataset, frame, '00289145', TAG.rescaleSlope);
	return { slope: number(group, TAG.rescaleSlope) || 1, intercept: number(group, TAG.rescaleIntercept) ?? 0 };
}

export function windowOf(dataset: Dataset, frame: number): { readonly center: number; readonly width: number } | null {
	const group = frameDataset(dataset, frame, '00289132', TAG.windowCenter);
	const center = number(group, TAG.windowCenter);
	const width = number(group, TAG.windowWidth);
	return center === null || width === null || width <= 0 ? null : { center, width };
}

const pixelModule = (dataset: Dataset): Record<string, unknown> => ({
	samplesPerPixel: number(dataset, TAG.samplesPerPixel) ?? 1,
	photometricInterpretation: text(dataset, TAG.photometric) ?? 'MONOCHROME2',
	planarConfiguration: number(dataset, TAG.planar) ?? 0,
	rows: number(dataset, TAG.rows),
	columns: number(dataset, TAG.columns),
	bitsAllocated: number(dataset, TAG.bitsAllocated) ?? 16,
	bitsStored: number(dataset, TAG.bitsStored) ?? 16,
	highBit: number(dataset, TAG.highBit) ?? 15,
	pixelRepresentation: number(dataset, TAG.pixelRepresentation) ?? 0,
	...palette(dataset)
});

const PALETTE = { red: ['00281101', '00281201'], green: ['00281102', '00281202'], blue: ['00281103', '00281203'] } as const;
function palette(dataset: Dataset): Record<string, unknown> {
	const module: Record<string, unknown> = {};
	for (const [colour, [descriptor, data]] of Object.entries(PALETTE)) {
		const shape = numbers(dataset, descriptor);
		const encoded = dataset[data]?.InlineBinary;
		if (shape === null || encoded === undefined) continue;
		const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
		module[`${colour}PaletteColorLookupTableDescriptor`] = shape;
		module[`${colour}PaletteColorLookupTableData`] = shape[2] === 16 ? new Uint16Array(bytes.buffer) : bytes;
	}
	return module;
}

function planeModule(frame: Frame): Record<string, unknown> {
	const rows = number(frame.dataset, TAG.rows);
	const columns = number(frame.dataset, TAG.columns);
	const plane = frame.plane ?? { origin: [0, 0, 0], row: [1, 0, 0], column: [0, 1, 0], spacing: { x: 1, y: 1 } };
	return {
		frameOfReferenceUID: text(frame.dataset, TAG.frameOfReference) ?? frame.sop,
		rows,
		columns,
		imageOrientationPatient: [...plane.row, ...plane.column],
		rowCosines: [...plane.row],
		columnCosines: [...plane.column],
		imagePositionPatient: [...plane.origin],
		sliceThickness: number(frame.dataset, TAG.sliceThickness),
		pixelSpacing: [plane.spacing.y, plane.spacing.x],
		rowPixelSpacing: plane.spacing.y,
		columnPixelSpacing: plane.spacing.x,
		usingDefaultValues: frame.plane === null
	};
}

function answer(type: string, imageId: unknown): unknown {
	const frame = typeof imageId === 'string' ? known.get(imageId) : undefined;
	if (frame === undefined) return undefined;
	const { dataset } = frame;
	switch (type) {
		case 'imagePixelModule':
			return pixelModule(dataset);
		case 'imagePlaneModule':
			return planeModule(frame);
		case 'generalSeriesModule':
			return {
				modality: text(dataset, TAG.modality),
				seriesInstanceUID: text(dataset, TAG.series),
				studyInstanceUID: text(dataset, TAG.study),
				seriesNumber: number(dataset, TAG.seriesNumber)
			};
		case 'modalityLutModule': {
			const { slope, intercept } = rescaleOf(dataset, frame.frame);
			return { rescaleSlope: slope, rescaleIntercept: intercept };
		}
		case 'voiLutModule': {
			const window = windowOf(dataset, frame.frame);
			return window === null ? {} : { windowCenter: [window.center], windowWidth: [window.width] };
		}
		case 'sopCommonModule':
			return { sopClassUID: text(dataset, TAG.sopClass), sopInstanceUID: frame.sop };
		default:
			return undefined;
	}
}

let provided = false;
export function provideMetadata(): void {
	if (provided) return;
	provided = true;
	metaData.addProvider(answer, 10_000);
}
