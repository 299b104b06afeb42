import { expect, test, type Page } from '@playwright/test';
import { arrive, origin, password, send, type Actor } from '../actors/index.ts';

// The demo head: a bleeding of exactly 40.0 mm around (-34, 22, 75) mm, 140 slices of 1.25 mm, pixels of 0.46875 mm.
const PIXEL = 0.46875;
const MIDDLE = { slice: 60, x: 255.5 - 34 / PIXEL, y: 255.5 + 22 / PIXEL };
const RADIUS = 20 / PIXEL;

const viewport = (page: Page) => page.getByTestId('viewport');
const shown = async (page: Page, name: string): Promise<number> => Number(await viewport(page).getAttribute(`data-${name}`));

async function openStudy(actor: Actor, study: string): Promise<void> {
	await actor.page.goto(`/imaging/${study}`);
	await expect(viewport(actor.page)).toHaveAttribute('data-phase', 'ready', { timeout: 20_000 });
	await expect(actor.page.getByTestId('save')).toHaveAttribute('data-save', /saved|sealed|read-only/);
}

/** The study of an accession number, once the demo's pictures have all arrived and are matched: that happens a little after the first start. */
async function studyOf(actor: Actor, accession: string, matched = true): Promise<string> {
	const row = actor.page.getByTestId('study').filter({ hasText: accession });
	await expect(async () => {
		await actor.page.goto('/imaging');
		// The demo's last picture, and this one.
		await expect(actor.page.getByTestId('study').filter({ hasText: 'DR2611210009' })).toBeVisible({ timeout: 1_000 });
		await expect(row).toBeVisible({ timeout: 1_000 });
		if (matched) await expect(row).not.toContainText('待匹配', { timeout: 1_000 });
	}).toPass({ timeout: 90_000 });
	return (await row.getAttribute('data-study')) ?? '';
}

/** Where a pixel of the picture stands on the screen while the whole picture fits the window. */
async function onScreen(page: Page, x: number, y: number): Promise<[number, number]> {
	const box = await viewport(page).boundingBox();
	if (box === null) throw new Error('the viewport has a place on the screen');
	const scale = Math.min(box.width, box.height) / 512;
	return [box.x + box.width / 2 + (x + 0.5 - 256) * scale, box.y + box.height / 2 + (y + 0.5 - 256) * scale];
}

async function drawAcross(page: Page): Promise<void> {
	await page.keyboard.press('l');
	const [x1, y] = await onScreen(page, MIDDLE.x - RADIUS, MIDDLE.y);
	const [x2] = await onScreen(page, MIDDLE.x + RADIUS, MIDDLE.y);
	await page.mouse.move(x1, y);
	await page.mouse.down();
	await page.mouse.move((x1 + x2) / 2, y, { steps: 4 });
	await page.mouse.move(x2, y, { steps: 4 });
	await page.mouse.up();
}

async function sign(page: Page, button: 'submit-report' | 'review-report'): Promise<void> {
	await page.getByTestId(button).click();
	const dialog = page.getByTestId('sign-dialog');
	await dialog.locator('input[name=password]').fill(password());
	await dialog.locator('button[type=submit]').click();
	await expect(dialog).toHaveCount(0);
}

