import { itemsOf, numberOf, numbersOf, textOf, type DicomJson } from '../study/dicom/json.ts';

/**
 * Millimetres from an image's own header (PS3.3 10.7, C.7.6.2, C.7.6.16.2.1, C.8.5.5). The same pure functions show a length in the viewer
 * and recompute it on the server when it is accepted.
 */
export type Point3 = readonly [number, number, number];

/**
 * patient: millimetres in the patient. detector: spacing at the detector plane only, so a length would be magnified by an unknown factor.
 * none: pixels only.
 */
export type Calibration =
	| {
			readonly kind: 'patient';
			readonly rowMm: number;
			readonly columnMm: number;
			readonly source: 'pixel-spacing' | 'calibrated-projection' | 'ultrasound-region';
	  }
	| { readonly kind: 'detector'; readonly rowMm: number; readonly columnMm: number }
	| { readonly kind: 'none' };

/** Position and orientation of one frame in the patient (LPS, mm); absent for projections. */
export interface ImagePlane {
	readonly origin: Point3;
	/** direction of rising column index */
	readonly row: Point3;
	/** direction of rising row index */
	readonly column: Point3;
	readonly frameOfReference: string | null;
	readonly thicknessMm: number | null;
}

const PROJECTION = new Set(['CR', 'DX', 'RG', 'XA', 'RF', 'MG', 'IO', 'PX']);
const equal = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b));

/** Functional groups of one frame (0-based): per frame first, then shared. */
function functionalGroup(image: DicomJson, frame: number, sequence: string): DicomJson | undefined {
	const perFrame = itemsOf(image, '52009230')[frame];
	const shared = itemsOf(image, '52009229')[0];
	return (perFrame && itemsOf(perFrame, sequence)[0]) ?? (shared && itemsOf(shared, sequence)[0]);
}

function spacing(dataset: DicomJson | undefined, tag: string): readonly [number, number] | null {
	const [row, column] = dataset === undefined ? [] : numbersOf(dataset, tag);
	return row !== undefined && column !== undefined && row > 0 && column > 0 ? [row, column] : null;
}

/** The ultrasound region (2D tissue, centimetres) that holds every given pixel. */
function ultrasound(image: DicomJson, points: readonly Point3[]): Calibration | null {
	for (const region of itemsOf(image, '00186011')) {
		const [x0, y0, x1, y1] = [numberOf(region, '00186018'), numberOf(region, '0018601A'), numberOf(region, '0018601C'), numberOf(region, '0018601E')];
		const [dx, dy] = [numberOf(region, '0018602C'), numberOf(region, '0018602E')];
		if (x0 === null || y0 === null || x1 === null || y1 === null || dx === null || dy === null || dx === 0 || dy === 0) continue;
		const centimetres = numberOf(region, '00186024') === 3 && numberOf(region, '00186026') === 3;
		if (!centimetres || numberOf(region, '00186012') !== 1) continue;
		if (points.every(([x, y]) => x >= x0 && x <= x1 && y >= y0 && y <= y1))
			return { kind: 'patient', rowMm: Math.abs(dy) * 10, columnMm: Math.abs(dx) * 10, source: 'ultrasound-region' };
	}
	return null;
}

/** `frame` is 1-based, points are `[column, row, 0]` in pixels (needed only where calibration holds in a part of the picture). */
export function calibrationOf(image: DicomJson, frame: number, points: readonly Point3[] = []): Calibration {
	const modality = textOf(image, '00080060') ?? '';
	if (modality === 'US') return ultrasound(image, points) ?? { kind: 'none' };
	const measures = functionalGroup(image, frame - 1, '00289110');
	const inPatient = spacing(measures, '00280030') ?? spacing(image, '00280030');
	const atDetector = spacing(image, '00181164');
	if (PROJECTION.has(modality)) {
		const calibrated = textOf(image, '00280A02') !== null;
		// PixelSpacing copied from the detector (PS3.3 10.7.1.3) says nothing about the patient.
		if (inPatient && (calibrated || (atDetector !== null && !(equal(inPatient[0], atDetector[0]) && equal(inPatient[1], atDetector[1])))))
			return { kind: 'patient', rowMm: inPatient[0], columnMm: inPatient[1], source: 'calibrated-projection' };
		const detector = atDetector ?? inPatient;
		return detector ? { kind: 'detector', rowMm: detector[0], columnMm: detector[1] } : { kind: 'none' };
	}
	if (inPatient) return { kind: 'patient', rowMm: inPatient[0], columnMm: inPatient[1], source: 'pixel-spacing' };
	return atDetector ? { kind: 'detector', rowMm: atDetector[0], columnMm: atDetector[1] } : { kind: 'none' };
}

