import { expect, test } from '@playwright/test';
import { demoPatient } from '@tongping/domain/patient';
import { arrive, origin, type Account } from '../actors/index.ts';
import { accessible } from '../pages/accessible.ts';

const { id: patient } = demoPatient('male/02');
const PAGES: readonly (readonly [Account | null, string])[] = [
	[null, '/sign-in'],
	['nurse1', '/'],
	['nurse1', '/password'],
	['resident1', '/notes'],
	['resident1', `/patients/${patient}`],
	['resident1', `/patients/${patient}/round`],
	['radiologist1', '/imaging'],
	['admin1', '/admin'],
	['admin1', '/admin/users'],
	['admin1', '/patients/nobody']
];

for (const [locale, theme, width, height] of [
	['zh-CN', 'light', 1440, 900],
	['en', 'dark', 1024, 768]
] as const)
	test(`every page has a name and a language, fits its screen and is serious for nobody (${locale}, ${theme}, ${width} × ${height})`, async ({ browser }) => {
		test.setTimeout(120_000);
		for (const [account, path] of PAGES) {
			const context = account === null ? await browser.newContext() : (await arrive(browser, account)).context;
			const page = context.pages()[0] ?? (await context.newPage());
			await context.addCookies([
				{ name: 'locale', value: locale, url: origin() },
				{ name: 'theme', value: theme, url: origin() }
			]);
			await page.setViewportSize({ width, height });
			await page.goto(path);
			await page.locator('h1, h2, [role="heading"], main').first().waitFor();
			await expect(page, path).toHaveTitle(/\S+ · \S+|同屏|Tongping/u);
			await expect(page.locator('html'), path).toHaveAttribute('lang', locale);
			expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), path).toBeLessThanOrEqual(0);
			await accessible(page);
			await context.close();
		}
	});
