import { concat, elementHeader, fileMeta, writeDataset, type WriteElement } from '../../domain/src/imaging/study/dicom/write.ts';
import { commonElements, noiseTable, uidOf, type PhantomFile, type PhantomStudy } from './person.ts';

const CT_IMAGE = '1.2.840.10008.5.1.4.1.1.2';
const EXPLICIT_LE = '1.2.840.10008.1.2.1';
const SIZE = 512;

/** A solid of known size and density, in millimetres from the centre of the first slice's field: x to the left of the picture's centre is negative. */
export type Solid =
	| {
			readonly name: string;
			readonly shape: 'ellipsoid';
			readonly centre: readonly [number, number, number];
			readonly radii: readonly [number, number, number];
			readonly hu: number;
	  }
	| {
			readonly name: string;
			readonly shape: 'rod';
			readonly centre: readonly [number, number];
			readonly radius: number;
			readonly from: number;
			readonly to: number;
			readonly hu: number;
	  };

export interface CtPhantom {
	readonly slices: number;
	readonly sliceMm: number;
	readonly pixelMm: number;
	/** painted in order: later ones lie inside earlier ones */
	readonly solids: readonly Solid[];
	readonly bodyPart: string;
	readonly series: string;
	readonly window: { readonly centre: number; readonly width: number };
}

const rods = (y: number, length: number): Solid[] =>
	(
		[
			['rod air', -60, -1000],
			['rod fat', -30, -100],
			['rod water', 0, 0],
			['rod soft', 30, 100],
			['rod bone', 60, 1000]
		] as const
	).map(([name, x, hu]) => ({ name, shape: 'rod', centre: [x, y], radius: 5, from: 0, to: length, hu }));

/** A head with a fresh bleeding of exactly 40.0 mm across, a head rest with five calibration rods of 10.0 mm. */
export const HEAD: CtPhantom = {
	slices: 140,
	sliceMm: 1.25,
	pixelMm: 0.46875,
	bodyPart: 'HEAD',
	series: '头颅平扫 1.25 mm',
	window: { centre: 40, width: 80 },
	solids: [
		{ name: 'head rest', shape: 'rod', centre: [0, 188], radius: 90, from: 0, to: 175, hu: -300 },
		...rods(106, 175),
		{ name: 'scalp', shape: 'ellipsoid', centre: [0, -4, 55], radii: [78, 98, 118], hu: 40 },
		{ name: 'skull', shape: 'ellipsoid', centre: [0, -4, 55], radii: [73, 93, 113], hu: 950 },
		{ name: 'csf', shape: 'ellipsoid', centre: [0, -4, 55], radii: [66, 86, 106], hu: 8 },
		{ name: 'brain', shape: 'ellipsoid', centre: [0, -4, 56], radii: [63, 83, 102], hu: 34 },
		{ name: 'frontal sinus', shape: 'ellipsoid', centre: [0, -86, 30], radii: [16, 7, 14], hu: -950 },
		{ name: 'left ventricle', shape: 'ellipsoid', centre: [13, -8, 80], radii: [7, 30, 14], hu: 6 },
		{ name: 'right ventricle', shape: 'ellipsoid', centre: [-13, -8, 80], radii: [7, 30, 14], hu: 6 },
		{ name: 'left thalamus', shape: 'ellipsoid', centre: [16, 8, 62], radii: [10, 14, 11], hu: 39 },
		{ name: 'right thalamus', shape: 'ellipsoid', centre: [-16, 8, 62], radii: [10, 14, 11], hu: 39 },
		{ name: 'oedema', shape: 'ellipsoid', centre: [-34, 22, 75], radii: [25, 27, 25], hu: 22 },
		{ name: 'haematoma', shape: 'ellipsoid', centre: [-34, 22, 75], radii: [20, 20, 20], hu: 66 }
	]
};

