import { expect, test } from 'vitest';
import { honest } from './honest/run.ts';

/** more by HONEST_EDITS=1000000, or `npm run soak -- honest` */
const EDITS = Number(process.env['HONEST_EDITS'] ?? 20_000);

test('honest people are never refused, whatever they write, undo, delete, keep offline or bring back', { timeout: 3_600_000 }, () => {
	const { refused, diverged, edits, diffs, restarts } = honest({ edits: EDITS, diffs: EDITS / 10, seed: 20_261_122 });
	expect(refused).toEqual([]);
	expect(diverged).toEqual([]);
	expect(edits).toBeGreaterThanOrEqual(EDITS);
	expect(diffs).toBeGreaterThanOrEqual(EDITS / 10);
	expect(restarts).toBeGreaterThan(10);
});
