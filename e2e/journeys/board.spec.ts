import { expect, test } from '@playwright/test';
import { arrive } from '../actors/index.ts';
import { accessible } from '../pages/accessible.ts';
import { Board } from '../pages/board.ts';

test('the keyboard alone: choose a card, hear why a bed is refused, move, undo', async ({ browser }) => {
	const nurse = await arrive(browser, 'nurse1');
	const board = new Board(nurse.page);
	await board.open();
	await board.watchFrames();
	const free = new Set(await board.free());
	const patient = (await board.taken()).find((bed) => free.has(String(Number(bed.bed) + 1).padStart(2, '0')));
	if (patient === undefined) throw new Error('no patient of the demo ward lies left of a free bed');
	const to = String(Number(patient.bed) + 1).padStart(2, '0');

	await board.bed(patient.bed).focus();
	await nurse.page.keyboard.press('m');
	await expect(nurse.page.getByTestId('announcer')).toContainText(patient.name);
	await nurse.page.keyboard.press('ArrowRight');
	await expect(nurse.page.getByTestId('announcer')).toContainText(to);
	const verdict = await board.bed(to).getAttribute('data-verdict');
	expect(verdict).not.toBeNull();
	await nurse.page.keyboard.press('Enter');
	if (verdict === 'allowed') {
		await expect(board.name(to)).toHaveText(patient.name);
		await expect(board.bed(to)).toBeFocused();
		await expect(nurse.page.locator('[data-tone="done"]')).toBeVisible();
		await nurse.page.keyboard.press('z');
	} else await expect(nurse.page.locator('[data-tone="refused"]')).toBeVisible();
	await expect(board.name(patient.bed)).toHaveText(patient.name);

	// Escape lets go, and nothing is sent.
	await board.bed(patient.bed).focus();
	await nurse.page.keyboard.press('m');
	await nurse.page.keyboard.press('ArrowDown');
	await nurse.page.keyboard.press('Escape');
	await expect(board.name(patient.bed)).toHaveText(patient.name);
	expect((await board.frames()).faults).toEqual([]);
	await nurse.leave();
});

test('filters stand in the address and survive a reload; what is typed in the search never does', async ({ browser }) => {
	const nurse = await arrive(browser, 'nurse1');
	const board = new Board(nurse.page);
	await board.open();
	await nurse.page.keyboard.press('2');
	await expect(nurse.page).toHaveURL(/[?&]f=level/);
	await nurse.page.keyboard.press('4');
	await expect(nurse.page).toHaveURL(/[?&]f=level\.risk/);
	await nurse.page.reload();
	await board.live();
	await expect(nurse.page.getByRole('button', { name: /一级及以上/ })).toHaveAttribute('aria-pressed', 'true');

	const [patient] = await board.taken();
	if (patient === undefined) throw new Error('the ward is empty');
	await nurse.page.keyboard.press('/');
	await nurse.page.keyboard.type(patient.name);
	await expect(nurse.page.getByTestId('board-search')).toHaveValue(patient.name);
	expect(decodeURIComponent(nurse.page.url())).not.toContain(patient.name);
	expect(await nurse.page.title()).not.toContain(patient.name);
	await nurse.page.keyboard.press('Escape');
	await expect(nurse.page.getByTestId('board-search')).toHaveValue('');
	await nurse.leave();
});

test('a swap names both patients and asks once; a reload in mid-drag leaves nothing half done', async ({ browser }) => {
	const nurse = await arrive(browser, 'nurse1');
	const board = new Board(nurse.page);
	await board.open();
	const [one, other] = (await board.taken()).slice(-2);
	if (one === undefined || other === undefined) throw new Error('the ward is empty');
	await board.carry(one.bed, other.bed);
	await board.drop();
	const dialog = nurse.page.getByRole('dialog');
	const toast = nurse.page.locator('[data-tone="refused"]');
	await expect(dialog.or(toast)).toBeVisible();
	if (await dialog.isVisible()) {
		await expect(dialog).toContainText(one.name);
		await expect(dialog).toContainText(other.name);
		await nurse.page.keyboard.press('Escape');
		await expect(dialog).toHaveCount(0);
	} else await expect(toast).toContainText(one.name);
	await expect(board.name(one.bed)).toHaveText(one.name);

	await board.carry(one.bed, other.bed);
	await nurse.page.reload();
	await board.live();
	await expect(board.name(one.bed)).toHaveText(one.name);
	await expect(board.name(other.bed)).toHaveText(other.name);
	await nurse.leave();
});