/** A trunk on a table, slice distance 2.5 mm, a sphere of exactly 40.0 mm in the liver. */
export const BODY: CtPhantom = {
	slices: 140,
	sliceMm: 2.5,
	pixelMm: 0.78125,
	bodyPart: 'ABDOMEN',
	series: '腹部平扫 2.5 mm',
	window: { centre: 40, width: 350 },
	solids: [
		{ name: 'table', shape: 'ellipsoid', centre: [0, 165, 175], radii: [190, 26, 900], hu: -400 },
		...rods(160, 350),
		{ name: 'skin', shape: 'ellipsoid', centre: [0, 0, 175], radii: [170, 122, 1200], hu: -90 },
		{ name: 'muscle', shape: 'ellipsoid', centre: [0, 2, 175], radii: [152, 105, 1200], hu: 55 },
		{ name: 'fat', shape: 'ellipsoid', centre: [0, -8, 175], radii: [132, 82, 1200], hu: -95 },
		{ name: 'liver', shape: 'ellipsoid', centre: [-58, -14, 215], radii: [70, 62, 95], hu: 60 },
		{ name: 'spleen', shape: 'ellipsoid', centre: [88, 18, 225], radii: [32, 42, 60], hu: 52 },
		{ name: 'left kidney', shape: 'ellipsoid', centre: [62, 40, 120], radii: [24, 22, 52], hu: 32 },
		{ name: 'right kidney', shape: 'ellipsoid', centre: [-62, 42, 115], radii: [24, 22, 52], hu: 32 },
		{ name: 'aorta', shape: 'rod', centre: [8, 48], radius: 11, from: 0, to: 350, hu: 42 },
		{ name: 'spine', shape: 'rod', centre: [0, 76], radius: 22, from: 0, to: 350, hu: 420 },
		{ name: 'canal', shape: 'rod', centre: [0, 92], radius: 8, from: 0, to: 350, hu: 20 },
		{ name: 'sphere', shape: 'ellipsoid', centre: [-62, -16, 215], radii: [20, 20, 20], hu: 110 }
	]
};

/** Half widths of a solid where it meets the plane z, or null. */
function section(solid: Solid, z: number): { readonly cx: number; readonly cy: number; readonly rx: number; readonly ry: number } | null {
	if (solid.shape === 'rod') return z < solid.from || z > solid.to ? null : { cx: solid.centre[0], cy: solid.centre[1], rx: solid.radius, ry: solid.radius };
	const depth = (z - solid.centre[2]) / solid.radii[2];
	if (Math.abs(depth) >= 1) return null;
	const scale = Math.sqrt(1 - depth * depth);
	return { cx: solid.centre[0], cy: solid.centre[1], rx: solid.radii[0] * scale, ry: solid.radii[1] * scale };
}

/** Hounsfield units of one slice; pixel (x, y) stands at ((x - 255.5) mm, (y - 255.5) mm) times the spacing. */
export function paintSlice(phantom: CtPhantom, index: number, noise: Int16Array, pixels: Int16Array): void {
	pixels.fill(-1000);
	const z = index * phantom.sliceMm;
	const middle = (SIZE - 1) / 2;
	for (const solid of phantom.solids) {
		const cut = section(solid, z);
		if (cut === null) continue;
		const first = Math.max(0, Math.ceil(middle + (cut.cy - cut.ry) / phantom.pixelMm));
		const last = Math.min(SIZE - 1, Math.floor(middle + (cut.cy + cut.ry) / phantom.pixelMm));
		for (let y = first; y <= last; y++) {
			const offset = ((y - middle) * phantom.pixelMm - cut.cy) / cut.ry;
			const half = cut.rx * Math.sqrt(Math.max(0, 1 - offset * offset));
			const left = Math.max(0, Math.ceil(middle + (cut.cx - half) / phantom.pixelMm));
			const right = Math.min(SIZE - 1, Math.floor(middle + (cut.cx + half) / phantom.pixelMm));
			if (right >= left) pixels.fill(solid.hu, y * SIZE + left, y * SIZE + right + 1);
		}
	}
	let at = (index * 7919) & 0xffff;
	for (let pixel = 0; pixel < pixels.length; pixel++) {
		const value = pixels[pixel] as number;
		if (value > -1000) pixels[pixel] = value + (noise[at] as number);
		at = (at + 1) & 0xffff;
	}
}

