/** `npm run measure:sign-in`: how long one password takes, and whether the time tells a name that exists from one that does not. */
import { testHospital } from '@tongping/domain/kernel/server';
import { signIn } from '@tongping/domain/identity-access/server';
import { registry } from '../../domain/src/registry.ts';
import { percentile, round } from './house.ts';

process.env['TONGPING_DEMO_PASSWORD'] ??= 'one-screen-2026';
const TRIES = Number(process.argv[2] ?? '200');
const FIRST = 10;
const WRONG = 'wrong-guess';
const KINDS = {
	right: { username: 'nurse2', password: process.env['TONGPING_DEMO_PASSWORD'] },
	wrong: { username: 'nurse1', password: WRONG },
	unknown: { username: 'nobody', password: WRONG }
} as const;
type Kind = keyof typeof KINDS;
const order: readonly Kind[] = ['right', 'wrong', 'unknown'];

const house = await testHospital(registry.slice(0, 12), { seedAt: Date.now() });
const times: Record<Kind, number[]> = { right: [], wrong: [], unknown: [] };
/** of the whole process: what a try costs, however busy the machine is with others */
const work: Record<Kind, number[]> = { right: [], wrong: [], unknown: [] };
for (let i = 0; i < TRIES + FIRST; i++)
	// The order turns, so that no kind always comes after the same other.
	for (const kind of [...order.slice(i % 3), ...order.slice(0, i % 3)]) {
		const [start, before] = [performance.now(), process.cpuUsage()];
		// Every try from another address: a paused one would answer without work.
		await signIn(KINDS[kind], `10.0.${i >> 8}.${i & 255}`);
		if (i < FIRST) continue;
		times[kind].push(performance.now() - start);
		const { user, system } = process.cpuUsage(before);
		work[kind].push((user + system) / 1000);
	}
await house.close();
const figure = (kind: Kind): { readonly p50: number; readonly p95: number; readonly processor: number } => ({
	p50: round(percentile(times[kind], 50)),
	p95: round(percentile(times[kind], 95)),
	processor: round(percentile(work[kind], 50))
});
const [wrong, unknown] = [figure('wrong'), figure('unknown')];
const apartPercent = round((100 * Math.abs(wrong.p50 - unknown.p50)) / Math.max(wrong.p50, unknown.p50));
const right = figure('right');
console.log(JSON.stringify({ tries: TRIES, rightMs: right, wrongMs: wrong, unknownMs: unknown, apartPercent }));
const inBounds = [right, wrong, unknown].every(({ p50 }) => p50 >= 50 && p50 <= 500);
if (apartPercent > 10 || !inBounds) process.exitCode = 1;
