import { expect, it } from 'vitest';
import { readExposition } from './exposition.fixtures.ts';
import { counter, exposition, gauge, histogram, labelled } from './exposition.ts';

it('writes what a scraper reads', () => {
	const text = exposition([
		gauge('rooms', 'open rooms', 3),
		counter('commits_total', 'commits', 1_234_567),
		labelled('counter', 'refusals_total', 'refused \\ updates\nby reason', 'reason', [
			['sealed', 2],
			['odd "quoted" \\ text\nline', 1]
		]),
		histogram('commit_seconds', 'time to disk', [0.005, 0.01], [4, 2, 1], 0.07)
	]);
	const { types, values } = readExposition(text);
	expect(Object.fromEntries(types)).toEqual({ rooms: 'gauge', commits_total: 'counter', refusals_total: 'counter', commit_seconds: 'histogram' });
	expect(values.get('commits_total')).toBe(1_234_567);
	expect(values.get('refusals_total{reason="sealed"}')).toBe(2);
	expect(['0.005', '0.01', '+Inf'].map((le) => values.get(`commit_seconds_bucket{le="${le}"}`))).toEqual([4, 6, 7]);
	expect(values.get('commit_seconds_count')).toBe(7);
	expect(values.get('commit_seconds_sum')).toBe(0.07);
});

it('refuses a name twice and a name no scraper would take', () => {
	expect(() => exposition([gauge('a', 'x', 1), gauge('a', 'x', 1)])).toThrow('cannot be named');
	expect(() => exposition([gauge('a-b', 'x', 1)])).toThrow('cannot be named');
});
