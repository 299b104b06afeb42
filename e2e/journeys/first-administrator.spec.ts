import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort, House, operate } from '../actors/house.ts';
import { accessible } from '../pages/accessible.ts';

const PASSWORD = 'Lichen-on-stone-7';
const BUNDLE = JSON.stringify({
	resourceType: 'Bundle',
	type: 'collection',
	entry: [
		{ resource: { resourceType: 'Patient', id: 'p1', name: [{ text: '梁上清' }], gender: 'female', birthDate: '1970-02-03' } },
		{ resource: { resourceType: 'Condition', id: 'c1', code: { text: '高血压' }, subject: { reference: 'Patient/p1' } } }
	]
});

test('a real hospital begins with nobody: the code of the console makes one administrator, once; files come in with and without a server', async ({ page }) => {
	test.setTimeout(120_000);
	const folder = mkdtempSync(join(tmpdir(), 'tongping-real-'));
	const port = await freePort();
	const origin = `http://127.0.0.1:${port}`;
	const house = new House(port, folder, { TONGPING_DEMO: 'off' });
	try {
		await house.start();
		const code = /one-time code[^\n]*?(\S+)\n/u.exec(house.output)?.[1] ?? '';
		expect(house.output).not.toContain('nurse1');
		await page.goto(`${origin}/setup`);
		await accessible(page);
		const fields = { 一次性代码: 'guess-guess', 医院名称: '青石县医院', '用户名（小写字母和数字）': 'zhou.yn', 姓名: '周以南' };
		for (const [label, value] of Object.entries(fields)) await page.getByLabel(label).fill(value);
		await page.getByLabel('密码（至少 10 位）').fill(PASSWORD);
		await page.getByRole('button', { name: '建立账号' }).click();
		await expect(page.getByRole('alert')).toContainText('代码不对');
		// Nothing typed is lost, but a password never comes back.
		for (const [label, value] of Object.entries(fields)) await expect(page.getByLabel(label)).toHaveValue(value);
		await expect(page.getByLabel('密码（至少 10 位）')).toHaveValue('');
		await page.getByLabel('一次性代码').fill(code);
		await page.getByLabel('密码（至少 10 位）').fill(PASSWORD);
		await page.getByRole('button', { name: '建立账号' }).click();
		await expect(page).toHaveURL(/\/sign-in/u);
		await expect(page.locator('body')).not.toContainText('演示医院');
		await page.getByLabel('工号').fill('zhou.yn');
		await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
		await page.getByRole('button', { name: '登录', exact: true }).click();
		await expect(page).toHaveURL(/\/admin/u);
		await expect(page.getByRole('button', { name: /周以南/u })).toBeVisible();
		// Once: the page is no more.
		await page.goto(`${origin}/setup`);
		await expect(page).not.toHaveURL(/\/setup/u);

		const file = join(folder, 'one.json');
		writeFileSync(file, BUNDLE);
		const how = { TONGPING_DATA: folder, TONGPING_DEMO: 'off', TONGPING_IMPORT_USER: 'zhou.yn', TONGPING_IMPORT_PASSWORD: PASSWORD, LANG: 'zh_CN.UTF-8' };
		const running = await operate('import', ['fhir', file], { ...how, TONGPING_URL: origin });
		expect(running.said).toContain('1 个已导入');
		expect(running.code).toBe(0);
		await house.stop();
		const wrong = await operate('import', ['fhir', file], { ...how, TONGPING_URL: origin, TONGPING_IMPORT_PASSWORD: 'not this one' });
		expect([wrong.code, wrong.said]).toEqual([1, expect.stringContaining('用户名或密码不对')]);
		const alone = await operate('import', ['fhir', file], { ...how, TONGPING_URL: origin });
		expect(alone.said).toMatch(/患者[^\n]*0\/1|0\/1[^\n]*患者/u);
		expect(alone.code).toBe(0);
	} finally {
		await house.stop();
		rmSync(folder, { recursive: true, force: true });
	}
});
