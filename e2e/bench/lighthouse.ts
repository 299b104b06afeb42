import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { demoWards } from '@tongping/domain/organization';
import { demoPatient } from '@tongping/domain/patient';
import { PASSWORD, percentile, round, type Figure, type House } from './house.ts';

const run = promisify(execFile);
const RUNS = 5;
const CHROME = '--headless=new --no-sandbox --disable-quic --no-first-run --disable-background-networking --disable-sync --disable-component-update';
type Scores = Readonly<Record<'performance' | 'accessibility' | 'best-practices', number>>;

/** Lighthouse is fetched by npx when it is asked for: the product and its tests do without its 150 packages. */
async function audit(url: string, cookie: string | null, run_: number): Promise<Scores> {
	const report = join(tmpdir(), `tongping-lighthouse-${process.pid}-${run_}.json`);
	const args = [
		'--yes',
		'lighthouse@12',
		url,
		'--preset=desktop',
		'--only-categories=performance,accessibility,best-practices',
		'--output=json',
		`--output-path=${report}`,
		'--quiet',
		`--chrome-flags=${CHROME}`
	];
	if (cookie !== null) args.push(`--extra-headers=${JSON.stringify({ Cookie: cookie })}`);
	await run('npx', args, {
		env: { ...process.env, CHROME_PATH: process.env['TONGPING_CHROMIUM'] ?? '/usr/bin/chromium' },
		timeout: 180_000,
		maxBuffer: 1 << 26
	});
	const { categories, finalDisplayedUrl } = JSON.parse(readFileSync(report, 'utf8')) as {
		readonly categories: Record<string, { readonly score: number | null }>;
		readonly finalDisplayedUrl: string;
	};
	// Whoever is sent on loses the cookie and would measure the sign-in page.
	if (cookie !== null && new URL(finalDisplayedUrl).pathname === '/sign-in') throw new Error(`${url} led to the sign-in page`);
	rmSync(report);
	const score = (name: string): number => Math.round((categories[name]?.score ?? 0) * 100);
	return { performance: score('performance'), accessibility: score('accessibility'), 'best-practices': score('best-practices') };
}

/** Desktop preset, median of five, for the three pages everybody sees. */
export async function lighthouse(house: House): Promise<Figure[]> {
	const signedIn = await fetch(`${house.origin}/api/session`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ username: 'resident1', password: PASSWORD })
	});
	const cookie = signedIn.headers
		.getSetCookie()
		.map((line) => line.split(';')[0])
		.join('; ');
	const { id: patient, stay } = demoPatient('male/02');
	const opened = await fetch(`${house.origin}/api/commands`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', cookie, origin: house.origin },
		body: JSON.stringify({ commandId: randomUUID(), command: 'clinical-document.note.open', input: { patient, stay, type: 'daily-progress' } })
	});
	if (!opened.ok) throw new Error(`no note to look at: ${await opened.text()}`);
	const pages: readonly (readonly [string, string, string | null])[] = [
		['sign-in', '/sign-in', null],
		['board', `/wards/${demoWards.male}`, cookie],
		['note', `/patients/${patient}/round`, cookie]
	];
	const figures: Figure[] = [];
	for (const [name, path, session] of pages) {
		const runs: Scores[] = [];
		for (let i = 0; i < RUNS; i++) runs.push(await audit(house.origin + path, session, i));
		const median = (key: keyof Scores): number =>
			percentile(
				runs.map((scores) => scores[key]),
				50
			);
		for (const key of ['accessibility', 'best-practices'] as const)
			figures.push({ what: `Lighthouse ${name}: ${key}`, value: round(median(key), 0), unit: '', bar: '>= 95', holds: median(key) >= 95 });
		figures.push({ what: `Lighthouse ${name}: performance`, value: round(median('performance'), 0), unit: '', bar: '', holds: true });
	}
	return figures;
}
