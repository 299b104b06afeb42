import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { PASSWORD, type House } from './house.ts';

const ARGS = [
	'--no-sandbox',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--no-first-run',
	'--disable-quic',
	'--disable-dev-shm-usage',
	'--disable-background-timer-throttling',
	'--disable-backgrounding-occluded-windows',
	'--disable-renderer-backgrounding'
];

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: process.env['TONGPING_CHROMIUM'] ?? '/usr/bin/chromium', args: ARGS });

/** One person at one workstation, signed in through the page as a person would be. */
export async function workstation(browser: Browser, house: House, username: string): Promise<{ readonly context: BrowserContext; readonly page: Page }> {
	const context = await browser.newContext({ baseURL: house.origin, viewport: { width: 1440, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
	const page = await context.newPage();
	await page.goto('/sign-in');
	await page.locator('input[name=username]').fill(username);
	await page.locator('input[name=password]').fill(PASSWORD);
	await Promise.all([page.waitForURL((url) => url.pathname !== '/sign-in'), page.locator('form button[type=submit], form button:not([type])').first().click()]);
	return { context, page };
}
