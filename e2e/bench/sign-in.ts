/** `npm run measure:sign-in`: how long one password takes, and whether the time tells a name that exists from one that does not. */
import { testHospital } from '@tongping/domain/kernel/server';
import { signIn } from '@tongping/domain/identity-access/server';
import { registry } from '../../domain/src/registry.ts';

process.env['TONGPING_DEMO_PASSWORD'] ??= 'one-screen-2026';
const TRIES = Number(process.argv[2] ?? '200');
const house = await testHospital(registry.slice(0, 12), { seedAt: Date.now() });
const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
const middle = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] ?? 0;
for (let i = 0; i < TRIES + 10; i++)
	for (const [kind, username] of i % 2 === 0
		? ([
				['known', 'nurse1'],
				['unknown', 'nobody']
			] as const)
		: ([
				['unknown', 'nobody'],
				['known', 'nurse1']
			] as const)) {
		const start = performance.now();
		// Every try from another address: a paused one would answer without work.
		await signIn({ username, password: 'wrong-guess' }, `10.0.${i >> 8}.${i & 255}`);
		if (i >= 10) times[kind].push(performance.now() - start);
	}
const [known, unknown] = [middle(times.known.toSorted((a, b) => a - b)), middle(times.unknown.toSorted((a, b) => a - b))];
const apart = Math.abs(known - unknown) / Math.max(known, unknown);
console.log(JSON.stringify({ tries: TRIES, knownMs: known, unknownMs: unknown, apartPercent: 100 * apart }));
await house.close();
if (apart > 0.1) process.exitCode = 1;
