import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoPeople } from '@tongping/domain/patient';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { arrive } from '../actors/index.ts';
import { freePort, House } from '../actors/house.ts';
import { ask, bearerOf, order, tokenOf } from '../actors/wire.ts';

/** A hospital on a small disk of its own. */
let disk = '';
let mounted = false;
const shared = process.env.TONGPING_E2E_PORT;
const LONG = { timeout: 30_000 };
let house: House | null = null;
const section = (page: Page, root: string): Locator => page.locator(`[data-root="${root}"]`);
const state = (page: Page, kind: string): Locator => page.locator(`article.doc:not(.nursing) [data-save="${kind}"]`);

test.beforeAll(async () => {
	disk = mkdtempSync(join(tmpdir(), 'tongping-small-disk-'));
	mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=600m', 'tmpfs', disk]).status === 0;
	test.skip(!mounted, 'no small disk can be mounted here');
	const port = await freePort();
	process.env.TONGPING_E2E_PORT = String(port);
	house = new House(port, join(disk, 'data'));
	await house.start();
});
test.afterAll(() => {
	house?.kill();
	if (shared !== undefined) process.env.TONGPING_E2E_PORT = shared;
	if (mounted) spawnSync('umount', ['-l', disk]);
	rmSync(disk, { recursive: true, force: true });
});

/** Everything but four megabytes. */
function fill(): void {
	const file = openSync(join(disk, 'filler'), 'w');
	const block = Buffer.alloc(1 << 20);
	for (let { bavail, bsize } = statfsSync(disk); bavail * bsize > 5 << 20; { bavail, bsize } = statfsSync(disk)) writeSync(file, block);
	closeSync(file);
}

test('the disk is full: the writer is told in words, readers read on and newcomers come in, commands are refused; with room again all goes on by itself', async ({
	browser
}) => {
	test.setTimeout(180_000);
	const person = demoPeople.filter((one) => one.ward === 'male' && one.bed !== null).at(-4)!;
	const opened = await order(await tokenOf('resident1'), 'clinical-document.note.open', { patient: person.id, stay: person.stay, type: 'daily-progress' });
	const note = (JSON.parse(opened.text) as { events: { note: string }[] }).events[0]?.note ?? '';
	const [resident, attending, admin] = [await arrive(browser, 'resident1'), await arrive(browser, 'attending1'), await arrive(browser, 'admin1')];
	for (const { page } of [resident, attending]) {
		await page.goto(`/notes/${note}`);
		await expect(state(page, 'saved')).toBeVisible(LONG);
	}
	await admin.page.goto('/admin');
	const write = async (words: string): Promise<void> => {
		await section(resident.page, 'subjective').click();
		await resident.page.keyboard.press('Control+End');
		await resident.page.keyboard.type(words);
	};
	await write('满之前。');
	await expect(section(attending.page, 'subjective')).toContainText('满之前。');

	fill();
	await write('满之后写的。');
	await expect(state(resident.page, 'full')).toContainText('服务器磁盘已满', LONG);
	await expect(state(resident.page, 'full')).toContainText('没有保存');
	await expect(section(resident.page, 'subjective')).toContainText('满之前。满之后写的。');
	await expect(section(attending.page, 'subjective')).not.toContainText('满之后');
	await expect(state(attending.page, 'saved')).toBeVisible();
	await test.step('who comes now reads, and the look is in the audit', async () => {
		const late = await arrive(browser, 'chief1');
		await late.page.goto(`/notes/${note}`);
		await expect(section(late.page, 'subjective')).toContainText('满之前。', LONG);
		await expect(section(late.page, 'subjective')).not.toContainText('满之后');
		await late.leave();
	});
	await test.step('a command is refused with the sentence', async () => {
		const refused = await order(await tokenOf('resident1'), 'clinical-document.note.open', { patient: person.id, stay: person.stay, type: 'daily-progress' });
		expect(refused.status).toBe(503);
		expect(refused.text).toContain('storage-full');
		expect(refused.text).toContain('磁盘已满');
	});
	await test.step('the administrator sees the alarm, the scraper the number', async () => {
		await expect(admin.page.locator('[data-testid="alarm"][data-kind="storage"].open')).toContainText('腾出空间', LONG);
		const { text } = await ask('GET', '/metrics', { headers: bearerOf(await tokenOf('admin1')) });
		expect(text).toMatch(/^tongping_trouble\{kind="disk-full"\} 1$/mu);
		expect(text).toMatch(/^tongping_storage_writable 0$/mu);
	});

	rmSync(join(disk, 'filler'));
	await expect(state(resident.page, 'saved')).toBeVisible(LONG);
	await expect(section(attending.page, 'subjective')).toContainText('满之前。满之后写的。', LONG);
	await expect(resident.page.locator('article.doc:not(.nursing)').getByRole('alert')).toHaveCount(0);
	for (const actor of [resident, attending, admin]) await actor.leave();
});
