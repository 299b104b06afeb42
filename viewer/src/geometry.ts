/** Places in the patient. Lengths are not measured here: one pure function of `@tongping/domain/imaging` does it for the screen and for the server. */
import type { Dataset } from './dicom-json.ts';
import { TAG, frameDataset, numbers } from './dicom-json.ts';

/** Millimetres in the patient's coordinate system: +x to the left hand, +y to the back, +z to the head (C.7.6.2.1.1). */
export type Vec3 = readonly [number, number, number];
/** Column and row of the image; whole numbers are pixel centres, (0, 0) is the centre of the first pixel. */
export type Pixel = readonly [number, number];

/** Where one frame lies in the patient. `row` points along increasing column, `column` along increasing row. */
export interface Plane {
	readonly origin: Vec3;
	readonly row: Vec3;
	readonly column: Vec3;
	/** mm between neighbouring columns and neighbouring rows */
	readonly spacing: { readonly x: number; readonly y: number };
}

export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const subtract = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scale = (a: Vec3, k: number): Vec3 => [a[0] * k, a[1] * k, a[2] * k];
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vec3, b: Vec3): Vec3 => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
export const normalOf = (plane: Plane): Vec3 => cross(plane.row, plane.column);

const triple = (values: readonly number[] | null): Vec3 | null => {
	const [x, y, z] = values ?? [];
	return x === undefined || y === undefined || z === undefined ? null : [x, y, z];
};
const isUnit = (v: Vec3): boolean => Math.abs(dot(v, v) - 1) < 0.01;

/** The plane of a frame, or null where the image has no position in the patient (radiographs, ultrasound) or a damaged one. */
export function planeOf(dataset: Dataset, frame: number): Plane | null {
	const origin = triple(numbers(frameDataset(dataset, frame, '00209113', TAG.position), TAG.position));
	const directions = numbers(frameDataset(dataset, frame, '00209116', TAG.orientation), TAG.orientation);
	const spacing = numbers(frameDataset(dataset, frame, '00289110', TAG.pixelSpacing), TAG.pixelSpacing);
	const row = triple(directions?.slice(0, 3) ?? null);
	const column = triple(directions?.slice(3, 6) ?? null);
	const [y, x] = spacing ?? [];
	if (origin === null || row === null || column === null || x === undefined || y === undefined) return null;
	if (!isUnit(row) || !isUnit(column) || Math.abs(dot(row, column)) > 0.01 || x <= 0 || y <= 0) return null;
	return { origin, row, column, spacing: { x, y } };
}

export const pixelToWorld = (plane: Plane, [x, y]: Pixel): Vec3 =>
	add(plane.origin, add(scale(plane.row, x * plane.spacing.x), scale(plane.column, y * plane.spacing.y)));

/** The pixel nearest to a point and the signed distance (mm) of the point from the plane. */
export function worldToPixel(plane: Plane, point: Vec3): { readonly pixel: Pixel; readonly distance: number } {
	const d = subtract(point, plane.origin);
	return { pixel: [dot(d, plane.row) / plane.spacing.x, dot(d, plane.column) / plane.spacing.y], distance: dot(d, normalOf(plane)) };
}

/** A patient direction named by its strongest axis. */
export type Side = 'left' | 'right' | 'front' | 'back' | 'head' | 'foot';
const AXES: readonly (readonly [Side, Side])[] = [
	['right', 'left'],
	['front', 'back'],
	['foot', 'head']
];
export function sideOf(direction: Vec3): Side {
	const sizes = direction.map(Math.abs);
	const axis = sizes.indexOf(Math.max(...sizes));
	const pair = AXES[axis] ?? AXES[0];
	if (pair === undefined) throw new Error('a direction has three components');
	return (direction[axis] ?? 0) < 0 ? pair[0] : pair[1];
}
const LETTERS: Readonly<Record<string, Side>> = { L: 'left', R: 'right', A: 'front', P: 'back', H: 'head', F: 'foot' };
const OPPOSITE: Readonly<Record<Side, Side>> = { left: 'right', right: 'left', front: 'back', back: 'front', head: 'foot', foot: 'head' };

export interface Edges {
	readonly left: Side;
	readonly right: Side;
	readonly top: Side;
	readonly bottom: Side;
}
/** Which side of the patient lies at each edge of the image; null where the image does not say. Never guessed: a wrong side word is worse than none. */
export function edgesOf(dataset: Dataset, frame: number): Edges | null {
	const plane = planeOf(dataset, frame);
	if (plane !== null) return edges(sideOf(plane.row), sideOf(plane.column));
	const values = dataset[TAG.patientOrientation]?.Value ?? [];
	const [right, bottom] = values.map((value) => (typeof value === 'string' ? LETTERS[value.charAt(0)] : undefined));
	return right === undefined || bottom === undefined ? null : edges(right, bottom);
}
const edges = (right: Side, bottom: Side): Edges => ({ left: OPPOSITE[right], right, top: OPPOSITE[bottom], bottom });

/** Where a slice lies along the stack's own normal, mm. */
export const positionAlong = (plane: Plane, normal: Vec3): number => dot(plane.origin, normal);

/**
 * Slices in the order of space, not of numbering: by position along the normal of the first plane, ties by instance number.
 * Where a slice has no plane, or planes are not parallel (a localizer among axials), by instance number.
 */
export function orderSlices<T extends { readonly plane: Plane | null; readonly instance: number; readonly frame: number }>(slices: readonly T[]): readonly T[] {
	const first = slices[0]?.plane ?? null;
	const byNumber = (a: T, b: T): number => a.instance - b.instance || a.frame - b.frame;
	if (first === null) return [...slices].sort(byNumber);
	const normal = normalOf(first);
	const parallel = slices.every(({ plane }) => plane !== null && Math.abs(dot(normalOf(plane), normal)) > 0.999);
	if (!parallel) return [...slices].sort(byNumber);
	const at = (slice: T): number => (slice.plane === null ? 0 : positionAlong(slice.plane, normal));
	return [...slices].sort((a, b) => at(a) - at(b) || byNumber(a, b));
}

/** The index of the plane nearest to a point, and the distance in mm; null where the stack has no planes. */
export function nearestSlice(planes: readonly (Plane | null)[], point: Vec3): { readonly index: number; readonly distance: number } | null {
	let best: { index: number; distance: number } | null = null;
	planes.forEach((plane, index) => {
		if (plane === null) return;
		const distance = Math.abs(worldToPixel(plane, point).distance);
		if (best === null || distance < best.distance) best = { index, distance };
	});
	return best;
}
