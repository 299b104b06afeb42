import type { AlarmKind } from '@tongping/domain/operations';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

export const ms = (value: number | null): string =>
	value === null ? '–' : `${value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value))} ms`;
export const bytes = (value: number): string =>
	value >= 10 * GIB ? `${String(Math.round(value / GIB))} GB` : value >= GIB ? `${(value / GIB).toFixed(1)} GB` : `${String(Math.round(value / MIB))} MB`;

/** What an alarm measured, in its own unit; '' where the kind counts occurrences. */
export function measured(kind: AlarmKind, value: number): string {
	switch (kind) {
		case 'disk-low':
			return bytes(value);
		case 'commit-latency':
		case 'loop-lag':
			return ms(value);
		default:
			return String(Math.round(value));
	}
}

/** A top for an axis that does not jump with every sample: 1, 2 or 5 times a power of ten. */
export function axisTop(most: number): number {
	if (most <= 0) return 1;
	const power = 10 ** Math.floor(Math.log10(most));
	return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= most) ?? most;
}

/** Points of one line over [from, to] in a box of the given size; a gap where there was nothing to measure. */
export function linePath(
	points: readonly { readonly at: number; readonly value: number | null }[],
	from: number,
	to: number,
	top: number,
	width: number,
	height: number
): string {
	let path = '';
	let pen = false;
	for (const { at, value } of points) {
		if (value === null || at < from) {
			pen = false;
			continue;
		}
		const x = ((at - from) / (to - from)) * width;
		const y = height - (Math.min(value, top) / top) * height;
		path += `${pen ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
		// A single sample is still seen.
		if (!pen) path += `h0.01`;
		pen = true;
	}
	return path;
}
