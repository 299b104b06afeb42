import { expect, test, type Locator } from '@playwright/test';
import { demoPatient } from '@tongping/domain/patient';
import { arrive, send, type Actor } from '../actors/index.ts';
import { accessible } from '../pages/accessible.ts';
import { doctors, saved, section, sign, write } from '../pages/note.ts';

const round = (key: string): string => `/patients/${demoPatient(key).id}/round`;

async function begin(actor: Actor, key: string): Promise<void> {
	await actor.page.goto(round(key));
	await actor.page.getByRole('button', { name: '开始日常病程记录' }).click();
	await expect(saved(actor.page)).toBeVisible();
}

test('a doctor of another department is asked, writes only their part, and nobody else writes it', async ({ browser }) => {
	test.setTimeout(120_000);
	const attending = await arrive(browser, 'attending1');
	const resident = await arrive(browser, 'resident1');
	// 许知远 works in the women's ward only; this patient lies in the men's.
	const consultant = await arrive(browser, 'resident2');
	const patient = demoPatient('male/10');
	await consultant.page.goto('/notes');
	await expect(consultant.page.getByRole('cell', { name: patient.mrn })).toHaveCount(0);
	expect((await consultant.page.request.get(round('male/10'))).status()).toBe(404);

	await test.step('asked from the note, by keyboard, with department, person and reason', async () => {
		await begin(attending, 'male/10');
		await section(attending.page, 'plan').click();
		await attending.page.keyboard.press('Alt+i');
		const dialog = attending.page.getByRole('dialog');
		await expect(dialog.getByRole('radio')).not.toHaveCount(0);
		await expect(dialog.getByText('李晨')).toHaveCount(0);
		await dialog.getByTestId('invite-find').fill('女病区');
		await expect(dialog.getByRole('radio', { name: /许知远/u })).toBeVisible();
		await dialog.getByTestId('invite-find').press('Tab');
		await attending.page.keyboard.press('Space');
		await expect(dialog.getByRole('radio').first()).toBeChecked();
		await dialog.getByRole('radio', { name: /许知远/u }).check();
		await accessible(attending.page);
		await dialog.getByTestId('invite-reason').fill('兴奋躁动控制不佳，请指导用药');
		await attending.page.keyboard.press('Enter');
		await expect(dialog).toBeHidden();
		await expect(attending.page.getByTestId('consultants')).toContainText('许知远');
		await expect(attending.page.getByTestId('consultants')).toContainText('请指导用药');
	});

	await test.step('it appears in the list of the one who was asked, with its clock, without a reload', async () => {
		const row = consultant.page.getByTestId('asked').getByRole('row').filter({ hasText: patient.mrn });
		await expect(row).toContainText('请指导用药');
		await expect(row).toContainText('陈书遥');
		await expect(row).toContainText(/剩 2 天|剩 47 时/u);
		await row.getByRole('link').click();
		await expect(saved(consultant.page)).toBeVisible();
		await expect(consultant.page.getByRole('status').filter({ hasText: '请您会诊' })).toContainText('陈书遥');
		await expect(consultant.page.locator('.rl a')).toHaveCount(1);
		await accessible(consultant.page);
	});

	await test.step('the consultant writes their part and reads the rest', async () => {
		await expect(section(consultant.page, 'consult')).toHaveAttribute('contenteditable', 'true');
		for (const root of ['subjective', 'objective', 'assessment', 'plan', 'pharmacy'])
			await expect(section(consultant.page, root)).toHaveAttribute('contenteditable', 'false');
		await write(consultant.page, 'consult', '建议碳酸锂加量，监测血药浓度。');
		await expect(section(attending.page, 'consult')).toContainText('监测血药浓度');
	});

	await test.step('the resident of the ward reads it and cannot write it', async () => {
		await resident.page.goto(round('male/10'));
		await expect(section(resident.page, 'consult')).toContainText('监测血药浓度');
		await expect(section(resident.page, 'consult')).toHaveAttribute('contenteditable', 'false');
		await section(resident.page, 'consult').click({ force: true });
		await resident.page.keyboard.type('冒名的意见');
		await expect(section(attending.page, 'consult')).not.toContainText('冒名');
	});

	await test.step('the chart of this patient is open to the consultant, as long as the question is; other notes and other patients are not', async () => {
		await consultant.page.goto(`/patients/${patient.id}`);
		await expect(consultant.page.getByText(patient.mrn).first()).toBeVisible();
		// The round of this patient is the note that asks, and no list of the ward.
		await consultant.page.goto(round('male/10'));
		await expect(section(consultant.page, 'consult')).toContainText('监测血药浓度');
		await expect(consultant.page.locator('.rl a')).toHaveCount(1);
		await expect(consultant.page.locator('article.nursing')).toHaveCount(0);
		expect((await consultant.page.request.get(`/patients/${demoPatient('male/11').id}`)).status()).toBe(404);
		expect((await consultant.page.request.get(round('male/11'))).status()).toBe(404);
	});
	await test.step('a new result reaches the consultant’s open note', async () => {
		const answer = await send(attending.page.request, 'clinical-record.observation.record', {
			patient: patient.id,
			values: [{ code: '8310-5', value: 38.4, unit: 'Cel' }]
		});
		expect(answer.status).toBe(200);
		await expect(consultant.page.locator('aside.right')).toContainText('38.4');
		await consultant.page.goto('/notes');
		await expect(consultant.page.getByTestId('asked').getByRole('row').filter({ hasText: patient.mrn })).toContainText('已写');
	});
	for (const actor of [attending, resident, consultant]) await actor.leave();
});

