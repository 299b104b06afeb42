import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { demoPeople } from '@tongping/domain/patient';
import { expect, test } from '@playwright/test';
import { arrive, origin, password } from '../actors/index.ts';
import { freePort, House, operate } from '../actors/house.ts';
import { ask, bearerOf, order, tokenOf } from '../actors/wire.ts';
import { section, state, write } from '../pages/note.ts';

const LONG = { timeout: 40_000 };

/** This hospital is stopped, lost and restored, so it is none the other journeys live in. */
const work = mkdtempSync(join(tmpdir(), 'tongping-restore-'));
const shared = process.env.TONGPING_E2E_PORT;
let house: House;
test.beforeAll(async () => {
	const port = await freePort();
	process.env.TONGPING_E2E_PORT = String(port);
	house = new House(port, join(work, 'monday'));
	await house.start();
});
test.afterAll(() => {
	house.kill();
	if (shared !== undefined) process.env.TONGPING_E2E_PORT = shared;
	rmSync(work, { recursive: true, force: true });
});

test('backup, words of two people, restore: own words come back, the other’s wait for the administrator, and then everybody sees them', async ({ browser }) => {
	test.setTimeout(300_000);
	const person = demoPeople.filter((one) => one.ward === 'male' && one.bed !== null).at(-3)!;
	const opened = await order(await tokenOf('resident1'), 'clinical-document.note.open', { patient: person.id, stay: person.stay, type: 'daily-progress' });
	const note = (JSON.parse(opened.text) as { events: { note: string }[] }).events[0]?.note ?? '';
	const [resident, attending] = [await arrive(browser, 'resident1'), await arrive(browser, 'attending1')];
	for (const { page } of [resident, attending]) {
		await page.goto(`/notes/${note}`);
		await expect(state(page, 'saved')).toBeVisible();
	}
	await write(resident.page, 'subjective', '备份里有的一句。');
	await expect(section(attending.page, 'subjective')).toContainText('备份里有的一句。');
	await expect(state(resident.page, 'saved')).toBeVisible();

	const file = join(work, 'monday.db');
	await test.step('a backup beside the running server', async () => {
		const { code, said } = await operate('backup', [file], { TONGPING_DATA: join(work, 'monday') });
		expect(code, said).toBe(0);
		expect(said).toContain('已备份并核对');
	});
	await write(resident.page, 'subjective', '备份之后住院医师写的。');
	await write(attending.page, 'assessment', '备份之后主治医师写的。');
	await expect(section(attending.page, 'subjective')).toContainText('备份之后住院医师写的。');
	await write(attending.page, 'subjective', '主治接着写的。');
	await expect(section(resident.page, 'subjective')).toContainText('主治接着写的。');
	for (const { page } of [resident, attending]) await expect(state(page, 'saved')).toBeVisible();
	await resident.leave();

	await test.step('the machine is lost; a new folder takes its place under the same address', async () => {
		const busy = await operate('restore', [file, join(work, 'monday')], {});
		expect(busy.code, busy.said).toBe(1);
		expect(busy.said).toContain('服务正在使用');
		expect((await house.stop()).code).toBe(0);
		const { code, said } = await operate('restore', [file, join(work, 'tuesday')], {});
		expect(code, said).toBe(0);
		expect(said).toMatch(/纪元 2/u);
		house = new House(Number(process.env.TONGPING_E2E_PORT), join(work, 'tuesday'));
		await house.start();
	});

	const admin = await arrive(browser, 'admin1');
	await admin.page.goto('/admin');
	await expect(admin.page.getByTestId('epoch')).toHaveText('第 2 纪元');
	const panel = admin.page.getByTestId('quarantine');
	await expect(panel).toContainText('没有等待处理的内容');

	await test.step('the page that was left open asks to sign in; what its person wrote comes back, what hangs on a colleague does not', async () => {
		// Here or in another tab: this one keeps what it holds.
		const again = attending.page.getByTestId('sign-in-again');
		await expect(again).toContainText('请不要关闭或刷新', LONG);
		await again.getByLabel('工号').fill('attending1');
		await again.getByLabel('密码').fill(password());
		await again.getByRole('button', { name: '重新登录' }).click();
		await expect(again).toBeHidden();
		await expect(state(attending.page, 'refused')).toBeVisible(LONG);
		await expect(section(attending.page, 'assessment')).toHaveText('备份之后主治医师写的。');
		await expect(section(attending.page, 'subjective')).toHaveText('备份里有的一句。');
		const told = attending.page.locator('article.doc:not(.nursing)').getByRole('alert');
		await expect(told).toContainText('已交管理员处理');
		await expect(told.locator('q')).toHaveText('主治接着写的。');
		if (process.env.TONGPING_PICTURES !== undefined) await attending.page.screenshot({ path: `${process.env.TONGPING_PICTURES}/set-aside.png` });
	});
	const returned = await arrive(browser, 'resident1');
	await returned.page.goto(`/notes/${note}`);
	await expect(section(returned.page, 'assessment')).toHaveText('备份之后主治医师写的。');
	await expect(section(returned.page, 'subjective')).toHaveText('备份里有的一句。');

	const item = panel.getByTestId('quarantine-item');
	await test.step('the administrator’s page shows by itself who offered it and whose words they are, and not the words', async () => {
		await expect(item).toHaveCount(1, LONG);
		await expect(item).toContainText('陈书遥');
		await expect(item).toContainText('李晨');
		await expect(item).toContainText('接在其后的本人的字');
		await expect(panel).not.toContainText('备份之后');
		const metrics = await ask('GET', '/metrics', { headers: bearerOf(await tokenOf('admin1')) });
		expect(metrics.text).toMatch(/^tongping_quarantine_waiting 1$/mu);
		expect(metrics.text).toMatch(/^tongping_epoch 2$/mu);
	});
	await test.step('in both languages, both lights and on a tablet', async () => {
		for (const width of [1440, 1024])
			for (const locale of ['zh-CN', 'en'] as const)
				for (const theme of ['light', 'dark'] as const) {
					await admin.context.addCookies([
						{ name: 'locale', value: locale, url: origin() },
						{ name: 'theme', value: theme, url: origin() }
					]);
					await admin.page.setViewportSize({ width, height: width === 1440 ? 900 : 768 });
					await admin.page.goto('/admin');
					await item.scrollIntoViewIfNeeded();
					const where = `${String(width)} ${locale} ${theme}`;
					const found = await new AxeBuilder({ page: admin.page }).analyze();
					expect(
						found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`),
						where
					).toEqual([]);
					expect(await admin.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), where).toBe(0);
					if (process.env.TONGPING_PICTURES !== undefined) {
						const picture = `${process.env.TONGPING_PICTURES}/quarantine-${String(width)}-${locale}-${theme}`;
						await admin.page.screenshot({ path: `${picture}.png` });
						await item.getByRole('button').first().click();
						await expect(admin.page.getByRole('dialog')).toBeVisible();
						await admin.page.screenshot({ path: `${picture}-accept.png` });
						await admin.page.keyboard.press('Escape');
					}
				}
		await admin.context.addCookies([
			{ name: 'locale', value: 'zh-CN', url: origin() },
			{ name: 'theme', value: 'light', url: origin() }
		]);
		await admin.page.goto('/admin');
	});

	await test.step('a wrong password lets nothing in; the right one does, and everybody sees it', async () => {
		await item.getByRole('button', { name: '并入' }).click();
		const dialog = admin.page.getByRole('dialog');
		await dialog.getByLabel('原因').fill('已与李晨核实，是当天查房所写');
		await dialog.getByLabel('本人密码').fill('not-the-password');
		await dialog.getByRole('button', { name: '并入' }).click();
		await expect(dialog.getByRole('alert')).toBeVisible();
		await expect(dialog.getByRole('alert')).not.toHaveText('');
		await dialog.getByLabel('本人密码').fill(password());
		await dialog.getByRole('button', { name: '并入' }).click();
		await expect(dialog).toHaveCount(0);
		await expect(item).toHaveAttribute('data-status', 'accepted');
		await expect(item).toContainText('周以宁');
		const whole = '备份里有的一句。备份之后住院医师写的。主治接着写的。';
		await expect(section(returned.page, 'subjective')).toHaveText(whole, LONG);
		await expect(section(attending.page, 'subjective')).toHaveText(whole, LONG);
		await attending.page.getByRole('alert').getByRole('button', { name: '不再保留' }).click();
		await expect(state(attending.page, 'saved')).toBeVisible();
		await write(returned.page, 'subjective', '恢复之后照常写。');
		await expect(section(attending.page, 'subjective')).toContainText(`${whole}恢复之后照常写。`);
	});

	await test.step('what is stored holds, and says which words were recovered', async () => {
		const env = { TONGPING_DATA: join(work, 'tuesday'), TONGPING_URL: origin(), TONGPING_IMPORT_USER: 'attending1', TONGPING_IMPORT_PASSWORD: password() };
		const verified = await operate('verify', [], env);
		expect(verified.code, verified.said).toBe(0);
		expect(verified.said).toContain('全部相符');
		const history = await operate('history', [`note/${note}`], env);
		expect(history.code, history.said).toBe(0);
		expect(history.said).toMatch(/recovered\t[^\n]*备份之后住院医师写的。/u);
	});
	for (const actor of [attending, returned, admin]) await actor.leave();
});
