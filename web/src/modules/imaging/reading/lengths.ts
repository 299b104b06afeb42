import { calibrationOf, measureLength, type AcceptedMeasurement } from '@tongping/domain/imaging';
import type { Frame } from '@tongping/viewer/dicomweb';
import type { Annotation } from '@tongping/viewer/session';

type Pixel = readonly [number, number];
/** A length as it may be shown: true millimetres, millimetres at the detector, or pixels, never one under the name of another. */
export type Shown =
	| { readonly kind: 'mm'; readonly value: number; readonly source: 'pixel-spacing' | 'calibrated-projection' | 'ultrasound-region' }
	| { readonly kind: 'detector'; readonly value: number }
	| { readonly kind: 'pixels'; readonly value: number };

/** One line in the list and on the picture, drawn just now or accepted long ago. */
export interface Line {
	readonly id: string;
	readonly series: string | null;
	readonly sop: string;
	readonly frame: number;
	readonly points: readonly [Pixel, Pixel];
	readonly label: string;
	readonly author: string;
	readonly authorName: string;
	readonly accepted: AcceptedMeasurement | null;
}

export function lengthOf(frame: Frame, [a, b]: readonly [Pixel, Pixel]): Shown {
	const measured = measureLength(frame.dataset, frame.frame, 'image', [
		[a[0], a[1], 0],
		[b[0], b[1], 0]
	]);
	if (measured.ok) return { kind: 'mm', value: measured.valueMm, source: measured.calibration.source };
	const calibration = calibrationOf(frame.dataset, frame.frame, [
		[a[0], a[1], 0],
		[b[0], b[1], 0]
	]);
	if (calibration.kind === 'detector') return { kind: 'detector', value: Math.hypot((a[0] - b[0]) * calibration.columnMm, (a[1] - b[1]) * calibration.rowMm) };
	return { kind: 'pixels', value: Math.hypot(a[0] - b[0], a[1] - b[1]) };
}

/** Accepted measurements are facts and outlive the session they were drawn in; what is only drawn comes after them. */
export function linesOf(annotations: readonly Annotation[], accepted: readonly AcceptedMeasurement[]): readonly Line[] {
	const valid = accepted.filter((each) => !each.withdrawn);
	const known = new Set<string>(accepted.map((each) => each.measurement));
	const facts = valid.flatMap((each): Line[] => {
		const [a, b] = each.points;
		if (a === undefined || b === undefined) return [];
		const series = annotations.find(({ id }) => id === each.measurement)?.series ?? null;
		const points = [[a[0], a[1]] as const, [b[0], b[1]] as const] as const;
		return [
			{ id: each.measurement, series, sop: each.sopUid, frame: each.frame, points, label: each.label, author: each.by, authorName: each.byName, accepted: each }
		];
	});
	return [...facts, ...annotations.filter(({ id }) => !known.has(id)).map((drawn): Line => ({ ...drawn, accepted: null }))];
}
const CIRCLED = '①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳';
export const badge = (index: number): string => CIRCLED[index] ?? String(index + 1);
