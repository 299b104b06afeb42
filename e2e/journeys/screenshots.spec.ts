import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { arrive, origin, send } from '../actors/index.ts';
import { Board } from '../pages/board.ts';

/** The pictures of the README: invented people and computed images only. `TONGPING_SCREENSHOTS=docs/screenshots` renews them. */
test('the pages of the tour can be pictured', async ({ browser }, info) => {
	test.setTimeout(180_000);
	const folder = process.env.TONGPING_SCREENSHOTS ?? info.outputDir;
	mkdirSync(folder, { recursive: true });
	const shot = (name: string): string => join(folder, `${name}.png`);

	const resident = await arrive(browser, 'resident1');
	const board = new Board(resident.page);
	await board.open();
	const stay = await board.bed('01').getAttribute('data-stay');
	await resident.page.screenshot({ path: shot('board') });

	const answer = await resident.context.request.post('/api/patients', { data: { text: '01' }, headers: { origin: origin() } });
	const { patients } = (await answer.json()) as { readonly patients: readonly { readonly patient: string; readonly bed: string | null }[] };
	const patient = patients.find(({ bed }) => bed === '01')?.patient;
	if (patient === undefined || stay === null) throw new Error('nobody lies in bed 01 of the demo ward');
	await resident.page.goto(`/patients/${patient}`);
	await expect(resident.page.locator('canvas').first()).toBeVisible();
	await resident.page.screenshot({ path: shot('patient') });

	await send(resident.context.request, 'clinical-document.note.open', { patient, stay, type: 'daily-progress' });
	await resident.page.goto(`/patients/${patient}/round`);
	const text = resident.page.locator('.ProseMirror[contenteditable="true"]').first();
	await expect(text).toBeVisible({ timeout: 20_000 });
	await text.click();
	await resident.page.keyboard.type('夜间睡眠约 4 小时，定向力较昨日好转，能正确说出时间与地点。');
	await resident.page.waitForTimeout(1500);
	await resident.page.screenshot({ path: shot('round') });
	await resident.leave();

	const radiologist = await arrive(browser, 'radiologist1');
	const study = radiologist.page.getByTestId('study').filter({ hasText: 'CT2611210031' });
	await expect(async () => {
		await radiologist.page.goto('/imaging');
		await expect(study).toBeVisible({ timeout: 2000 });
	}).toPass({ timeout: 90_000 });
	await radiologist.page.goto(`/imaging/${(await study.getAttribute('data-study')) ?? ''}`);
	await expect(radiologist.page.getByTestId('viewport')).toHaveAttribute('data-phase', 'ready', { timeout: 30_000 });
	await radiologist.page.waitForTimeout(1500);
	await radiologist.page.screenshot({ path: shot('reading') });
	await radiologist.leave();
});
