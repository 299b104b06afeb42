import { expect, test } from 'vitest';
import { classes } from './corpus/classes.ts';
import { runCorpus } from './corpus/run.ts';

/** more by CORPUS_PER_CLASS=1000, or `npm run corpus` */
const PER_CLASS = Number(process.env['CORPUS_PER_CLASS'] ?? 2);

test('every class of attack: the server lives, the attacker is told why, the document is whole, the honest go on', { timeout: 600_000 }, async () => {
	expect(classes.length).toBeGreaterThanOrEqual(40);
	expect(new Set(classes.map(({ name }) => name)).size).toBe(classes.length);
	const { faults, mutations } = await runCorpus({ perClass: PER_CLASS, seed: 20261122 });
	expect(faults).toEqual([]);
	expect(mutations).toBe(classes.length * PER_CLASS);
});
