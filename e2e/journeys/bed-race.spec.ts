import { expect, test } from '@playwright/test';
import { arrive, PEOPLE, send } from '../actors/index.ts';
import { Board } from '../pages/board.ts';

test('two nurses reach for one bed: one gets it, the other is told by whom and when, nobody ever sees two names', async ({ browser }) => {
	const first = await arrive(browser, 'nurse1');
	const second = await arrive(browser, 'nurse2');
	const mine = new Board(first.page);
	const theirs = new Board(second.page);
	await mine.open();
	await theirs.open(new URL(first.page.url()).pathname);

	const [wanted] = await mine.free();
	const [one, other] = (await mine.taken()).filter((bed) => bed.bed > '20');
	if (wanted === undefined || one === undefined || other === undefined) throw new Error('the demo ward has no free bed or too few patients');
	await Promise.all([mine.watchFrames(), theirs.watchFrames()]);

	await mine.carry(one.bed, wanted);
	await theirs.carry(other.bed, wanted);
	await expect(mine.bed(wanted)).toHaveAttribute('data-verdict', /allowed|needs-reason|refused/);
	await Promise.all([mine.drop(), theirs.drop()]);

	// Whoever lost: the toast names the winner, the card is back in its own bed.
	const winner = await Promise.race([
		mine.page
			.locator('[data-tone="refused"]')
			.waitFor()
			.then(() => ({ board: theirs, person: PEOPLE.nurse2, loser: mine, lost: one, won: other })),
		theirs.page
			.locator('[data-tone="refused"]')
			.waitFor()
			.then(() => ({ board: mine, person: PEOPLE.nurse1, loser: theirs, lost: other, won: one }))
	]);
	const toast = winner.loser.page.locator('[data-tone="refused"]');
	await expect(toast).toContainText(winner.person);
	await expect(toast).toContainText(winner.lost.name);
	await expect(toast).toContainText(winner.lost.bed);
	await expect(toast).toContainText(/\d\d:\d\d:\d\d/);
	for (const board of [mine, theirs]) {
		await expect(board.name(wanted)).toHaveText(winner.won.name);
		await expect(board.name(winner.lost.bed)).toHaveText(winner.lost.name);
	}
	for (const board of [mine, theirs]) {
		const frames = await board.frames();
		expect(frames.faults).toEqual([]);
		expect(frames.count).toBeGreaterThan(10);
	}

	// Put back, so that the next journey finds the ward as it was; and the undo is real.
	await winner.board.page.keyboard.press('z');
	await expect(mine.name(winner.won.bed)).toHaveText(winner.won.name);
	await expect(theirs.name(winner.won.bed)).toHaveText(winner.won.name);
	await Promise.all([first.leave(), second.leave()]);
});

test('a patient whom somebody else moved while in the hand is let go, and the same drop sent twice acts once', async ({ browser }) => {
	const first = await arrive(browser, 'nurse1');
	const second = await arrive(browser, 'nurse2');
	const mine = new Board(first.page);
	await mine.open();
	await mine.watchFrames();
	const [wanted, elsewhere] = await mine.free();
	const patient = (await mine.taken()).find((bed) => bed.bed > '24');
	if (wanted === undefined || elsewhere === undefined || patient === undefined) throw new Error('the demo ward has too few free beds');

	const card = mine.bed(patient.bed);
	const input = {
		patient: ((await mine.name(patient.bed).getAttribute('href')) ?? '').split('/').at(-1),
		stay: await card.getAttribute('data-stay'),
		from: await card.getAttribute('data-bed'),
		to: await mine.bed(elsewhere).getAttribute('data-bed')
	};
	await mine.carry(patient.bed, wanted);
	const commandId = crypto
		.randomUUID()
		.replaceAll('-', '')
		.slice(0, 26)
		.padEnd(26, '0')
		.replaceAll(/[ilou]/g, '0');
	const moved = await send(second.context.request, 'inpatient.bed-assignment.transfer', input, commandId);
	expect(moved.status, JSON.stringify(moved.body)).toBe(200);
	const again = await send(second.context.request, 'inpatient.bed-assignment.transfer', input, commandId);
	expect(again).toEqual(moved);

	await expect(mine.page.locator('[data-tone="refused"]')).toContainText(PEOPLE.nurse2);
	await expect(mine.page.getByTestId('ghost')).toHaveCount(0);
	await expect(mine.page.getByTestId('announcer')).toContainText(`${PEOPLE.nurse2} 把 ${patient.name}`);
	await mine.drop();
	await expect(mine.name(elsewhere)).toHaveText(patient.name);
	await expect(mine.name(wanted)).toHaveCount(0);
	expect((await mine.frames()).faults).toEqual([]);

	const back = await send(second.context.request, 'inpatient.bed-assignment.transfer', { ...input, from: input.to, to: input.from });
	expect(back.status, JSON.stringify(back.body)).toBe(200);
	await Promise.all([first.leave(), second.leave()]);
});
