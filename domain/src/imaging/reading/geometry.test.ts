import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DicomAttribute, DicomJson } from '../study/dicom/json.ts';
import { calibrationOf, measureLength, planeOf, toPixel, toWorld, type Point3 } from './geometry.ts';

const image = (values: Readonly<Record<string, readonly (string | number | DicomJson)[]>>, sequences: readonly string[] = []): DicomJson =>
	Object.fromEntries(Object.entries(values).map(([tag, Value]): [string, DicomAttribute] => [tag, { vr: sequences.includes(tag) ? 'SQ' : 'DS', Value }]));
const size = { '00280010': [100], '00280011': [100] };
const ct = image({ ...size, '00080060': ['CT'], '00280030': [0.5, 0.25], '00200032': [-10, -20, 30], '00200037': [1, 0, 0, 0, 1, 0], '00180050': [2] });
const region = (x0: number, x1: number): DicomJson =>
	image({
		'00186012': [1],
		'00186018': [x0],
		'0018601A': [0],
		'0018601C': [x1],
		'0018601E': [99],
		'00186024': [3],
		'00186026': [3],
		'0018602C': [0.02],
		'0018602E': [0.03]
	});

describe('what a picture knows about millimetres', () => {
	it.each([
		['a cross-section', ct, { kind: 'patient', rowMm: 0.5, columnMm: 0.25, source: 'pixel-spacing' }],
		['a film with detector spacing', image({ ...size, '00080060': ['CR'], '00181164': [0.2, 0.2] }), { kind: 'detector', rowMm: 0.2, columnMm: 0.2 }],
		[
			'a film whose pixel spacing is a copy of it',
			image({ ...size, '00080060': ['DX'], '00181164': [0.2, 0.2], '00280030': [0.2, 0.2] }),
			{ kind: 'detector', rowMm: 0.2, columnMm: 0.2 }
		],
		['a film with spacing of unknown origin', image({ ...size, '00080060': ['DX'], '00280030': [0.2, 0.2] }), { kind: 'detector', rowMm: 0.2, columnMm: 0.2 }],
		[
			'a film calibrated by a marker',
			image({ ...size, '00080060': ['DX'], '00280030': [0.18, 0.18], '00280A02': ['FIDUCIAL'] }),
			{ kind: 'patient', rowMm: 0.18, columnMm: 0.18, source: 'calibrated-projection' }
		],
		['a photograph', image({ ...size, '00080060': ['XC'] }), { kind: 'none' }],
		['nonsense spacing', image({ ...size, '00080060': ['CT'], '00280030': [0, -1] }), { kind: 'none' }],
		['ultrasound without regions', image({ ...size, '00080060': ['US'], '00280030': [0.3, 0.3] }), { kind: 'none' }]
	] as const)('%s', (_, header, expected) => {
		expect(calibrationOf(header, 1)).toEqual(expected);
	});

	it('an ultrasound length holds inside one region only', () => {
		const us = image({ ...size, '00080060': ['US'], '00186011': [region(0, 49), region(50, 99)] }, ['00186011']);
		expect(
			measureLength(us, 1, 'image', [
				[10, 10, 0],
				[20, 10, 0]
			])
		).toMatchObject({ ok: true, valueMm: 2 });
		expect(
			measureLength(us, 1, 'image', [
				[10, 10, 0],
				[60, 10, 0]
			])
		).toEqual({ ok: false, code: 'uncalibrated' });
	});

	it('an enhanced object keeps spacing and place per frame', () => {
		const frame = (z: number, spacing: number): DicomJson =>
			image({ '00209113': [image({ '00200032': [0, 0, z] })], '00289110': [image({ '00280030': [spacing, spacing] })] }, ['00209113', '00289110']);
		const shared = image({ '00209116': [image({ '00200037': [1, 0, 0, 0, 1, 0] })] }, ['00209116']);
		const enhanced = image({ ...size, '00080060': ['MR'], '52009229': [shared], '52009230': [frame(1, 1), frame(5, 2)] }, ['52009229', '52009230']);
		expect(planeOf(enhanced, 2)?.origin).toEqual([0, 0, 5]);
		expect(
			measureLength(enhanced, 2, 'image', [
				[0, 0, 0],
				[3, 4, 0]
			])
		).toMatchObject({ ok: true, valueMm: 10 });
	});
});

describe('a length', () => {
	it('uses each spacing for its own direction', () => {
		expect(
			measureLength(ct, 1, 'image', [
				[0, 0, 0],
				[4, 0, 0]
			])
		).toMatchObject({ ok: true, valueMm: 1 });
		expect(
			measureLength(ct, 1, 'image', [
				[0, 0, 0],
				[0, 4, 0]
			])
		).toMatchObject({ ok: true, valueMm: 2 });
	});
	it('belongs to the slice it was drawn on', () => {
		expect(
			measureLength(ct, 1, 'world', [
				[-10, -20, 30],
				[-9, -20, 30]
			])
		).toMatchObject({ ok: true, valueMm: 1 });
		expect(
			measureLength(ct, 1, 'world', [
				[-10, -20, 32.5],
				[-9, -20, 32.5]
			])
		).toEqual({ ok: false, code: 'foreign-image' });
		expect(
			measureLength(ct, 1, 'image', [
				[0, 0, 0],
				[200, 0, 0]
			])
		).toEqual({ ok: false, code: 'foreign-image' });
	});
	it('is the same in the picture and in the patient, whatever the orientation', () => {
		const angle = fc.double({ min: -3, max: 3, noNaN: true });
		const at = fc.double({ min: 0, max: 99, noNaN: true });
		fc.assert(
			fc.property(angle, angle, fc.tuple(at, at, at, at), (a, b, [x0, y0, x1, y1]) => {
				const row: Point3 = [Math.cos(a), Math.sin(a), 0];
				const column: Point3 = [-Math.sin(a) * Math.cos(b), Math.cos(a) * Math.cos(b), Math.sin(b)];
				const oblique = { ...ct, ...image({ '00200037': [...row, ...column] }) };
				const plane = planeOf(oblique, 1);
				if (plane === null) throw new Error('a plane');
				const spacing = { rowMm: 0.5, columnMm: 0.25 };
				const ends: [Point3, Point3] = [toWorld(plane, spacing, [x0, y0, 0]), toWorld(plane, spacing, [x1, y1, 0])];
				expect(toPixel(plane, spacing, ends[0])[0]).toBeCloseTo(x0, 6);
				const [world, picture] = [
					measureLength(oblique, 1, 'world', ends),
					measureLength(oblique, 1, 'image', [
						[x0, y0, 0],
						[x1, y1, 0]
					])
				];
				if (!world.ok || !picture.ok) throw new Error('measured');
				expect(world.valueMm).toBeCloseTo(picture.valueMm, 6);
				expect(world.valueMm).toBeCloseTo(Math.hypot(ends[0][0] - ends[1][0], ends[0][1] - ends[1][1], ends[0][2] - ends[1][2]), 6);
			})
		);
	});
});
