import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dataset } from './dicom-json.ts';
import type { Plane, Vec3 } from './geometry.ts';
import { cross, dot, edgesOf, lengthMm, nearestSlice, orderSlices, pixelToWorld, planeOf, scale, spacingAt, worldToPixel } from './geometry.ts';

const axial = (z: number): Plane => ({ origin: [-100, -120, z], row: [1, 0, 0], column: [0, 1, 0], spacing: { x: 0.5, y: 0.5 } });
const dataset = (values: Record<string, readonly unknown[]>): Dataset => Object.fromEntries(Object.entries(values).map(([tag, Value]) => [tag, { Value }]));
const CT = dataset({ '00080060': ['CT'], '00200032': [-100, -120, 7], '00200037': [1, 0, 0, 0, 1, 0], '00280030': [0.5, 0.5] });

const unit = (v: Vec3): Vec3 => scale(v, 1 / Math.sqrt(dot(v, v)));
const anyPlane = fc
	.tuple(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: 0.1, max: 2, noNaN: true }), fc.double({ min: 0.1, max: 2, noNaN: true }))
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
		expect(planeOf({ ...CT, '00200037': { Value: [1, 0, 0, 1, 0, 0] } }, 1)).toBeNull();
		expect(planeOf({ ...CT, '00280030': { Value: [0, 0] } }, 1)).toBeNull();
		expect(planeOf(CT, 1)).not.toBeNull();
	});
	test('spacing is rows first in the file', () => {
		expect(planeOf({ ...CT, '00280030': { Value: [0.8, 0.4] } }, 1)?.spacing).toEqual({ x: 0.4, y: 0.8 });
	});
	test('an enhanced object keeps its planes per frame', () => {
		const group = (z: number): object => ({ '00209113': { Value: [{ '00200032': { Value: [0, 0, z] } }] } });
		const shared = { '00209116': { Value: [{ '00200037': { Value: [1, 0, 0, 0, 1, 0] } }] }, '00289110': { Value: [{ '00280030': { Value: [1, 1] } }] } };
		const enhanced = dataset({ '52009229': [shared], '52009230': [group(3), group(5)] });
		expect(planeOf(enhanced, 2)?.origin).toEqual([0, 0, 5]);
	});
});

describe('spacing names its source', () => {
	test.each([
		['cross-section', CT, { source: 'calibrated', by: 'plane', x: 0.5, y: 0.5 }],
		['radiograph, detector only', dataset({ '00080060': ['CR'], '00181164': [0.2, 0.1] }), { source: 'detector', x: 0.1, y: 0.2 }],
		['radiograph, both equal', dataset({ '00080060': ['DX'], '00181164': [0.2, 0.2], '00280030': [0.2, 0.2] }), { source: 'detector', x: 0.2, y: 0.2 }],
		['radiograph, corrected', dataset({ '00080060': ['DX'], '00181164': [0.2, 0.2], '00280030': [0.18, 0.18] }), { source: 'calibrated', by: 'geometry', x: 0.18, y: 0.18 }],
		['radiograph, fiducial', dataset({ '00080060': ['DX'], '00280030': [0.18, 0.18], '00280A02': ['FIDUCIAL'] }), { source: 'calibrated', by: 'fiducial', x: 0.18, y: 0.18 }],
		['radiograph, unexplained', dataset({ '00080060': ['CR'], '00280030': [0.18, 0.18] }), { source: 'detector', x: 0.18, y: 0.18 }],
		['photograph', dataset({ '00080060': ['XC'] }), { source: 'none' }]
	] as const)('%s', (_, image, spacing) => {
		expect(spacingAt(image, 1, [10, 10])).toEqual(spacing);
	});
	test('ultrasound: inside a region of centimetres calibrated, outside not at all', () => {
		const region = dataset({ '00186018': [10], '0018601A': [10], '0018601C': [100], '0018601E': [100], '00186024': [3], '00186026': [3], '0018602C': [0.02], '0018602E': [0.03] });
		const image = dataset({ '00080060': ['US'], '00186011': [region] });
		expect(spacingAt(image, 1, [50, 50])).toEqual({ source: 'calibrated', by: 'ultrasound-region', x: 0.2, y: expect.closeTo(0.3) });
		expect(spacingAt(image, 1, [5, 5])).toEqual({ source: 'none' });
	});
	test('length uses both spacings', () => {
		expect(lengthMm({ source: 'detector', x: 0.5, y: 2 }, [0, 0], [6, 2])).toBe(5);
		expect(lengthMm({ source: 'none' }, [0, 0], [6, 2])).toBeNull();
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
		expect(edgesOf({ ...CT, '00200037': { Value: [1, 0, 0, 0, 0, -1] } }, 1)).toEqual({ left: 'right', right: 'left', top: 'head', bottom: 'foot' });
	});
	test('radiograph by its patient orientation, silent without one', () => {
		expect(edgesOf(dataset({ '00200020': ['L', 'F'] }), 1)).toEqual({ left: 'right', right: 'left', top: 'head', bottom: 'foot' });
		expect(edgesOf(dataset({}), 1)).toBeNull();
	});
});
