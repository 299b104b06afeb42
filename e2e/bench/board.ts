import type { Page } from '@playwright/test';
import { openBrowser, workstation } from './browser.ts';
import { percentile, round, type Figure, type House } from './house.ts';

interface Bed {
	readonly bed: string;
	readonly number: string;
	readonly stay: string | null;
	readonly patient: string | null;
}
const TRANSFER = 'inpatient.bed-assignment.transfer';
const ROUNDS = 60;

const bedsOf = (page: Page): Promise<Bed[]> =>
	page.locator('[data-testid=bed]').evaluateAll((cells) =>
		cells.map((cell) => ({
			bed: cell.getAttribute('data-bed') ?? '',
			number: cell.getAttribute('data-number') ?? '',
			stay: cell.getAttribute('data-stay'),
			patient: cell.querySelector('a[href^="/patients/"]')?.getAttribute('href')?.split('/')[2] ?? null
		}))
	);

/** Every frame the browser showed, as bed -> name: no frame may show one name twice or two names in a bed. */
async function recordFrames(page: Page): Promise<void> {
	await page.evaluate(() => {
		const seen = { faults: [] as string[], frames: 0, shownAt: new Map<string, number>() };
		Object.assign(window, { tongpingBench: seen });
		const cells = (): NodeListOf<Element> => document.querySelectorAll('[data-testid=bed]');
		const look = (): void => {
			seen.frames++;
			const stays = new Set<string>();
			for (const cell of cells()) {
				const names = cell.querySelectorAll('[data-testid=patient-name]').length;
				const stay = cell.getAttribute('data-stay');
				if (names > 1) seen.faults.push(`bed ${cell.getAttribute('data-number')} showed ${names} names`);
				if (stay !== null && stays.has(stay)) seen.faults.push(`one stay in two beds, one of them ${cell.getAttribute('data-number')}`);
				if (stay !== null) {
					stays.add(stay);
					const key = `${cell.getAttribute('data-bed')}=${stay}`;
					// The frame that shows it is painted by the next callback.
					if (!seen.shownAt.has(key)) seen.shownAt.set(key, performance.timeOrigin + performance.now());
				}
			}
			for (const key of seen.shownAt.keys()) {
				const [bed, stay] = key.split('=');
				if (document.querySelector(`[data-bed="${bed}"]`)?.getAttribute('data-stay') !== stay) seen.shownAt.delete(key);
			}
			requestAnimationFrame(look);
		};
		requestAnimationFrame(look);
	});
}
interface Frames {
	readonly faults: readonly string[];
	readonly frames: number;
}
const framesOf = (page: Page): Promise<Frames> => page.evaluate(() => (window as unknown as { tongpingBench: Frames }).tongpingBench);
const shownAt = async (page: Page, bed: string, stay: string): Promise<number> => {
	const handle = await page.waitForFunction(
		(key) => (window as unknown as { tongpingBench: { shownAt: Map<string, number> } }).tongpingBench.shownAt.get(key),
		`${bed}=${stay}`,
		{ timeout: 10_000, polling: 5 }
	);
	return Number(await handle.jsonValue());
};

export async function board(house: House): Promise<Figure[]> {
	const browser = await openBrowser();
	try {
		const { page: watcher } = await workstation(browser, house, 'nurse2');
		await watcher.locator('[data-testid=bed]').first().waitFor();
		await recordFrames(watcher);
		const token = await house.token('nurse1');
		const latency = await changeToPixels(house, token, watcher);
		const drops = await race(house, token, watcher);
		const { faults, frames } = await framesOf(watcher);
		const p95 = percentile(latency, 95);
		return [
			{ what: 'board of 60: change to pixels in another browser, p50', value: round(percentile(latency, 50)), unit: 'ms', bar: '', holds: true },
			{
				what: 'board of 60: change to pixels in another browser, p95',
				value: round(p95),
				unit: 'ms',
				bar: '<= 150',
				holds: p95 <= 150,
				note: `${latency.length} moves`
			},
			{ what: '1,000 parallel drops on one bed: winners', value: drops.winners, unit: '', bar: '= 1', holds: drops.winners === 1 },
			{
				what: '1,000 parallel drops on one bed: named refusals',
				value: drops.refused,
				unit: '',
				bar: '= 999',
				holds: drops.refused === 999,
				note: drops.codes
			},
			{ what: '1,000 parallel drops: until every answer', value: round(drops.ms), unit: 'ms', bar: '', holds: true },
			{
				what: 'frames that showed two names in a bed or one patient twice',
				value: faults.length,
				unit: '',
				bar: '= 0',
				holds: faults.length === 0,
				note: `${frames} frames looked at${faults[0] ? `; ${faults[0]}` : ''}`
			}
		];
	} finally {
		await browser.close();
	}
}

async function changeToPixels(house: House, token: string, watcher: Page): Promise<number[]> {
	const beds = await bedsOf(watcher);
	const free = beds.filter((bed) => bed.stay === null);
	const latency: number[] = [];
	for (const source of beds.filter((bed) => bed.stay !== null)) {
		let from = source.bed;
		for (const target of free) {
			const { status } = await house.command(token, TRANSFER, { patient: source.patient, stay: source.stay, from, to: target.bed });
			if (status !== 200) continue;
			await shownAt(watcher, target.bed, source.stay!);
			[from] = [target.bed];
			// There and back between two beds that are known to take this patient.
			for (let i = 0; i < ROUNDS; i++) {
				const to = from === target.bed ? source.bed : target.bed;
				const asked = performance.timeOrigin + performance.now();
				const answer = await house.command(token, TRANSFER, { patient: source.patient, stay: source.stay, from, to });
				if (answer.status !== 200) throw new Error(`a move back was refused: ${JSON.stringify(answer.body)}`);
				latency.push((await shownAt(watcher, to, source.stay!)) - asked);
				from = to;
			}
			return latency;
		}
	}
	throw new Error('no patient of this ward can be moved to an empty bed');
}

/** A thousand drops at once, each of another patient or another hand, on the same empty bed. */
async function race(house: House, token: string, watcher: Page): Promise<{ winners: number; refused: number; ms: number; codes: string }> {
	const beds = await bedsOf(watcher);
	const patients = beds.filter((bed) => bed.stay !== null);
	for (const target of beds.filter((bed) => bed.stay === null)) {
		const probe = await house.command(token, TRANSFER, { patient: patients[0]!.patient, stay: patients[0]!.stay, from: patients[0]!.bed, to: target.bed });
		if (probe.status !== 200) continue;
		await house.command(token, TRANSFER, { patient: patients[0]!.patient, stay: patients[0]!.stay, from: target.bed, to: patients[0]!.bed });
		const started = performance.now();
		const answers = await Promise.all(
			Array.from({ length: 1000 }, (_, i) => {
				const mover = patients[i % patients.length]!;
				return house.command(token, TRANSFER, { patient: mover.patient, stay: mover.stay, from: mover.bed, to: target.bed });
			})
		);
		const codes = new Map<string, number>();
		for (const { body } of answers) {
			const code = (body['refusal'] as { code: string } | undefined)?.code;
			if (code) codes.set(code, (codes.get(code) ?? 0) + 1);
		}
		const winners = answers.filter((answer) => answer.status === 200).length;
		const refused = answers.filter((answer) => answer.status === 409 && (answer.body['refusal'] as { message?: string }).message).length;
		return { winners, refused, ms: performance.now() - started, codes: [...codes].map(([code, n]) => `${code} ${n}`).join(', ') };
	}
	throw new Error('no empty bed takes a patient');
}