test('two radiologists read together, and it ends in a reviewed report', async ({ browser }) => {
	test.setTimeout(240_000);
	const yao = await arrive(browser, 'radiologist1');
	const qin = await arrive(browser, 'radiologist2');
	const study = await studyOf(yao, 'CT2611210031');
	await openStudy(yao, study);

	await test.step('the picture says whose it is, how it lies and what a pixel is worth', async () => {
		await expect(yao.page.getByTestId('identity')).toHaveAttribute('data-state', 'agrees');
		await expect(yao.page.getByTestId('side-left')).toHaveText('右');
		await expect(yao.page.getByTestId('spacing')).toContainText('0.469 mm');
		await expect(yao.page.getByTestId('spacing')).toContainText('体内定标');
	});

	await test.step('who comes late sees what the presenter sees', async () => {
		await yao.page.getByTestId('take-lead').click();
		await viewport(yao.page).focus();
		const steps = MIDDLE.slice - (await shown(yao.page, 'index'));
		for (let step = 0; step < Math.abs(steps); step++) await yao.page.keyboard.press(steps < 0 ? 'ArrowUp' : 'ArrowDown');
		await expect(viewport(yao.page)).toHaveAttribute('data-index', String(MIDDLE.slice));
		await yao.page.keyboard.press('2');
		await openStudy(qin, study);
		await expect(viewport(qin.page)).toHaveAttribute('data-mode', 'follow');
		await expect(viewport(qin.page)).toHaveAttribute('data-index', String(MIDDLE.slice));
		await expect(viewport(qin.page)).toHaveAttribute('data-upper', '1500');
	});

	await test.step('slice, window and pointer are followed', async () => {
		await yao.page.keyboard.press('1');
		await expect(viewport(qin.page)).toHaveAttribute('data-lower', '0');
		await expect(viewport(qin.page)).toHaveAttribute('data-upper', '80');
		await yao.page.keyboard.press('ArrowDown');
		await expect(viewport(qin.page)).toHaveAttribute('data-index', String(MIDDLE.slice + 1));
		await yao.page.keyboard.press('ArrowUp');
		await yao.page.keyboard.press('x');
		await yao.page.mouse.move(...(await onScreen(yao.page, MIDDLE.x, MIDDLE.y)));
		await expect(qin.page.getByTestId('pointer')).toContainText(yao.name);
	});

	await test.step('own scrolling sets a follower free, a button brings her back', async () => {
		await viewport(qin.page).hover();
		await qin.page.mouse.wheel(0, 100);
		await expect(viewport(qin.page)).toHaveAttribute('data-mode', 'free');
		await qin.page.getByTestId('resume').click();
		await expect(viewport(qin.page)).toHaveAttribute('data-index', String(MIDDLE.slice));
	});

	await test.step('the bleeding measures 40.0 mm, give or take a pixel, and both see it', async () => {
		await drawAcross(yao.page);
		for (const { page } of [yao, qin]) {
			await expect(page.getByTestId('length')).toHaveText(/mm$/);
			expect(Math.abs(parseFloat(await page.getByTestId('length').innerText()) - 40)).toBeLessThanOrEqual(PIXEL + 0.05);
		}
	});

	await test.step('accepting it puts a reference into the report, not a typed number', async () => {
		await yao.page.getByTestId('section-findings').locator('.tiptap').click();
		await yao.page.keyboard.type('右侧基底节区见高密度影，最大径 ');
		await yao.page.getByTestId('accept').click();
		await expect(yao.page.getByTestId('measurement')).toHaveAttribute('data-accepted', 'true');
		const value = await yao.page.getByTestId('length').innerText();
		await expect(yao.page.getByTestId('section-findings').getByTestId('quote')).toHaveText(value);
		await expect(qin.page.getByTestId('section-findings').getByTestId('quote')).toHaveText(value);
	});

	await test.step('both write in the report', async () => {
		await qin.page.getByTestId('section-impression').locator('.tiptap').click();
		await qin.page.keyboard.type('脑出血，');
		await expect(yao.page.getByTestId('section-impression')).toContainText('脑出血，');
		await yao.page.getByTestId('section-impression').locator('.tiptap').click();
		await yao.page.keyboard.press('Control+End');
		await yao.page.keyboard.type('建议六小时内复查。');
		await expect(qin.page.getByTestId('section-impression')).toContainText('建议六小时内复查。');
	});

	await test.step('the author signs: preliminary, seen by the other at once', async () => {
		await expect(yao.page.getByTestId('save')).toHaveAttribute('data-save', 'saved');
		await expect(qin.page.getByTestId('save')).toHaveAttribute('data-save', 'saved');
		await sign(yao.page, 'submit-report');
		await expect(yao.page.getByTestId('report-status')).toHaveText('初步');
		await expect(qin.page.getByTestId('report-status')).toHaveText('初步');
		await expect(yao.page.getByTestId('review-report')).toHaveCount(0);
	});

	await test.step('another person reviews it, and it is sealed for both', async () => {
		await sign(qin.page, 'review-report');
		await expect(qin.page.getByTestId('report-status')).toHaveText('已审核');
		await expect(yao.page.getByTestId('report-status')).toHaveText('已审核');
		await expect(yao.page.getByTestId('section-findings').locator('.tiptap')).toHaveAttribute('contenteditable', 'false');
		await expect(qin.page.getByTestId('versions').getByRole('listitem')).toHaveCount(2);
	});

	await yao.leave();
	await qin.leave();
});

test('who wrote a report cannot review it', async ({ browser }) => {
	test.setTimeout(150_000);
	const qin = await arrive(browser, 'radiologist2');
	const study = await studyOf(qin, 'DR2611200042');
	await openStudy(qin, study);
	await test.step('a detector does not know the size in the patient: the length is shown as such and not taken over', async () => {
		await expect(qin.page.getByTestId('spacing')).toContainText('体内');
	});
	await qin.page.getByTestId('section-findings').locator('.tiptap').click();
	await qin.page.keyboard.type('双肺纹理清晰。');
	await qin.page.getByTestId('section-impression').locator('.tiptap').click();
	await qin.page.keyboard.type('心肺未见异常。');
	await expect(qin.page.getByTestId('save')).toHaveAttribute('data-save', 'saved');
	await sign(qin.page, 'submit-report');
	await expect(qin.page.getByTestId('report-status')).toHaveText('初步');
	await expect(qin.page.getByTestId('review-report')).toHaveCount(0);

	const { request } = qin.context;
	await request.post('/api/session/step-up', { data: { password: password() }, headers: { origin: origin() } });
	const patient = await qin.page.getByTestId('report').getAttribute('data-patient');
	const report = await qin.page.getByTestId('report').getAttribute('data-report');
	const refused = await send(request, 'imaging.report.review', { study, patient, report, hash: '0'.repeat(64) });
	expect(refused.status).toBe(409);
	expect(refused.body.refusal?.code).toBe('same-person');
	await qin.leave();
});

test('a picture of nobody known waits, and is never matched by name alone', async ({ browser }) => {
	test.setTimeout(150_000);
	const yao = await arrive(browser, 'radiologist1');
	await studyOf(yao, 'DR2611210009', false);
	const row = yao.page.getByTestId('study').filter({ hasText: 'DR2611210009' });
	await expect(row).toContainText('待匹配');
	await row.getByTestId('match').click();
	const dialog = yao.page.getByTestId('match-dialog');
	await dialog.getByTestId('match-search').fill('ZY26');
	await dialog.getByTestId('candidate').first().click();
	await expect(dialog.getByTestId('match-confirm')).toBeDisabled();
	await yao.page.keyboard.press('Escape');
	await row.getByRole('link').click();
	await expect(yao.page.getByTestId('report-blocked')).toBeVisible();
	await expect(yao.page.getByTestId('submit-report')).toHaveCount(0);
	await yao.leave();
});
