import { expect, test } from 'vitest';
import { Bucket, REST_MS } from './bucket.ts';

test('a debt is waited for, no shorter than its least wait, and comes back with time', () => {
	const plain = new Bucket(100, 10, 0);
	expect([plain.take(10, 0), plain.take(1, 0), plain.take(1, 20)]).toEqual([0, 10, 0]);
	const own = new Bucket(100, 10, 0, REST_MS);
	expect([own.take(10, 0), own.take(1, 0), own.take(1, REST_MS)]).toEqual([0, REST_MS, 0]);
	expect(own.take(9 + 2 * 100, REST_MS)).toBe(2000);
});
