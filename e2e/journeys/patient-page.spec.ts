import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { fhirBundles } from '@tongping/domain/interoperability';
import { arrive, origin, password, send } from '../actors/index.ts';
import { accessible } from '../pages/accessible.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** The command of the README, against the running server, as the demo administrator. */
async function bring(kind: string, path: string): Promise<string> {
	const env = { ...process.env, TONGPING_URL: origin(), TONGPING_IMPORT_USER: 'admin1', TONGPING_IMPORT_PASSWORD: password(), LANG: 'zh_CN.UTF-8' };
	const done = await run(process.execPath, ['tools/import.ts', kind, path], { cwd: root, env }).catch((error: { stdout: string; stderr: string }) => error);
	return done.stdout + done.stderr;
}

test('records of another house come in whole, twice changes nothing, a broken bundle is refused with its place', async ({ browser }) => {
	const folder = mkdtempSync(join(tmpdir(), 'tongping-bundles-'));
	for (const [name, bundle] of Object.entries(fhirBundles)) writeFileSync(join(folder, `${name}.json`), JSON.stringify(bundle));
	writeFileSync(join(folder, 'broken.json'), JSON.stringify(fhirBundles.elder).replace('"1961-03-09"', '"1961-02-30"'));
	try {
		const first = await bring('fhir', folder);
		expect(first).toContain('broken.json: entry[0].resource.birthDate:不是有效的日期');
		expect(first).toContain('elder.json: 患者 1/1');
		expect(first).toContain('2 个已导入');
		const second = await bring('fhir', folder);
		expect(second).toContain('elder.json: 患者 0/1, 就诊 0/8, 诊断 0/2, 过敏 0/1, 检验与体征 0/40, 用药 0/2');
	} finally {
		rmSync(folder, { recursive: true });
	}

	// A record in no ward is read by doctors; the search of the shell finds it by its initials.
	const doctor = await arrive(browser, 'attending1');
	const { page } = doctor;
	await page.goto('/');
	const palette = page.getByRole('dialog').getByRole('combobox');
	await expect(async () => {
		await page.keyboard.press('Control+k');
		await expect(palette).toBeVisible({ timeout: 1000 });
	}).toPass();
	await palette.fill('ahp');
	await page
		.getByRole('option', { name: /安和平/ })
		.first()
		.click();
	await expect(page).toHaveURL(/\/patients\/[0-9a-z]{26}$/);
	await expect(page).toHaveTitle('患者 · 同屏');
	const banner = page.getByRole('region', { name: '患者身份与警示' });
	await expect(banner).toContainText('安和平');
	await expect(banner).toContainText('1961-03-09');
	await expect(banner).toContainText('过敏 青霉素');
	await expect(page.getByRole('region', { name: '经过' })).toContainText('空腹血糖 8.04 ↑');
	await expect(page.getByRole('img', { name: /空腹血糖 mmol\/L, 末次 8.04 ↑/ })).toBeVisible();
	await page.getByRole('button', { name: /收缩压/ }).click();
	await expect(page.getByRole('img', { name: /收缩压/ })).toBeVisible();

	await page.getByRole('button', { name: '添加诊断' }).click();
	await page.getByRole('combobox', { name: '诊断（ICD-10）' }).fill('糖尿病');
	await page.getByRole('option', { name: /E11.9/ }).click();
	await page.getByRole('button', { name: /添加“E11.9/ }).click();
	await expect(page.getByRole('region', { name: '诊断' })).toContainText('2 型糖尿病不伴并发症');

	await accessible(page);
	await doctor.leave();
});

test('nobody asked, none known and listed are three things; who may not read the chart finds nothing there', async ({ browser }) => {
	const doctor = await arrive(browser, 'resident1');
	const registered = await send(doctor.context.request, 'patient.registry.register', { mrn: 'PAGE-1', name: '阮青禾', sex: 'female', birthDate: '1995-06-01' });
	const patient = (registered.body.events?.[0] as unknown as { readonly patient: string }).patient;
	await doctor.page.goto(`/patients/${patient}`);
	const allergies = doctor.page.getByRole('region', { name: '过敏' });
	await expect(allergies).toContainText('还没有人问过');
	await allergies.getByRole('button', { name: '已询问，无已知过敏' }).click();
	await expect(allergies).toContainText('无已知过敏');
	await allergies.getByRole('button', { name: '添加过敏' }).click();
	await allergies.getByLabel('过敏原').fill('磺胺');
	await allergies.getByRole('button', { name: '记录' }).click();
	await expect(allergies).toContainText('磺胺');

	const administrator = await arrive(browser, 'admin1');
	expect((await administrator.page.goto(`/patients/${patient}`))?.status()).toBe(404);
	await expect(administrator.page.locator('body')).not.toContainText('阮青禾');
	await Promise.all([doctor.leave(), administrator.leave()]);
});

test('the interface stands in both languages and both grounds', async ({ browser }) => {
	const doctor = await arrive(browser, 'chief1', { viewport: { width: 1100, height: 800 } });
	await doctor.context.addCookies([
		{ name: 'locale', value: 'en', url: origin() },
		{ name: 'theme', value: 'dark', url: origin() }
	]);
	const registered = await send(doctor.context.request, 'patient.registry.register', { mrn: 'PAGE-2', name: '骆一川', sex: 'unknown', birthDate: null });
	await doctor.page.goto(`/patients/${(registered.body.events?.[0] as unknown as { readonly patient: string }).patient}`);
	await expect(doctor.page.getByRole('region', { name: 'Patient identity and warnings' })).toContainText('sex unknown age unknown');
	await expect(doctor.page.getByRole('region', { name: 'Allergies', exact: true })).toContainText('Nobody has asked yet');
	expect(await doctor.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
	await accessible(doctor.page);
	await doctor.leave();
});

const shared = join(root, '../shared/data/clinical');
test('the same on real tables and bundles, where they lie beside the repository', async ({ request }) => {
	let files: string[] = [];
	try {
		files = readdirSync(join(shared, 'icd'));
	} catch (error) {
		test.skip((error as NodeJS.ErrnoException).code === 'ENOENT', 'the sample data do not lie beside the repository');
		throw error;
	}
	expect(files).toContain('icd10-cn-yibao2.csv');
	test.setTimeout(180_000);
	expect(await bring('fhir', join(shared, 'fhir-r4/synthea'))).toContain('18 个已导入');
	expect(await bring('terminology', join(shared, 'icd'))).toContain('2 个已导入');
	const session = await request.post('/api/session', { data: { username: 'resident1', password: password(), kind: 'token' } });
	const { token } = (await session.json()) as { token: string };
	const took: number[] = [];
	for (const text of ['F20', '精神分裂', '糖尿病 肾', 'jsflz', 'gxy', '骨折', 'S72', '未特指', '肺', '抑郁'].flatMap((each) => [each, each, each, each])) {
		const from = performance.now();
		const answer = await request.post('/api/terminology/search', { data: { system: 'icd-10', text }, headers: { authorization: `Bearer ${token}` } });
		expect(((await answer.json()) as { concepts: unknown[] }).concepts.length).toBeGreaterThan(0);
		took.push(performance.now() - from);
	}
	took.sort((a, b) => a - b);
	const at = (share: number): number => took[Math.floor(took.length * share)] ?? Infinity;
	console.log(`code search over 33,304 rows, through HTTP: p50 ${at(0.5).toFixed(0)} ms, p95 ${at(0.95).toFixed(0)} ms`);
	// The bar on p95 is held by the benchmark and the store's own test; a browser shares this machine.
	expect(at(0.5)).toBeLessThanOrEqual(100);
});
