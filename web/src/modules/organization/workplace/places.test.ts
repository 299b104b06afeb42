import { expect, test } from 'vitest';
import { goKeys } from './places.ts';

test('G and a letter within a moment lead somewhere; late, alone or another letter do not', () => {
	const go = goKeys();
	expect(go('b', 0)).toBeNull();
	expect([go('g', 10_000), go('b', 10_500)]).toEqual([null, '/']);
	expect(go('b', 10_600)).toBeNull();
	expect([go('G', 20_000), go('I', 20_100)]).toEqual([null, '/imaging']);
	expect([go('g', 30_000), go('b', 32_000)]).toEqual([null, null]);
	expect([go('g', 40_000), go('x', 40_100), go('b', 40_200)]).toEqual([null, null, null]);
});
