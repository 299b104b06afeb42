import { expect, test } from 'vitest';
import { wrongPatient } from '../../e2e/faults/wrong-patient.ts';

/** more by `npm run soak -- wrong-patient` */
test(
	'two tabs, late answers: no write reaches the record of a patient who is not on the screen; without the comparison it does',
	{ timeout: 120_000 },
	async () => {
		const result = await wrongPatient({ rounds: 300, seed: 20_261_122 });
		expect(result).toMatchObject({ crossWrites: 0, examples: [] });
		expect(result.mistaken).toBeGreaterThan(50);
		expect(result.done).toBeGreaterThan(20);
		expect((await wrongPatient({ rounds: 300, seed: 20_261_122, plant: true })).crossWrites).toBeGreaterThan(0);
	}
);