test('without the server the board stays readable, says since when, and takes no moves', async ({ browser }) => {
	const nurse = await arrive(browser, 'nurse1');
	const board = new Board(nurse.page);
	await board.open();
	const [patient] = await board.taken();
	if (patient === undefined) throw new Error('the ward is empty');
	await nurse.context.setOffline(true);
	await expect(nurse.page.getByTestId('connection')).toHaveAttribute('data-level', 'stale', { timeout: 10_000 });
	await expect(nurse.page.getByTestId('connection')).toContainText(/\d\d:\d\d:\d\d/);
	await expect(board.name(patient.bed)).toBeVisible();
	await board.bed(patient.bed).focus();
	await nurse.page.keyboard.press('m');
	await expect(nurse.page.locator('[data-tone="warning"]')).toContainText('恢复连接后再转床');
	await nurse.context.setOffline(false);
	await board.live();
	await nurse.leave();
});

test('by finger: a held press lifts the card, a plain swipe scrolls and moves nobody', async ({ browser }) => {
	const nurse = await arrive(browser, 'nurse1', { hasTouch: true, viewport: { width: 1024, height: 768 } });
	const board = new Board(nurse.page);
	await board.open();
	const [wanted] = await board.free();
	const patient = (await board.taken()).find((bed) => bed.bed < '08' && bed.bed !== '01');
	if (wanted === undefined || patient === undefined) throw new Error('the demo ward has no free bed');
	const finger = await nurse.context.newCDPSession(nurse.page);
	const from = await board.bed(patient.bed).boundingBox();
	const to = await board.bed(wanted).boundingBox();
	if (from === null || to === null) throw new Error('the beds are not on the screen');
	const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x: number, y: number) =>
		finger.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] });

	await touch('touchStart', from.x + 60, from.y + 60);
	await expect(nurse.page.getByTestId('ghost')).toBeVisible();
	for (const part of [0.3, 0.6, 0.9, 1]) await touch('touchMove', from.x + 60 + (to.x - from.x) * part, from.y + 60 + (to.y - from.y) * part);
	await expect(board.bed(wanted)).toHaveClass(/over/);
	await touch('touchEnd', 0, 0);
	await expect(nurse.page.locator('[data-testid="toast"]')).toBeVisible();
	if ((await nurse.page.locator('[data-tone="done"]').count()) > 0) {
		await expect(board.name(wanted)).toHaveText(patient.name);
		await nurse.page.keyboard.press('z');
	}
	await expect(board.name(patient.bed)).toHaveText(patient.name);

	await touch('touchStart', from.x + 60, from.y + 90);
	await touch('touchMove', from.x + 60, from.y + 30);
	await touch('touchEnd', 0, 0);
	await expect(nurse.page.getByTestId('ghost')).toHaveCount(0);
	await expect(board.name(patient.bed)).toHaveText(patient.name);
	await nurse.leave();
});

for (const [width, height] of [
	[1440, 900],
	[1024, 768],
	[720, 450]
] as const)
	test(`no sideways scrolling at ${String(width)} × ${String(height)}, nothing serious for axe, in both themes`, async ({ browser }) => {
		test.slow();
		const nurse = await arrive(browser, 'nurse1', { viewport: { width, height }, reducedMotion: 'reduce' });
		const board = new Board(nurse.page);
		await board.open();
		expect(await nurse.page.getByTestId('bed').count()).toBe(60);
		for (const theme of ['light', 'dark']) {
			await nurse.page.evaluate((value) => {
				document.documentElement.dataset['theme'] = value;
			}, theme);
			const wide = await nurse.page.evaluate(() =>
				[...document.querySelectorAll('*')]
					.filter((element) => element.scrollWidth > element.clientWidth + 1 && ['auto', 'scroll'].includes(getComputedStyle(element).overflowX))
					.map((element) => element.className)
			);
			expect(wide).toEqual([]);
			await accessible(nurse.page);
		}
		await nurse.leave();
	});
