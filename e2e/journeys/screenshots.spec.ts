import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { arrive, origin } from '../actors/index.ts';
import { Board } from '../pages/board.ts';

/** The pictures of the README: invented people and computed images only. `TONGPING_SCREENSHOTS=docs/screenshots` renews them. */
test('the pages of the tour can be pictured', async ({ browser }, info) => {
	const folder = process.env.TONGPING_SCREENSHOTS ?? info.outputDir;
	mkdirSync(folder, { recursive: true });
	const shot = (name: string): string => join(folder, `${name}.png`);

	const nurse = await arrive(browser, 'nurse1');
	await new Board(nurse.page).open();
	await nurse.page.screenshot({ path: shot('board') });
	await nurse.leave();

	const doctor = await arrive(browser, 'attending1');
	const answer = await doctor.context.request.post('/api/patients', { data: { text: '01' }, headers: { origin: origin() } });
	const { patients } = (await answer.json()) as {
		readonly patients: readonly { readonly patient: string; readonly bed: string | null; readonly ward: string | null }[];
	};
	const patient = patients.find(({ bed, ward }) => bed === '01' && ward === '精神科男病区')?.patient;
	if (patient === undefined) throw new Error('nobody lies in bed 01 of the demo ward');
	await doctor.page.goto(`/patients/${patient}`);
	await expect(doctor.page.locator('canvas').first()).toBeVisible();
	await doctor.page.screenshot({ path: shot('patient') });
	await doctor.page.goto(`/patients/${patient}/round`);
	await expect(doctor.page.locator('.ProseMirror').first()).toBeVisible({ timeout: 20_000 });
	await doctor.page.screenshot({ path: shot('round') });
	await doctor.leave();

	const radiologist = await arrive(browser, 'radiologist1');
	await radiologist.page.goto('/imaging');
	const study = radiologist.page.locator('a[href^="/imaging/"]').first();
	await expect(study).toBeVisible({ timeout: 30_000 });
	await radiologist.page.goto((await study.getAttribute('href')) ?? '/imaging');
	await expect(radiologist.page.locator('canvas').first()).toBeVisible({ timeout: 30_000 });
	await radiologist.page.waitForTimeout(4000);
	await radiologist.page.screenshot({ path: shot('reading') });
	await radiologist.leave();
});
