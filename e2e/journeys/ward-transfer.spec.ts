import { demoWards } from '@tongping/domain/organization';
import { demoPatient } from '@tongping/domain/patient';
import { expect, test, type Page } from '@playwright/test';
import { arrive, send } from '../actors/index.ts';
import { accessible } from '../pages/accessible.ts';
import { Board } from '../pages/board.ts';

test('a patient is sent to another ward, taken back, sent again, and received off the wristband by the keyboard alone', async ({ browser }) => {
	test.slow();
	const sender = await arrive(browser, 'nurse1');
	const chief = await arrive(browser, 'chief1');
	const male = new Board(sender.page);
	const emergency = new Board(chief.page);
	await male.open(`/wards/${demoWards.male}`);
	await emergency.open(`/wards/${demoWards.emergency}`);
	const person = demoPatient('male/28');
	const coming = chief.page.getByTestId('incoming-patient').filter({ hasText: person.name });

	// Asked for from the card, by T; the dialog says who it is by two identifiers.
	await male.bed('28').focus();
	await sender.page.keyboard.press('t');
	const request = sender.page.getByRole('dialog');
	await expect(request).toContainText(person.name);
	await expect(request).toContainText(person.mrn);
	await expect(request.getByRole('radio', { name: /女病区/ })).toBeDisabled();
	await sender.page.keyboard.press('Enter');
	await expect(request.getByRole('alert')).toContainText('原因');
	await sender.page.keyboard.type('胸痛，转急诊处理');
	await accessible(sender.page);
	await sender.page.keyboard.press('Enter');
	await expect(male.bed('28')).toContainText('待转 急诊留观');
	await expect(coming).toBeVisible();
	await expect(chief.page.getByTestId('announcer')).toContainText(person.name);
	await expect(male.name('28')).toHaveText(person.name);

	// Taken back with Z as a move is, gone from the other board at once; asked again.
	await expect(sender.page.getByRole('dialog')).toHaveCount(0);
	await sender.page.keyboard.press('z');
	await expect(coming).toHaveCount(0);
	await expect(male.bed('28')).not.toContainText('待转');
	await male.bed('28').focus();
	await sender.page.keyboard.press('t');
	await sender.page.keyboard.type('胸痛，转急诊处理');
	await sender.page.keyboard.press('Enter');
	await expect(coming).toBeVisible();

	// Received: a wrong wristband receives nobody.
	await coming.focus();
	await chief.page.keyboard.press('Enter');
	const receive = chief.page.getByRole('dialog');
	await expect(receive).toContainText(person.name);
	await expect(receive).not.toContainText(person.mrn);
	await receive.getByTestId('name-matches').check();
	await receive.getByTestId('wristband-mrn').fill('0000');
	await receive.getByTestId('confirm-receive').click();
	await expect(receive.getByTestId('not-received')).toContainText('腕带');
	await accessible(chief.page);
	await receive.getByTestId('wristband-mrn').fill(person.mrn.slice(-4));
	await receive.getByTestId('confirm-receive').dblclick();
	await expect(receive).toHaveCount(0);
	await expect(chief.page.getByTestId('waiting-patient').filter({ hasText: person.name })).toBeVisible();
	await expect(male.name('28')).toHaveCount(0);
	await expect(male.bed('28')).toContainText('清洁');

	// The chart followed: its former ward still writes its letters, the board rights are gone.
	const refused = await sender.context.request.post('/api/commands', {
		data: {
			commandId: crypto.randomUUID(),
			command: 'inpatient.ward-transfer.request',
			input: { patient: person.id, stay: person.stay, to: demoWards.male, reason: '转回' }
		},
		headers: { origin: new URL(sender.page.url()).origin }
	});
	expect(refused.status()).toBe(403);
	await Promise.all([sender.leave(), chief.leave()]);
});

test('a card is dropped on another ward, and the one who comes on a bed; a sent-back patient says why', async ({ browser }) => {
	test.slow();
	const chief = await arrive(browser, 'chief1');
	const nurse = await arrive(browser, 'nurse1');
	const mine = new Board(chief.page);
	const theirs = new Board(nurse.page);
	await mine.open(`/wards/${demoWards.emergency}`);
	await theirs.open(`/wards/${demoWards.male}`);

	// The demo hospital opens with one on the way to the male ward and one sent back by the female ward.
	const person = demoPatient('emergency/01');
	await expect(mine.bed('01')).toContainText('待转 精神科男病区');
	await expect(mine.bed('04')).toContainText('退回');
	await mine.bed('04').focus();
	await chief.page.keyboard.press(' ');
	await expect(chief.page.getByTestId('peek')).toContainText('请先完成躯体评估再转');
	await chief.page.keyboard.press('Escape');

	// Dragged from the line of those who come onto a bed; the bed is asked for in the dialog already.
	const [free] = await theirs.free();
	if (free === undefined) throw new Error('the male ward has no free bed');
	const from = await nurse.page.getByTestId('incoming-patient').filter({ hasText: person.name }).boundingBox();
	const to = await theirs.bed(free).boundingBox();
	if (from === null || to === null) throw new Error('not on the screen');
	await nurse.page.mouse.move(from.x + 30, from.y + 12);
	await nurse.page.mouse.down();
	await nurse.page.mouse.move(from.x + 40, from.y + 20, { steps: 3 });
	await nurse.page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 6 });
	await expect(theirs.bed(free)).toHaveAttribute('data-verdict', 'allowed');
	await nurse.page.mouse.up();
	const dialog = nurse.page.getByRole('dialog');
	await expect(dialog.getByTestId('confirm-receive')).toContainText(free);
	await dialog.getByTestId('name-matches').check();
	await dialog.getByTestId('wristband-mrn').fill(person.mrn);
	await dialog.getByTestId('confirm-receive').click();
	await expect(theirs.name(free)).toHaveText(person.name);
	await expect(mine.name('01')).toHaveCount(0);
	await expect(chief.page.getByTestId('announcer')).toContainText('接收');

	// Dragged from a bed onto the name of another ward.
	const card = await theirs.bed(free).boundingBox();
	if (card === null) throw new Error('not on the screen');
	await nurse.page.mouse.move(card.x + 40, card.y + 60);
	await nurse.page.mouse.down();
	await nurse.page.mouse.move(card.x + 50, card.y + 66, { steps: 3 });
	const ward = nurse.page.getByTestId('send-to').filter({ hasText: '急诊留观' });
	const box = await ward.boundingBox();
	if (box === null) throw new Error('no other ward is offered');
	await nurse.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 6 });
	await nurse.page.mouse.up();
	await expect(nurse.page.getByRole('dialog')).toContainText(`${free} 床 ${person.name} 转科`);
	await nurse.page.keyboard.press('Escape');
	await expect(nurse.page.getByRole('dialog')).toHaveCount(0);

	// Escaped in the middle: nobody was asked.
	await expect(theirs.bed(free)).not.toContainText('待转');
	await Promise.all([chief.leave(), nurse.leave()]);
});

