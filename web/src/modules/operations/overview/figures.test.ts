import { expect, it } from 'vitest';
import { axisTop, bytes, linePath, measured, ms } from './figures.ts';

it('says figures in the unit people think in', () => {
	expect([ms(null), ms(3.14), ms(48.2), bytes(230 * 1024 ** 2), bytes(1.5 * 1024 ** 3), bytes(72 * 1024 ** 3)]).toEqual([
		'–',
		'3.1 ms',
		'48 ms',
		'230 MB',
		'1.5 GB',
		'72 GB'
	]);
	expect([measured('disk-low', 5e8), measured('loop-lag', 120), measured('refusals', 41)]).toEqual(['477 MB', '120 ms', '41']);
});

it('keeps the axis still', () => {
	expect([0, 0.3, 7, 12, 50, 51].map(axisTop)).toEqual([1, 0.5, 10, 20, 50, 100]);
});

it('draws a gap where nothing was measured, and nothing beyond the box', () => {
	const points = [
		{ at: 0, value: 0 },
		{ at: 5, value: 10 },
		{ at: 7, value: null },
		{ at: 10, value: 99 }
	];
	expect(linePath(points, 0, 10, 10, 100, 50)).toBe('M0.0 50.0h0.01L50.0 0.0M100.0 0.0h0.01');
});
