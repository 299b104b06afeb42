import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Intervals } from './ranges.ts';

const interval = fc.tuple(fc.nat(200), fc.integer({ min: 1, max: 9 })).map(([from, length]) => [from, from + length] as const);
const missingOf = (intervals: Intervals): number[] =>
	[...intervals.missing(0, 220)].flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i));

test('intervals hold exactly what was added, one by one or many at once', () => {
	fc.assert(
		fc.property(fc.array(fc.array(interval, { maxLength: 60 }), { maxLength: 5 }), (batches) => {
			const bulk = new Intervals();
			const single = new Intervals();
			const covered = new Set<number>();
			for (const batch of batches) {
				bulk.addAll([...batch]);
				for (const [from, to] of batch) {
					single.add(from, to);
					for (let clock = from; clock < to; clock++) covered.add(clock);
				}
			}
			const expected = Array.from({ length: 220 }, (_, i) => i).filter((clock) => !covered.has(clock));
			expect(missingOf(bulk)).toEqual(expected);
			expect(missingOf(single)).toEqual(expected);
		}),
		{ numRuns: 300 }
	);
});

test('fifty thousand scattered deletions in falling order cost milliseconds', () => {
	const intervals = new Intervals();
	const started = performance.now();
	intervals.addAll(Array.from({ length: 50_000 }, (_, i) => [200_000 - 2 * i, 200_001 - 2 * i] as const));
	expect(performance.now() - started).toBeLessThan(500);
	expect([...intervals.missing(200_000, 200_001)]).toEqual([]);
});