const dot = (a: Point3, b: Point3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const minus = (a: Point3, b: Point3): Point3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const cross = (a: Point3, b: Point3): Point3 => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const triple = (values: readonly number[], from = 0): Point3 | null => {
	const [x, y, z] = values.slice(from, from + 3);
	return x === undefined || y === undefined || z === undefined ? null : [x, y, z];
};

export function planeOf(image: DicomJson, frame: number): ImagePlane | null {
	const position = functionalGroup(image, frame - 1, '00209113');
	const orientation = functionalGroup(image, frame - 1, '00209116');
	const measures = functionalGroup(image, frame - 1, '00289110');
	const origin = triple(numbersOf(position ?? image, '00200032'));
	const cosines = numbersOf(orientation ?? image, '00200037');
	const row = triple(cosines);
	const column = triple(cosines, 3);
	if (origin === null || row === null || column === null) return null;
	if (Math.abs(dot(row, row) - 1) > 0.01 || Math.abs(dot(column, column) - 1) > 0.01 || Math.abs(dot(row, column)) > 0.01) return null;
	return { origin, row, column, frameOfReference: textOf(image, '00200052'), thicknessMm: numberOf(measures ?? image, '00180050') };
}

/** World (LPS mm) to `[column, row, distance from the plane in mm]`. */
export function toPixel(plane: ImagePlane, calibration: { readonly rowMm: number; readonly columnMm: number }, world: Point3): Point3 {
	const offset = minus(world, plane.origin);
	return [dot(offset, plane.row) / calibration.columnMm, dot(offset, plane.column) / calibration.rowMm, dot(offset, cross(plane.row, plane.column))];
}
export function toWorld(plane: ImagePlane, calibration: { readonly rowMm: number; readonly columnMm: number }, pixel: Point3): Point3 {
	const along = (axis: 0 | 1 | 2): number =>
		plane.origin[axis] + plane.row[axis] * pixel[0] * calibration.columnMm + plane.column[axis] * pixel[1] * calibration.rowMm;
	return [along(0), along(1), along(2)];
}

/** Where a slice lies along its own normal; series are sorted by it, never by InstanceNumber alone. */
export const positionAlongNormal = (plane: ImagePlane): number => dot(plane.origin, cross(plane.row, plane.column));

export type Measured =
	| { readonly ok: true; readonly valueMm: number; readonly pixels: readonly Point3[]; readonly calibration: Calibration & { readonly kind: 'patient' } }
	| { readonly ok: false; readonly code: 'uncalibrated' | 'detector-spacing-only' | 'foreign-image' };

/**
 * A length from two points on one frame. `space: 'world'` is LPS millimetres, `'image'` is `[column, row, 0]` in pixels, pixel centres at integers.
 * foreign-image: the points do not lie on this frame.
 */
export function measureLength(image: DicomJson, frame: number, space: 'world' | 'image', points: readonly [Point3, Point3]): Measured {
	const rows = numberOf(image, '00280010') ?? 0;
	const columns = numberOf(image, '00280011') ?? 0;
	const plane = planeOf(image, frame);
	const provisional = calibrationOf(image, frame, space === 'image' ? points : []);
	let pixels: readonly Point3[] = points;
	if (space === 'world') {
		if (provisional.kind === 'none') return { ok: false, code: 'uncalibrated' };
		if (provisional.kind === 'detector') return { ok: false, code: 'detector-spacing-only' };
		if (plane === null) return { ok: false, code: 'foreign-image' };
		pixels = points.map((point) => toPixel(plane, provisional, point));
		const reach = Math.max(0.5, (plane.thicknessMm ?? 1) / 2);
		if (pixels.some((pixel) => Math.abs(pixel[2]) > reach)) return { ok: false, code: 'foreign-image' };
	}
	const outside = (pixel: Point3): boolean => pixel[0] < -0.5 || pixel[1] < -0.5 || pixel[0] > columns - 0.5 || pixel[1] > rows - 0.5;
	if (pixels.some(outside)) return { ok: false, code: 'foreign-image' };
	const calibration = calibrationOf(image, frame, pixels);
	if (calibration.kind === 'none') return { ok: false, code: 'uncalibrated' };
	if (calibration.kind === 'detector') return { ok: false, code: 'detector-spacing-only' };
	const [a, b] = pixels;
	if (a === undefined || b === undefined) return { ok: false, code: 'foreign-image' };
	const valueMm = Math.hypot((b[0] - a[0]) * calibration.columnMm, (b[1] - a[1]) * calibration.rowMm);
	return {
		ok: true,
		valueMm,
		pixels: [
			[a[0], a[1], 0],
			[b[0], b[1], 0]
		],
		calibration
	};
}
