import { AxeBuilder } from '@axe-core/playwright';
import { demoPeople } from '@tongping/domain/patient';
import { expect, test } from '@playwright/test';
import { arrive, origin, token } from '../actors/index.ts';
import { ask, bearerOf, dial, paragraphFrame, tokenOf } from '../actors/wire.ts';
import { openNote } from '../pages/note.ts';

test('only administrators see how the house runs; for others the page does not exist', async ({ browser }) => {
	for (const account of ['chief1', 'nurse1'] as const) {
		const person = await arrive(browser, account);
		expect((await person.page.goto('/admin'))?.status()).toBe(404);
		await expect(person.page.getByRole('link', { name: '管理' })).toHaveCount(0);
		await person.leave();
	}
	const nurse = bearerOf(await tokenOf('nurse1'));
	for (const path of ['/metrics', '/api/operations']) {
		expect((await ask('GET', path)).status, `${path} for a stranger`).toBe(401);
		expect((await ask('GET', path, { headers: { authorization: 'Bearer aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' } })).status, `${path} with a made-up token`).toBe(
			401
		);
		expect((await ask('GET', path, { headers: nurse })).status, `${path} for a nurse`).toBe(404);
	}
	expect((await ask('POST', '/metrics', { headers: nurse, body: '{}' })).status).toBe(405);
});

test('an administrator sees the rooms, who is in them, and a refusal, as they happen; no patient is named', async ({ browser }) => {
	const note = await openNote(await tokenOf('resident1'), -6);
	const admin = await arrive(browser, 'admin1');
	await admin.page.goto('/admin');
	await expect(admin.page.getByRole('heading', { level: 1, name: '运行' })).toBeVisible();
	await expect(admin.page.getByRole('link', { name: '管理' })).toBeVisible();

	const author = await arrive(browser, 'resident1');
	await author.page.goto(`/notes/${note}`);
	const room = admin.page.getByTestId('rooms').locator('tr[data-kind="note"]');
	await expect(room.getByText('李晨')).toBeVisible({ timeout: 15_000 });
	// A nurse may not write in the doctors' plan.
	const line = await dial(`/sync/note/${note}?v=1`, bearerOf(await tokenOf('nurse1')));
	if (line.status === 101) line.socket.send(paragraphFrame('plan', '不该写在这里'));
	else {
		const locked = await dial(`/sync/note/${note}?v=0`, bearerOf(await tokenOf('resident1')));
		expect(locked.status).toBe(101);
		locked.socket.send(paragraphFrame('plan', '旧版页面'));
	}
	await expect(admin.page.getByTestId('refusals').locator('tbody tr')).not.toHaveCount(0, { timeout: 15_000 });
	line.socket.terminate();

	const page = await admin.page.locator('body').innerText();
	const metrics = await ask('GET', '/metrics', { headers: bearerOf(await token(admin.context.request, 'admin1')) });
	expect(metrics.status).toBe(200);
	expect(metrics.text).toMatch(/^tongping_room_connections\{kind="note"\} [1-9]/mu);
	expect(metrics.text).toMatch(/^tongping_commit_seconds_count [1-9]/mu);
	for (const { name, id } of demoPeople)
		for (const shown of [page, metrics.text]) expect(shown.includes(name) || shown.includes(id), `${name} is shown`).toBe(false);
	expect(metrics.text).not.toContain(note);
	await author.leave();
	await admin.leave();
});

test('the page stands in both languages, both lights and on a tablet, and can be read without eyes and mouse', async ({ browser }) => {
	test.setTimeout(120_000);
	for (const [width, height] of [
		[1440, 900],
		[1024, 768]
	] as const) {
		for (const locale of ['zh-CN', 'en'] as const) {
			for (const theme of ['light', 'dark'] as const) {
				const admin = await arrive(browser, 'admin1', { viewport: { width, height } });
				await admin.context.addCookies([
					{ name: 'locale', value: locale, url: origin() },
					{ name: 'theme', value: theme, url: origin() }
				]);
				await admin.page.goto('/admin');
				await expect(admin.page.getByTestId('verdict')).toBeVisible();
				await expect(admin.page.locator('figure svg').first()).toBeVisible({ timeout: 15_000 });
				const where = `${String(width)} ${locale} ${theme}`;
				const found = await new AxeBuilder({ page: admin.page }).analyze();
				expect(
					found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`),
					where
				).toEqual([]);
				const wide = await admin.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
				expect(wide, where).toBe(0);
				if (process.env.TONGPING_PICTURES !== undefined)
					await admin.page.screenshot({ path: `${process.env.TONGPING_PICTURES}/admin-${String(width)}-${locale}-${theme}.png` });
				await admin.leave();
			}
		}
	}
});

test('figures that stopped are shown with their age', async ({ browser }) => {
	const admin = await arrive(browser, 'admin1');
	await admin.page.goto('/admin');
	await expect(admin.page.getByTestId('as-of')).toBeVisible();
	await admin.page.route('**/api/operations', (route) => route.abort());
	await expect(admin.page.getByRole('alert').filter({ hasText: '没有回答' })).toBeVisible({ timeout: 15_000 });
	await admin.page.unroute('**/api/operations');
	await expect(admin.page.getByRole('alert').filter({ hasText: '没有回答' })).toHaveCount(0, { timeout: 15_000 });
	await admin.leave();
});
