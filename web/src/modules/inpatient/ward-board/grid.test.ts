import { expect, test } from 'vitest';
import { neighbour, type Place } from './grid.ts';

// Two rows: four cards, then two, as in a ward whose last room is small.
const places: readonly Place<string>[] = [
	...['a', 'b', 'c', 'd'].map((key, index) => ({ key, x: 100 + index * 160, y: 60 })),
	...['e', 'f'].map((key, index) => ({ key, x: 104 + index * 160, y: 181 }))
];

test.each([
	['a', 'right', 'b'],
	['d', 'right', 'e'],
	['e', 'left', 'd'],
	['d', 'down', 'f'],
	['f', 'up', 'b'],
	['a', 'left', null],
	['a', 'up', null],
	['f', 'down', null]
] as const)('from %s %s leads to %s', (from, direction, to) => {
	expect(neighbour(places, from, direction)).toBe(to);
});

test('a card that is gone leads to the first', () => {
	expect(neighbour(places, 'zz', 'down')).toBe('a');
	expect(neighbour([], 'zz', 'down')).toBeNull();
});
