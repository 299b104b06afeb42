/**
 * Clients, server, network, disk and clock in one process, all from one seed: npm run simulate -- --seed 17 --runs 1000 [--steps 120]
 * [--plant ack-before-commit]. A run that fails prints its seed; the same seed gives the same run.
 */
import { PLANTS, simulate, type Outcome, type Plant } from './world.ts';

export interface Simulated {
	readonly runs: number;
	readonly failed: readonly Outcome[];
	readonly acknowledged: number;
	readonly seen: number;
	readonly crashes: number;
	readonly sealed: number;
	readonly virtualHours: number;
}
export async function simulateMany({ seed = 1, runs = 200, steps = 120, plant = 'none' as Plant, until = Infinity } = {}): Promise<Simulated> {
	const failed: Outcome[] = [];
	let [done, acknowledged, seen, crashes, sealed, seconds] = [0, 0, 0, 0, 0, 0];
	for (; done < runs && performance.now() < until; done++) {
		const outcome = await simulate({ seed: seed + done, steps, plant });
		if (outcome.faults.length > 0) {
			failed.push(outcome);
			// A planted fault is convicted by its first witness.
			if (plant !== 'none') {
				done++;
				break;
			}
		}
		acknowledged += outcome.acknowledged;
		seen += outcome.seen;
		crashes += outcome.crashes;
		sealed += outcome.sealed ? 1 : 0;
		seconds += outcome.lasted;
	}
	return { runs: done, failed, acknowledged, seen, crashes, sealed, virtualHours: Math.round(seconds / 36) / 100 };
}

if (import.meta.main) {
	const argument = (name: string): string | undefined => {
		const at = process.argv.indexOf(`--${name}`);
		return at < 0 ? undefined : process.argv[at + 1];
	};
	const seed = Number(argument('seed') ?? 1);
	const plant = (argument('plant') ?? 'none') as Plant;
	const result = await simulateMany({ seed, runs: Number(argument('runs') ?? 200), steps: Number(argument('steps') ?? 120), plant });
	for (const outcome of result.failed.slice(0, 10)) console.log(JSON.stringify(outcome));
	const controls = [];
	for (const each of plant === 'none' ? PLANTS : []) {
		const found = await simulateMany({ seed, runs: 200, plant: each });
		controls.push({ plant: each, found: found.failed.length > 0, runs: found.runs });
	}
	const holds = plant === 'none' ? result.failed.length === 0 && controls.every(({ found }) => found) : result.failed.length > 0;
	console.log(JSON.stringify({ test: 'simulator', holds, seed, ...result, failed: result.failed.map(({ seed: each }) => each), controls }));
	process.exit(holds ? 0 : 1);
}
