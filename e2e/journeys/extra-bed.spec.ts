import { demoWards, fixtureId } from '@tongping/domain/organization';
import { expect, test } from '@playwright/test';
import { arrive, PEOPLE, send } from '../actors/index.ts';
import { accessible } from '../pages/accessible.ts';
import { Board } from '../pages/board.ts';

const room = (name: string): string => fixtureId<'room'>(`room/male/${name}`);

test('the head nurse adds a bed, a nurse elsewhere lays a patient in it, it goes when it is empty, and Z brings it back', async ({ browser }) => {
	test.slow();
	const head = await arrive(browser, 'headnurse1');
	const nurse = await arrive(browser, 'nurse1');
	const mine = new Board(head.page);
	const theirs = new Board(nurse.page);
	await mine.open(`/wards/${demoWards.male}`);
	await theirs.open(`/wards/${demoWards.male}`);
	const heard = nurse.page.getByTestId('announcer');

	// From the head of the board, room by room; by the keyboard alone.
	await head.page.getByTestId('extra-beds').focus();
	await head.page.keyboard.press('Enter');
	await expect(head.page.getByRole('menuitem', { name: '202 室加床' })).toBeVisible();
	await accessible(head.page);
	await head.page.getByRole('menuitem', { name: '202 室加床' }).focus();
	await head.page.keyboard.press('Enter');
	await expect(mine.bed('加1')).toBeVisible();
	await expect(theirs.bed('加1')).toBeVisible();
	await expect(heard).toContainText(`${PEOPLE.headnurse1} 加了 加1 床`);
	await expect(nurse.page.getByTestId('counts')).toContainText(/1\s*加床/u);
	await expect(head.page.locator('[data-tone="done"]')).toContainText('202 室加床');
	expect(await head.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);

	// Another room, from the menu of a card; the number goes on.
	await mine.bed('14').focus();
	await head.page.keyboard.press('.');
	await head.page.getByRole('menuitem', { name: '204 室加床' }).click();
	await expect(theirs.bed('加2')).toBeVisible();

	// The other nurse moves somebody into it; now it stays, and the menu says nothing of taking it away.
	const patient = await theirs.name('05').textContent();
	await theirs.carry('05', '加1');
	await theirs.drop();
	await expect(mine.name('加1')).toHaveText(patient ?? '');
	const bed = await mine.bed('加1').getAttribute('data-bed');
	const refused = await send(head.context.request, 'inpatient.bed.remove-extra', { bed });
	expect(refused.status).toBe(409);
	expect(JSON.stringify(refused.body)).toContain(PEOPLE.nurse1);
	expect(JSON.stringify(refused.body)).not.toContain(patient ?? '?');
	await nurse.page.keyboard.press('z');
	await expect(mine.name('05')).toHaveText(patient ?? '');

	// A nurse reads why not.
	await theirs.bed('加1').focus();
	await nurse.page.keyboard.press('.');
	const entry = nurse.page.getByRole('menuitem', { name: /撤除 加1 床/u });
	await expect(entry).toContainText('护士长');
	await expect(entry).toHaveAttribute('aria-disabled', 'true');
	await nurse.page.keyboard.press('Escape');
	expect((await send(nurse.context.request, 'inpatient.bed.add-extra', { ward: demoWards.male, room: room('203') })).status).toBe(403);

	// Held over it by the other nurse while it is taken away: the card goes home, nothing is sent.
	await theirs.carry('05', '加1');
	await mine.bed('加1').focus();
	await head.page.keyboard.press('.');
	await head.page.getByRole('menuitem', { name: /撤除 加1 床/u }).click();
	await expect(theirs.bed('加1')).toHaveCount(0);
	await theirs.drop();
	await expect(theirs.name('05')).toHaveText(patient ?? '');
	await expect(heard).toContainText('加1 床已撤除');

	// The keyboard is not thrown back to the top of the page; Z brings a bed back under the same number.
	await expect(head.page.locator('[data-testid="bed"]:focus')).toHaveCount(1);
	await head.page.keyboard.press('z');
	await expect(theirs.bed('加1')).toBeVisible();
	for (const number of ['加1', '加2']) {
		await mine.bed(number).focus();
		await head.page.keyboard.press('.');
		await head.page.getByRole('menuitem', { name: `撤除 ${number} 床` }).click();
		await expect(theirs.bed(number)).toHaveCount(0);
	}
	await Promise.all([head.leave(), nurse.leave()]);
});

test('by finger on a tablet: the room is chosen from the menu of a card, and a room for one says why not', async ({ browser }) => {
	const head = await arrive(browser, 'headnurse1', { hasTouch: true, viewport: { width: 1024, height: 768 } });
	const board = new Board(head.page);
	await board.open(`/wards/${demoWards.male}`);
	await board.bed('01').getByRole('button').tap();
	await head.page.getByRole('menuitem', { name: '201 室加床' }).tap();
	await expect(board.bed('加1')).toBeVisible();
	expect(await head.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
	await board.bed('加1').getByRole('button').tap();
	await head.page.getByRole('menuitem', { name: /撤除 加1 床/u }).tap();
	await expect(board.bed('加1')).toHaveCount(0);
	await head.leave();
});

test('the administrator adds beds through the interface without reading who lies in any', async ({ browser }) => {
	const admin = await arrive(browser, 'admin1');
	const added = await send(admin.context.request, 'inpatient.bed.add-extra', { ward: demoWards.male, room: room('203') });
	expect(added.status, JSON.stringify(added.body)).toBe(200);
	const { bed } = added.body.events?.[0] as unknown as { readonly bed: string };
	expect((await send(admin.context.request, 'inpatient.bed.remove-extra', { bed })).status).toBe(200);
	expect((await send(admin.context.request, 'inpatient.bed.remove-extra', { bed })).status).toBe(409);
	expect((await admin.page.goto(`/wards/${demoWards.male}`))?.status()).toBeGreaterThanOrEqual(403);
	await admin.leave();
});
