import { describe, expect, test } from 'vitest';
import { killRuns } from '../../e2e/faults/kill.ts';
import { powerCuts } from '../../e2e/faults/power-cut.ts';
import { tracerAvailable } from '../../e2e/faults/trace.ts';

describe('kill -9 while three people type', () => {
	test('nothing acknowledged and nothing seen is missing; a server that answers before it stores is convicted', { timeout: 90_000 }, async () => {
		const result = await killRuns({ runs: 2, seed: 11, maxMs: 700 });
		expect(result).toMatchObject({ lostAcknowledged: 0, lostSeen: 0 });
		expect(result.acknowledged).toBeGreaterThan(0);
		const control = await killRuns({ runs: 1, seed: 11, early: true });
		expect(control.lostAcknowledged).toBeGreaterThan(0);
		expect(control.lostSeen).toBeGreaterThan(0);
	});
});

describe.skipIf(!tracerAvailable())('the power goes (skipped where strace is not installed)', () => {
	test('synchronous=FULL loses nothing acknowledged; NORMAL and OFF do', { timeout: 120_000 }, () => {
		expect(powerCuts('FULL', { images: 20 })).toMatchObject({ lossy: 0, corrupt: 0 });
		expect(powerCuts('NORMAL', { images: 6 }).lossy).toBeGreaterThan(0);
		expect(powerCuts('OFF', { images: 6 }).lossy).toBeGreaterThan(0);
	});
});