const ds = (value: number): string => String(Math.round(value * 1e6) / 1e6);

/** The files of the series, one at a time, so that 74 MB never stand in memory together. */
export function* ctFiles(study: PhantomStudy, phantom: CtPhantom, seriesNumber = 2): Generator<PhantomFile> {
	const noise = noiseTable(0x5eed, 5);
	const pixels = new Int16Array(SIZE * SIZE);
	const corner = (-(SIZE - 1) / 2) * phantom.pixelMm;
	for (let index = 0; index < phantom.slices; index++) {
		paintSlice(phantom, index, noise, pixels);
		const sop = uidOf(study.seed, 'ct', seriesNumber, index);
		const z = index * phantom.sliceMm;
		const elements: WriteElement[] = [
			...commonElements(study, CT_IMAGE, sop, 'CT', seriesNumber, index + 1),
			{ tag: 0x00080008, vr: 'CS', value: ['ORIGINAL', 'PRIMARY', 'AXIAL'] },
			{ tag: 0x0008103e, vr: 'LO', value: phantom.series },
			{ tag: 0x00180015, vr: 'CS', value: phantom.bodyPart },
			{ tag: 0x00180050, vr: 'DS', value: ds(phantom.sliceMm) },
			{ tag: 0x00180060, vr: 'DS', value: '120' },
			{ tag: 0x00180088, vr: 'DS', value: ds(phantom.sliceMm) },
			{ tag: 0x00185100, vr: 'CS', value: 'HFS' },
			{ tag: 0x00200012, vr: 'IS', value: '1' },
			{ tag: 0x00200032, vr: 'DS', value: [ds(corner), ds(corner), ds(z)] },
			{ tag: 0x00200037, vr: 'DS', value: ['1', '0', '0', '0', '1', '0'] },
			{ tag: 0x00200052, vr: 'UI', value: uidOf(study.seed, 'frame of reference') },
			{ tag: 0x00201040, vr: 'LO', value: '' },
			{ tag: 0x00201041, vr: 'DS', value: ds(z) },
			{ tag: 0x00280002, vr: 'US', value: [1] },
			{ tag: 0x00280004, vr: 'CS', value: 'MONOCHROME2' },
			{ tag: 0x00280010, vr: 'US', value: [SIZE] },
			{ tag: 0x00280011, vr: 'US', value: [SIZE] },
			{ tag: 0x00280030, vr: 'DS', value: [ds(phantom.pixelMm), ds(phantom.pixelMm)] },
			{ tag: 0x00280100, vr: 'US', value: [16] },
			{ tag: 0x00280101, vr: 'US', value: [16] },
			{ tag: 0x00280102, vr: 'US', value: [15] },
			{ tag: 0x00280103, vr: 'US', value: [1] },
			{ tag: 0x00281050, vr: 'DS', value: ds(phantom.window.centre) },
			{ tag: 0x00281051, vr: 'DS', value: ds(phantom.window.width) },
			{ tag: 0x00281052, vr: 'DS', value: '0' },
			{ tag: 0x00281053, vr: 'DS', value: '1' },
			{ tag: 0x00281054, vr: 'LO', value: 'HU' }
		];
		const raw = new Uint8Array(pixels.buffer, 0, pixels.byteLength);
		const bytes = concat([fileMeta(CT_IMAGE, sop, EXPLICIT_LE), writeDataset(elements), elementHeader(0x7fe00010, 'OW', raw.length), raw]);
		yield { name: `ct-${String(index + 1).padStart(4, '0')}.dcm`, bytes };
	}
}
