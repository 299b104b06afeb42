import { describe, expect, test } from 'vitest';
import { simulateMany } from './simulator/run.ts';
import { PLANTS, simulate } from './simulator/world.ts';

/** more by SIM_RUNS=10000, or `npm run simulate` */
const RUNS = Number(process.env['SIM_RUNS'] ?? 200);
const SEED = Number(process.env['SIM_SEED'] ?? 20_261_122);

describe('clients, server, network, disk and clock from one seed', () => {
	test('nothing acknowledged or seen is lost, all see the same, a seal stays, nobody writes where they may not', { timeout: 3_600_000 }, async () => {
		const { failed, acknowledged, crashes, sealed } = await simulateMany({ seed: SEED, runs: RUNS });
		expect(failed.map(({ seed, faults }) => ({ seed, faults }))).toEqual([]);
		expect(acknowledged).toBeGreaterThan(RUNS * 5);
		expect(crashes).toBeGreaterThan(RUNS / 5);
		expect(sealed).toBeGreaterThan(0);
	});

	test('the same seed is the same run', async () => {
		expect(await simulate({ seed: 4711 })).toEqual(await simulate({ seed: 4711 }));
	});

	test.each(PLANTS)('a server built wrong is convicted: %s', { timeout: 60_000 }, async (plant) => {
		const { failed } = await simulateMany({ seed: SEED, runs: 150, plant });
		expect(failed).toHaveLength(1);
	});
});