test('the page tells what is owed and by when, and the clock follows the condition', async ({ browser }) => {
	const resident = await arrive(browser, 'resident1');
	const nurse = await arrive(browser, 'nurse1');
	await test.step('a patient of five hours owes the first note in three', async () => {
		await resident.page.goto(round('male/13'));
		const owed = resident.page.getByTestId('owed');
		await expect(owed.locator('[data-due="first-progress"]')).toHaveText(/剩 [23] 时 \d+ 分/u);
		await expect(owed).toContainText('入院 8 小时内');
		await expect(owed.locator('[data-due="attending-round"]')).toHaveAttribute('data-due-state', 'later');
	});
	await test.step('the critically ill owes a note every day; the list says the nearest of each', async () => {
		await resident.page.goto(round('male/01'));
		await expect(resident.page.getByTestId('owed')).toContainText('病危，每天至少 1 次');
		await expect(resident.page.locator('.rl li.on [data-due]')).toHaveCount(1);
		await nurse.page.goto(round('male/01'));
		await expect(nurse.page.locator('.rl li.on [data-due]')).toHaveAttribute('data-due', 'nursing-record');
	});
	await test.step('the note itself carries its clock until somebody signs it', async () => {
		await begin(resident, 'male/01');
		await expect(doctors(resident.page).locator('header [data-due="daily-progress"]')).toBeVisible();
	});
	await resident.leave();
	await nurse.leave();
});

test('a paragraph split or joined after the signature stays visible, and one’s own split goes without a trace', async ({ browser }) => {
	test.setTimeout(150_000);
	const resident = await arrive(browser, 'resident1');
	const attending = await arrive(browser, 'attending1');
	await begin(resident, 'male/22');
	for (const root of ['subjective', 'objective', 'assessment']) await write(resident.page, root, '查房所见无变化。');
	await section(resident.page, 'plan').click();
	await resident.page.keyboard.type('继续原量。防冲动。');
	await resident.page.keyboard.press('Enter');
	await resident.page.keyboard.type('明日复查血钾。');
	await sign(resident, '签名');
	await attending.page.goto(round('male/22'));
	const plan = (actor: Actor): Locator => section(actor.page, 'plan');
	const marks = (actor: Actor, kind: 'ins' | 'del'): Locator => plan(actor).locator(`.pilcrow ${kind}`);
	await expect(plan(attending)).toHaveAttribute('contenteditable', 'true');

	await test.step('a new paragraph carries ¶ with name and time for everybody', async () => {
		await plan(attending).click();
		await attending.page.keyboard.press('Control+Home');
		for (let i = 0; i < 5; i++) await attending.page.keyboard.press('ArrowRight');
		await attending.page.keyboard.press('Enter');
		await expect(plan(attending).locator('p')).toHaveCount(3);
		await expect(marks(resident, 'ins')).toHaveText('¶');
		await expect(plan(resident).locator('.pilcrow .by')).toContainText('陈书遥 主治医师');
	});
	await test.step('taken back by the same hand it leaves nothing', async () => {
		await attending.page.keyboard.press('Backspace');
		await expect(plan(attending).locator('p')).toHaveCount(2);
		await expect(plan(resident).locator('.pilcrow')).toHaveCount(0);
		await expect(plan(resident).locator('p').first()).toContainText('防冲动。');
		await attending.page.keyboard.press('Enter');
		await expect(marks(resident, 'ins')).toHaveCount(1);
	});
	await test.step('a signed break is struck, not removed; the clean view runs the lines together', async () => {
		await attending.page.keyboard.press('Control+End');
		await attending.page.keyboard.press('Home');
		await attending.page.keyboard.press('Backspace');
		await expect(plan(attending).locator('p')).toHaveCount(3);
		await expect(marks(resident, 'del')).toHaveText('¶');
		await resident.page
			.getByRole('radio', { name: '清稿' })
			.or(resident.page.getByRole('button', { name: '清稿' }))
			.first()
			.click();
		await expect(plan(resident).locator('.pilcrow').first()).toBeHidden();
		await expect(plan(resident).locator('p').last()).toHaveCSS('display', 'inline');
	});
	await test.step('undo and redo of the attending go through the same trace', async () => {
		await attending.page.keyboard.press('Control+z');
		await expect(marks(attending, 'del')).toHaveCount(0);
		await attending.page.keyboard.press('Control+Shift+z');
		await expect(marks(attending, 'del')).toHaveCount(1);
	});
	await test.step('the signed version knows its trace is whole, and paper shows it', async () => {
		await sign(attending, '审签');
		await expect(attending.page.getByText('未留痕')).toHaveCount(0);
		const note = (await doctors(attending.page).getAttribute('data-note')) ?? '';
		await attending.page.goto(`/notes/${note}/print?view=traced`);
		const paper = attending.page.locator('.paperprint');
		await expect(paper.locator('ins', { hasText: '¶' })).toHaveCount(1);
		await expect(paper.locator('del', { hasText: '¶' })).toHaveCount(1);
		await attending.page.goto(`/notes/${note}/print?view=clean`);
		await expect(paper).not.toContainText('¶');
		await expect(paper.locator('p').filter({ hasText: '防冲动。明日复查血钾。' })).toHaveCount(1);
		expect((await attending.context.request.get(`/notes/${note}/pdf?view=traced`)).ok()).toBe(true);
	});
	await resident.leave();
	await attending.leave();
});

