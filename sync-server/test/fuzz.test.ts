import { expect, test } from 'vitest';
import { fuzz } from './fuzz/run.ts';

/** more by FUZZ_FRAMES=1000000, or `npm run fuzz` */
const FRAMES = Number(process.env['FUZZ_FRAMES'] ?? 50_000);

test('frames that were honest once: no crash, no frame of 50 ms, memory stays, the document is whole', { timeout: 3_600_000 }, async () => {
	const { faults, hangs, frames, closed, rssGrowthMb } = await fuzz({ frames: FRAMES, seed: 20_261_122 });
	expect(faults).toEqual([]);
	expect(hangs).toBe(0);
	expect(frames).toBe(FRAMES);
	expect(closed).toBeGreaterThan(FRAMES / 20);
	// The long run holds 64 MB; beside other tests in one process the garbage of them all is measured.
	expect(rssGrowthMb).toBeLessThan(256);
});
