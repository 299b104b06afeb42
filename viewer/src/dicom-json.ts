import type { calibrationOf } from '@tongping/domain/imaging';

/** DICOM JSON (PS3.18 annex F) as WADO-RS metadata delivers it: tag -> { vr, Value }. */
export type Dataset = Parameters<typeof calibrationOf>[0];

export const TAG = {
	sopClass: '00080016',
	sop: '00080018',
	modality: '00080060',
	seriesDescription: '0008103E',
	study: '0020000D',
	series: '0020000E',
	seriesNumber: '00200011',
	instanceNumber: '00200013',
	patientOrientation: '00200020',
	position: '00200032',
	orientation: '00200037',
	frameOfReference: '00200052',
	sliceThickness: '00180050',
	frameTime: '00181063',
	samplesPerPixel: '00280002',
	photometric: '00280004',
	planar: '00280006',
	frames: '00280008',
	rows: '00280010',
	columns: '00280011',
	pixelSpacing: '00280030',
	bitsAllocated: '00280100',
	bitsStored: '00280101',
	highBit: '00280102',
	pixelRepresentation: '00280103',
	windowCenter: '00281050',
	windowWidth: '00281051',
	rescaleIntercept: '00281052',
	rescaleSlope: '00281053',
	sharedGroups: '52009229',
	perFrameGroups: '52009230'
} as const;

export const text = (dataset: Dataset, tag: string): string | null => {
	const value = dataset[tag]?.Value?.[0];
	if (typeof value === 'string') return value;
	if (typeof value === 'number') return String(value);
	return null;
};

/** All numbers of an element; DS and IS arrive as numbers or as their text. Null when one of them is not a number. */
export function numbers(dataset: Dataset, tag: string): readonly number[] | null {
	const values = dataset[tag]?.Value;
	if (values === undefined || values.length === 0) return null;
	const read = values.map((value) => (typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN));
	return read.every(Number.isFinite) ? read : null;
}
export const number = (dataset: Dataset, tag: string): number | null => numbers(dataset, tag)?.[0] ?? null;

export function items(dataset: Dataset, tag: string): readonly Dataset[] {
	const element = dataset[tag];
	return element?.vr !== 'SQ' ? [] : (element.Value ?? []).filter((value): value is Dataset => typeof value === 'object' && value !== null);
}

/** An element of one frame: its own functional group, else the shared one, else the top level (C.7.6.16). `frame` counts from 1. */
export function frameDataset(dataset: Dataset, frame: number, sequence: string, tag: string): Dataset {
	const own = items(dataset, TAG.perFrameGroups)[frame - 1];
	for (const group of [own, items(dataset, TAG.sharedGroups)[0]]) {
		const item = group === undefined ? undefined : items(group, sequence)[0];
		if (item?.[tag] !== undefined) return item;
	}
	return dataset;
}