test('who wrote what, and the note as it stood at a moment, by keyboard', async ({ browser }) => {
	test.setTimeout(120_000);
	const resident = await arrive(browser, 'resident1');
	const attending = await arrive(browser, 'attending1');
	await begin(resident, 'male/24');
	for (const root of ['subjective', 'objective', 'assessment', 'plan']) await write(resident.page, root, '住院医师写的话。');
	await sign(resident, '签名');
	await attending.page.goto(round('male/24'));
	await expect(section(attending.page, 'plan')).toHaveAttribute('contenteditable', 'true');
	await write(attending.page, 'plan', '上级补充。');
	// Striking the same words twice changes nothing.
	await expect(async () => {
		await section(attending.page, 'plan').press('Control+Home');
		for (let i = 0; i < 4; i++) await attending.page.keyboard.press('Shift+ArrowRight');
		await attending.page.keyboard.press('Delete');
		await expect(section(attending.page, 'plan').locator('del').first()).toHaveText('住院医师', { timeout: 1_000 });
	}).toPass({ timeout: 15_000 });
	await expect(saved(attending.page)).toBeVisible();
	const { page } = attending;
	const history = page.getByTestId('history');
	const plan = history.locator('[data-history="plan"]');

	await test.step('each stretch names its author, struck words stay struck', async () => {
		await page.keyboard.press('Alt+h');
		await expect(history).toHaveAttribute('data-state', 'shown');
		await expect(plan.locator('del')).toHaveText('住院医师');
		await expect(plan.getByRole('button', { name: /^李晨/u }).first()).toBeVisible();
		await plan.getByRole('button', { name: /^陈书遥/u }).focus();
		await expect(page.getByTestId('history-said')).toContainText('陈书遥');
		await expect(page.getByTestId('history-said')).toContainText(/\d\d:\d\d/u);
		await expect(history.locator('[contenteditable="true"]')).toHaveCount(0);
		await expect(doctors(page).getByRole('button', { name: '审签', exact: true })).toHaveCount(0);
		await accessible(page);
	});
	await test.step('the slider goes back before the attending wrote, and forth again', async () => {
		const slider = history.getByRole('slider');
		await slider.press('Home');
		await expect(plan).not.toContainText('上级补充。');
		await expect(plan.locator('del')).toHaveCount(0);
		await history.getByRole('button', { name: '第 1 版签名时' }).click();
		await expect(plan).toContainText('住院医师写的话。');
		await expect(plan).not.toContainText('上级补充。');
		await slider.press('End');
		await expect(plan).toContainText('上级补充。');
	});
	await test.step('Escape leads back to the words, which take typing again', async () => {
		await page.keyboard.press('Escape');
		await expect(history).toHaveCount(0);
		await expect(page.getByTestId('who-wrote').first()).toBeFocused();
		await write(page, 'plan', '又写。');
		await expect(section(resident.page, 'plan')).toContainText('又写。');
	});
	await resident.leave();
	await attending.leave();
});
