import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dataset } from './dicom-json.ts';
import type { Plane, Vec3 } from './geometry.ts';
import { cross, dot, edgesOf, nearestSlice, orderSlices, pixelToWorld, planeOf, scale, worldToPixel } from './geometry.ts';

const axial = (z: number): Plane => ({ origin: [-100, -120, z], row: [1, 0, 0], column: [0, 1, 0], spacing: { x: 0.5, y: 0.5 } });
const dataset = (values: Record<string, NonNullable<Dataset[string]['Value']>>): Dataset =>
	Object.fromEntries(Object.entries(values).map(([tag, Value]) => [tag, { vr: typeof Value[0] === 'object' ? 'SQ' : 'DS', Value }]));
const CT = dataset({ '00080060': ['CT'], '00200032': [-100, -120, 7], '00200037': [1, 0, 0, 0, 1, 0], '00280030': [0.5, 0.5] });

const unit = (v: Vec3): Vec3 => scale(v, 1 / Math.sqrt(dot(v, v)));
const anyPlane = fc
	.tuple(
		fc.double({ min: -3, max: 3, noNaN: true }),
		fc.double({ min: -3, max: 3, noNaN: true }),
		fc.double({ min: 0.1, max: 2, noNaN: true }),
		fc.double({ min: 0.1, max: 2, noNaN: true })
	)
	.map(([a, b, x, y]): Plane => {
		const row = unit([Math.cos(a), Math.sin(a), Math.sin(b) / 2]);
		const column = unit(cross(unit([Math.sin(b) + 2, -1, 0.3]), row));
		return { origin: [a * 10, b * 10, x * 10], row, column, spacing: { x, y } };
	});

describe('planes', () => {
	test('a pixel goes to the patient and back', () => {
		fc.assert(
			fc.property(anyPlane, fc.integer({ min: -10, max: 4000 }), fc.integer({ min: -10, max: 4000 }), (plane, x, y) => {
				const { pixel, distance } = worldToPixel(plane, pixelToWorld(plane, [x, y]));
				expect(pixel[0]).toBeCloseTo(x, 4);
				expect(pixel[1]).toBeCloseTo(y, 4);
				expect(distance).toBeCloseTo(0, 4);
			})
		);
	});
	test('the centre of the first pixel is the image position', () => {
		expect(pixelToWorld(axial(7), [0, 0])).toEqual([-100, -120, 7]);
		expect(pixelToWorld(axial(7), [2, 4])).toEqual([-99, -118, 7]);
	});
	test('a damaged orientation gives no plane', () => {
		expect(planeOf({ ...CT, '00200037': { vr: 'DS', Value: [1, 0, 0, 1, 0, 0] } }, 1)).toBeNull();
		expect(planeOf({ ...CT, '00280030': { vr: 'DS', Value: [0, 0] } }, 1)).toBeNull();
		expect(planeOf(CT, 1)).not.toBeNull();
	});
	test('spacing is rows first in the file', () => {
		expect(planeOf({ ...CT, '00280030': { vr: 'DS', Value: [0.8, 0.4] } }, 1)?.spacing).toEqual({ x: 0.4, y: 0.8 });
	});
	test('an enhanced object keeps its planes per frame', () => {
		const group = (z: number): Dataset => ({ '00209113': { vr: 'SQ', Value: [dataset({ '00200032': [0, 0, z] })] } });
		const shared: Dataset = {
			'00209116': { vr: 'SQ', Value: [dataset({ '00200037': [1, 0, 0, 0, 1, 0] })] },
			'00289110': { vr: 'SQ', Value: [dataset({ '00280030': [1, 1] })] }
		};
		const enhanced = dataset({ '52009229': [shared], '52009230': [group(3), group(5)] });
		expect(planeOf(enhanced, 2)?.origin).toEqual([0, 0, 5]);
	});
});

describe('order of slices', () => {
	const slice = (z: number, instance: number): { plane: Plane | null; instance: number; frame: number } => ({ plane: axial(z), instance, frame: 1 });
	test('by position, whatever the numbering', () => {
		const sorted = orderSlices([slice(3, 1), slice(1, 2), slice(2, 9)]);
		expect(sorted.map((s) => s.plane?.origin[2])).toEqual([1, 2, 3]);
	});
	test('by number when a slice has no plane', () => {
		expect(orderSlices([slice(3, 2), { plane: null, instance: 1, frame: 1 }]).map((s) => s.instance)).toEqual([1, 2]);
	});
	test('by number when planes cross', () => {
		const localizer = { plane: { ...axial(0), row: [0, 1, 0] as const, column: [0, 0, -1] as const }, instance: 0, frame: 1 };
		expect(orderSlices([slice(3, 2), slice(1, 3), localizer]).map((s) => s.instance)).toEqual([0, 2, 3]);
	});
	test('the nearest slice to a point', () => {
		expect(nearestSlice([axial(0), null, axial(5)], [0, 0, 4])).toEqual({ index: 2, distance: 1 });
	});
});

describe('side words come from the geometry', () => {
	test('axial: the patient’s right is on the left of the screen', () => {
		expect(edgesOf(CT, 1)).toEqual({ left: 'right', right: 'left', top: 'front', bottom: 'back' });
	});
	test('coronal', () => {
		expect(edgesOf({ ...CT, '00200037': { vr: 'DS', Value: [1, 0, 0, 0, 0, -1] } }, 1)).toEqual({ left: 'right', right: 'left', top: 'head', bottom: 'foot' });
	});
	test('radiograph by its patient orientation, silent without one', () => {
		expect(edgesOf(dataset({ '00200020': ['L', 'F'] }), 1)).toEqual({ left: 'right', right: 'left', top: 'head', bottom: 'foot' });
		expect(edgesOf(dataset({}), 1)).toBeNull();
	});
});
