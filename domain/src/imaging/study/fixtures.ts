import { concat, elementHeader, fileMeta, writeDataset, type WriteElement } from './dicom/write.ts';

/** A very small CT picture as a file: what tests bend and break. */
export interface SmallImage {
	readonly study?: string;
	readonly series?: string;
	readonly sop?: string;
	readonly patientId?: string;
	readonly name?: string;
	readonly birthDate?: string;
	readonly sex?: string;
	readonly number?: number;
	readonly rows?: number;
	readonly columns?: number;
	readonly frames?: number;
	readonly pixelBytes?: number;
	readonly transferSyntax?: string;
	readonly modality?: string;
	/** added, or in place of those with the same tag */
	readonly extra?: readonly WriteElement[];
	readonly without?: readonly number[];
}

const CT_IMAGE = '1.2.840.10008.5.1.4.1.1.2';
export const EXPLICIT = '1.2.840.10008.1.2.1';

export function smallImage(image: SmallImage = {}): Uint8Array {
	const rows = image.rows ?? 16;
	const columns = image.columns ?? 16;
	const sop = image.sop ?? `2.25.100${image.number ?? 1}`;
	const elements: WriteElement[] = [
		{ tag: 0x00080005, vr: 'CS', value: 'ISO_IR 192' },
		{ tag: 0x00080016, vr: 'UI', value: CT_IMAGE },
		{ tag: 0x00080018, vr: 'UI', value: sop },
		{ tag: 0x00080020, vr: 'DA', value: '20261120' },
		{ tag: 0x00080050, vr: 'SH', value: 'A1' },
		{ tag: 0x00080060, vr: 'CS', value: image.modality ?? 'CT' },
		{ tag: 0x00100010, vr: 'PN', value: image.name ?? 'Meng^Dayong=孟^大勇' },
		{ tag: 0x00100020, vr: 'LO', value: image.patientId ?? 'P0000001' },
		{ tag: 0x00100030, vr: 'DA', value: image.birthDate ?? '19880412' },
		{ tag: 0x00100040, vr: 'CS', value: image.sex ?? 'M' },
		{ tag: 0x00180050, vr: 'DS', value: '2.5' },
		{ tag: 0x0020000d, vr: 'UI', value: image.study ?? '2.25.1' },
		{ tag: 0x0020000e, vr: 'UI', value: image.series ?? '2.25.2' },
		{ tag: 0x00200013, vr: 'IS', value: String(image.number ?? 1) },
		{ tag: 0x00200032, vr: 'DS', value: ['-10', '-20', String((image.number ?? 1) * 2.5)] },
		{ tag: 0x00200037, vr: 'DS', value: ['1', '0', '0', '0', '1', '0'] },
		{ tag: 0x00280002, vr: 'US', value: [1] },
		{ tag: 0x00280004, vr: 'CS', value: 'MONOCHROME2' },
		...(image.frames === undefined ? [] : [{ tag: 0x00280008, vr: 'IS', value: String(image.frames) }]),
		{ tag: 0x00280010, vr: 'US', value: [rows] },
		{ tag: 0x00280011, vr: 'US', value: [columns] },
		{ tag: 0x00280030, vr: 'DS', value: ['0.5', '0.25'] },
		{ tag: 0x00280100, vr: 'US', value: [16] },
		{ tag: 0x00280101, vr: 'US', value: [16] },
		{ tag: 0x00280102, vr: 'US', value: [15] },
		{ tag: 0x00280103, vr: 'US', value: [1] }
	];
	const replaced = new Set([...(image.extra ?? []).map((each) => each.tag), ...(image.without ?? [])]);
	const dataset = writeDataset([...elements.filter((each) => !replaced.has(each.tag)), ...(image.extra ?? [])]);
	const pixels = new Uint8Array(image.pixelBytes ?? rows * columns * 2 * (image.frames ?? 1)).map((_, index) => (index + (image.number ?? 1)) & 0xff);
	return concat([fileMeta(CT_IMAGE, sop, image.transferSyntax ?? EXPLICIT), dataset, elementHeader(0x7fe00010, 'OW', pixels.length), pixels]);
}