test('the rights to the chart and to open notes follow the patient at once, and not before', async ({ browser }) => {
	const chief = await arrive(browser, 'chief1');
	const doctor = await arrive(browser, 'resident2');
	const stranger = await arrive(browser, 'nurse1');
	const person = demoPatient('emergency/03');
	const about = { patient: person.id, stay: person.stay };
	const opened = await send(chief.context.request, 'clinical-document.note.open', { ...about, type: 'daily-progress' });
	expect(opened.status, JSON.stringify(opened.body)).toBe(200);
	const note = (opened.body.events?.[0] as { readonly note?: string } | undefined)?.note ?? '';
	const reads = async (page: Page, path: string): Promise<number> => (await page.request.get(path)).status();

	// Announced: the chart may be read to prepare; the ward's notes and every write wait for the patient.
	expect(await reads(doctor.page, `/patients/${person.id}`)).toBe(200);
	expect(await reads(doctor.page, `/notes/${note}`)).toBe(404);
	expect((await send(doctor.context.request, 'clinical-record.allergy.record', { patient: person.id, statement: { status: 'none-known' } })).status).toBe(403);
	expect(await reads(stranger.page, `/patients/${person.id}`)).toBe(404);

	const board = new Board(doctor.page);
	await board.open(`/wards/${demoWards.female}`);
	await doctor.page.getByTestId('incoming-patient').filter({ hasText: person.name }).click();
	const dialog = doctor.page.getByRole('dialog');
	const [free] = await board.free();
	if (free === undefined) throw new Error('no free bed');
	await dialog.getByTestId('receive-bed').selectOption({ label: await dialog.getByRole('option', { name: new RegExp(`^${free} `) }).innerText() });
	await dialog.getByTestId('name-matches').check();
	await dialog.getByTestId('wristband-mrn').fill(person.mrn.slice(-4));
	await dialog.getByTestId('confirm-receive').click();
	await expect(board.name(free)).toHaveText(person.name);
	expect(await reads(doctor.page, `/notes/${note}`)).toBe(200);
	// What was begun over there is to be signed here: it stands in the list of the round.
	await doctor.page.goto('/notes');
	await expect(doctor.page.locator(`a[href="/notes/${note}"]`).first()).toBeVisible();
	expect(await reads(stranger.page, `/patients/${person.id}`)).toBe(404);
	await Promise.all([chief.leave(), doctor.leave(), stranger.leave()]);
});

test('the palette finds patients from any page, only those one may read, by the keyboard, and never in an address', async ({ browser }) => {
	const nurse = await arrive(browser, 'nurse1');
	const [mine, other] = [demoPatient('male/05'), demoPatient('female/01')];
	for (const path of [`/patients/${demoPatient('male/10').id}`, '/imaging']) {
		await nurse.page.goto(path);
		await nurse.page.waitForLoadState('networkidle');
		await nurse.page.keyboard.press('Control+k');
		const palette = nurse.page.getByRole('dialog');
		await expect(palette.getByRole('combobox')).toBeFocused();
		for (const text of [mine.name, mine.name.slice(0, 1), mine.mrn]) {
			await palette.getByRole('combobox').fill(text);
			await expect(palette.getByRole('option', { name: new RegExp(mine.name) })).toBeVisible();
		}
		await palette.getByRole('combobox').fill(other.name);
		await expect(palette.getByText('没有找到')).toBeVisible();
		const asked = nurse.page.waitForResponse((response) => response.url().endsWith('/api/patients'));
		await palette.getByRole('combobox').fill(mine.mrn);
		await asked;
		await expect(palette.getByRole('option').first()).toContainText(mine.name);
		await nurse.page.keyboard.press('Enter');
		await expect(nurse.page).toHaveURL(new RegExp(`/patients/${mine.id}$`));
	}
	await nurse.leave();
});
