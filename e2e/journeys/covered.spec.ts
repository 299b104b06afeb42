import { demoPeople } from '@tongping/domain/patient';
import { expect, test, type Page } from '@playwright/test';
import { arrive, origin, password, PEOPLE, signIn } from '../actors/index.ts';
import { accessible } from '../pages/accessible.ts';
import { openNote, section, write } from '../pages/note.ts';
import { tokenOf } from '../actors/wire.ts';

const inBed = demoPeople.filter((one) => one.ward === 'male' && one.bed !== null);
const cover = (page: Page) => page.getByTestId('sign-in-again');
/** What somebody who walks by can read, on the screen or on the paper they print. */
async function readable(page: Page): Promise<string> {
	const seen: string[] = [];
	for (const media of ['print', 'screen'] as const) {
		await page.emulateMedia({ media });
		seen.push(await page.locator('body').innerText());
	}
	return seen.join('\n');
}

test('the session ends in another tab: board, patient and note are covered at once, an open dialog too, and come back for their own person only', async ({
	browser
}) => {
	test.setTimeout(120_000);
	const person = inBed.at(-13)!;
	const note = await openNote(await tokenOf('resident1'), -13);
	const resident = await arrive(browser, 'resident1');
	const [board, chart, round, studies] = [resident.page, ...(await Promise.all([1, 2, 3].map(() => resident.context.newPage())))] as [Page, Page, Page, Page];
	await board.goto('/');
	await expect(board.getByTestId('bed').first()).toBeVisible();
	await chart.goto(`/patients/${person.id}`);
	await expect(chart.locator('main')).toContainText(person.name);
	// The page hears keys once it is alive.
	await expect(async () => {
		await chart.keyboard.press('Control+k');
		await expect(chart.getByRole('dialog')).toBeVisible({ timeout: 1000 });
	}).toPass();
	await round.goto(`/notes/${note}`);
	await write(round, 'subjective', '只给本人看的一句。');
	const place = round.url();
	await studies.goto('/imaging');
	await expect(studies.getByTestId('study').first()).toBeVisible();
	const secrets = [...inBed.map(({ name }) => name), '只给本人看'];
	const pages = [board, chart, round, studies];
	expect((await readable(round)).includes('只给本人看')).toBe(true);

	await test.step('signed out by hand in a fifth tab', async () => {
		const other = await resident.context.newPage();
		await other.goto('/');
		await other.getByRole('button', { name: resident.name }).click();
		await other.getByRole('menuitem', { name: '退出登录' }).click();
		await expect(other).toHaveURL(/\/sign-in/u);
		for (const page of pages) await expect(cover(page)).toBeVisible({ timeout: 3000 });
		await other.close();
	});
	await test.step('nothing of it is seen, printed, reached by the keyboard or closed by Esc', async () => {
		for (const page of pages) {
			await page.bringToFront();
			for (const key of ['Escape', 'Escape', 'Escape']) await page.keyboard.press(key);
			// Beside the form, where the page itself would hear it.
			await page.mouse.click(5, 5);
			for (const key of ['Control+k', 'Alt+ArrowDown']) await page.keyboard.press(key);
			await expect(cover(page)).toBeVisible();
			const text = await readable(page);
			for (const words of secrets) expect(text).not.toContain(words);
			for (let n = 0; n < 12; n++) {
				await page.keyboard.press('Tab');
				expect(await page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest('dialog.cover') !== null)).toBe(true);
			}
			await accessible(page);
		}
		await expect(section(round, 'subjective')).toHaveText('只给本人看的一句。');
	});
	await test.step('somebody else signs in: the pages of the first stay covered, and a click left over changes nothing', async () => {
		await signIn(resident.context, 'nurse1');
		await board.waitForTimeout(3500);
		for (const page of pages) await expect(cover(page)).toBeVisible();
		const late = await resident.context.request.post('/api/commands', {
			headers: { origin: origin(), 'x-page-of': 'resident1' },
			data: { commandId: 'left-behind-1', command: 'inpatient.bed.add-extra', input: {} }
		});
		expect(late.status()).toBe(401);
		expect(await late.text()).toContain('page-of-another');
		await cover(board).getByLabel('工号').fill('nurse1');
		await cover(board).getByLabel('密码').fill(password());
		await cover(board).getByRole('button', { name: '重新登录' }).click();
		await expect(cover(board).getByRole('alert')).toContainText(PEOPLE.resident1);
	});
	await test.step('the person of the pages signs in on one: all open, and the note is live again', async () => {
		await cover(round).getByLabel('工号').fill('resident1');
		await cover(round).getByLabel('密码').fill(password());
		await cover(round).getByRole('button', { name: '重新登录' }).click();
		for (const page of pages) await expect(cover(page)).toBeHidden({ timeout: 8000 });
		await expect(round).toHaveURL(place);
		await expect(board.getByRole('dialog')).toHaveCount(0);
		await write(round, 'subjective', '接着写。');
		const attending = await arrive(browser, 'attending1');
		await attending.page.goto(`/notes/${note}`);
		await expect(section(attending.page, 'subjective')).toContainText('只给本人看的一句。接着写。');
		await attending.leave();
		await expect(board.getByTestId('connection')).toHaveAttribute('data-level', 'live', { timeout: 20_000 });
	});
	await resident.leave();
});

