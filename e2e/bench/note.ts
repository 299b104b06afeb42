import type { Page } from '@playwright/test';
import { openBrowser, workstation } from './browser.ts';
import { percentile, round, type Figure, type House } from './house.ts';

const KEYS = 120;
const EDITOR = '[data-root] [contenteditable=true], [data-root][contenteditable=true]';

/** When each length of the section's text was first on screen together with the other's caret, by the clock both pages share. */
const watch = (page: Page, root: string): Promise<void> =>
	page.evaluate((name) => {
		const shown = new Map<number, number>();
		Object.assign(window, { tongpingShown: shown });
		const look = (): void => {
			const section = document.querySelector(`[data-root="${name}"]`);
			const caret = section?.querySelector('.caret');
			const typed = /x+/u.exec(section?.textContent ?? '')?.[0].length ?? 0;
			if (caret && typed > 0 && !shown.has(typed)) shown.set(typed, performance.timeOrigin + performance.now());
			requestAnimationFrame(look);
		};
		requestAnimationFrame(look);
	}, root);

/** Two doctors in one note: from the key going down in one browser to text and caret painted in the other. */
export async function note(house: House): Promise<Figure[]> {
	const browser = await openBrowser();
	try {
		const writer = await workstation(browser, house, 'resident1');
		await writer.page.locator('[data-testid=bed] a[href^="/patients/"]').first().waitFor();
		const patient = await writer.page.locator('[data-testid=bed] a[href^="/patients/"]').first().getAttribute('href');
		await writer.page.goto(`${patient}/round`);
		await writer.page.getByRole('button', { name: '开始日常病程记录' }).click();
		await writer.page.locator(EDITOR).first().waitFor();
		const reader = await workstation(browser, house, 'attending1');
		await reader.page.goto(`${patient}/round`);
		await reader.page.locator(EDITOR).first().waitFor();
		const editor = writer.page.locator(EDITOR).first();
		await editor.click();
		const root = await editor.evaluate((element) => element.closest('[data-root]')?.getAttribute('data-root') ?? '');
		await watch(reader.page, root);
		await writer.page.evaluate(() => {
			const pressed: number[] = [];
			Object.assign(window, { tongpingPressed: pressed });
			window.addEventListener(
				'keydown',
				(event) => {
					if (event.key === 'x') pressed.push(performance.timeOrigin + event.timeStamp);
				},
				true
			);
		});
		await writer.page.keyboard.type('x'.repeat(KEYS), { delay: 90 });
		await reader.page.waitForFunction((n) => (window as unknown as { tongpingShown: Map<number, number> }).tongpingShown.has(n), KEYS, { timeout: 20_000 });
		const pressed = await writer.page.evaluate(() => (window as unknown as { tongpingPressed: number[] }).tongpingPressed);
		const shown = new Map(await reader.page.evaluate(() => [...(window as unknown as { tongpingShown: Map<number, number> }).tongpingShown]));
		const latency = pressed.flatMap((at, index) => {
			const seen = [...shown].filter(([typed]) => typed >= index + 1).map(([, when]) => when);
			return seen.length > 0 ? [Math.min(...seen) - at] : [];
		});
		const p95 = percentile(latency, 95);
		return [
			{ what: 'note: key to text and caret in another browser, p50', value: round(percentile(latency, 50)), unit: 'ms', bar: '', holds: true },
			{
				what: 'note: key to text and caret in another browser, p95',
				value: round(p95),
				unit: 'ms',
				bar: '<= 60',
				holds: p95 <= 60,
				note: `${latency.length} keys, on disk before they are shown`
			}
		];
	} finally {
		await browser.close();
	}
}