test('a lock covers before the server has answered, lets no key through, keeps what a dialog holds, and one password opens every tab', async ({ browser }) => {
	test.setTimeout(90_000);
	const admin = await arrive(browser, 'admin1');
	const users = admin.page;
	const desk = await admin.context.newPage();
	const health = await admin.context.newPage();
	const locked = (page: Page) => page.getByRole('dialog', { name: '屏幕已锁定' });
	const palette = (page: Page) => page.getByRole('dialog').getByRole('combobox');
	await users.goto('/admin/users');
	const asked = users.getByRole('dialog').getByLabel('您的密码');
	await expect(async () => {
		await users.locator('[data-account="nurse2"]').getByRole('button', { name: '重置密码' }).click();
		await expect(asked).toBeVisible({ timeout: 1000 });
	}).toPass();
	await asked.fill('写了一半');
	await desk.goto('/admin');
	await health.goto('/admin');
	await expect(async () => {
		await health.keyboard.press('Control+k');
		await expect(palette(health)).toBeVisible({ timeout: 1000 });
	}).toPass();
	await health.keyboard.press('Escape');
	await expect(palette(health)).toHaveCount(0);

	let answered = false;
	await desk.route('**/api/session/lock', async (route) => {
		await new Promise((resolve) => setTimeout(resolve, 4000));
		answered = true;
		await route.continue();
	});
	await desk.getByRole('button', { name: admin.name }).click();
	await desk.getByRole('menuitem', { name: '锁定' }).click();
	await expect(locked(desk)).toBeVisible({ timeout: 2000 });
	expect(answered).toBe(false);

	for (const page of [users, health]) {
		await expect(locked(page)).toBeVisible({ timeout: 10_000 });
		await page.bringToFront();
		await page.keyboard.press('Escape');
		await page.mouse.click(5, 5);
		await page.keyboard.press('Control+k');
		await expect(locked(page)).toBeVisible();
	}
	await test.step('a word on the channel of the tabs opens nothing while the server holds the lock', async () => {
		await users.evaluate(() => {
			new BroadcastChannel('tongping:seen').postMessage('unlocked');
		});
		await health.waitForTimeout(1500);
		for (const page of [desk, users, health]) await expect(locked(page)).toBeVisible();
	});
	// With the mouse, on the page whose dialog lies beneath.
	await users.bringToFront();
	await locked(users).getByLabel('密码').click();
	await users.keyboard.type('not this one');
	await locked(users).getByRole('button', { name: '解锁' }).click();
	await expect(locked(users).getByRole('alert')).toBeVisible();
	await locked(desk).getByLabel('密码').fill(password());
	await locked(desk).getByRole('button', { name: '解锁' }).click();
	for (const page of [desk, users, health]) await expect(locked(page)).toBeHidden({ timeout: 15_000 });
	await expect(asked).toHaveValue('写了一半');
	await expect(palette(health)).toHaveCount(0);

	await test.step('this journey finds a cover without its guard: the page beneath hears its keys', async () => {
		await health.bringToFront();
		await health.evaluate(() => {
			const bare = document.createElement('dialog');
			bare.id = 'bare';
			document.body.append(bare);
			bare.showModal();
		});
		await health.keyboard.press('Control+k');
		await health.evaluate(() => {
			document.querySelector('#bare')?.remove();
		});
		await expect(palette(health)).toBeVisible();
	});
	await admin.leave();
});
