import { demoPerson, demoWards } from '@tongping/domain/organization';
import { demoPatient } from '@tongping/domain/patient';
import { expect, test } from '@playwright/test';
import { arrive, PEOPLE, send } from '../actors/index.ts';
import { accessible } from '../pages/accessible.ts';
import { Board } from '../pages/board.ts';

const person = demoPatient('male/10');
const about = { patient: person.id, stay: person.stay };

test('the nurse changes who answers for a patient: seen on another screen, on the card, in the peek and on the patient page', async ({ browser }) => {
	test.slow();
	const nurse = await arrive(browser, 'nurse1');
	const doctor = await arrive(browser, 'chief1');
	const mine = new Board(nurse.page);
	const theirs = new Board(doctor.page);
	await mine.open(`/wards/${demoWards.male}`);
	await theirs.open(`/wards/${demoWards.male}`);
	const reader = await doctor.context.newPage();
	await reader.goto(`/patients/${person.id}`);
	const before = await mine
		.bed('10')
		.getByTitle(/主治 \/ 责任护士/u)
		.getAttribute('title');

	const open = async () => {
		await mine.bed('10').focus();
		await nurse.page.keyboard.press('.');
		await nurse.page.getByRole('menuitem', { name: '责任医护' }).click();
		const dialog = nurse.page.getByRole('dialog');
		await expect(dialog).toContainText(person.name);
		return dialog;
	};
	let dialog = await open();
	// People of this ward only, in the posts they fit.
	const names = (post: string) => dialog.getByTestId(`team-${post}`).locator('option').allTextContents();
	expect(await names('attending')).toEqual(expect.arrayContaining(['陈书遥', '陆远', '罗景行']));
	expect(await names('attending')).not.toContain('孙清');
	expect(await names('nurse')).toEqual(expect.arrayContaining(['王思齐', '赵文博', '李秀兰']));
	expect(await names('nurse')).not.toContain('高斌');
	await accessible(nurse.page);

	await dialog.getByTestId('team-attending').selectOption({ label: before?.includes('陆远') === true ? '陈书遥' : '陆远' });
	await dialog.getByTestId('team-nurse').selectOption({ label: '李秀兰' });
	await dialog.getByRole('button', { name: '保存' }).click();
	await expect(dialog).toBeHidden();
	await expect(nurse.page.locator('[data-tone="done"]')).toContainText(person.name);

	const attending = before?.includes('陆远') === true ? '陈书遥' : '陆远';
	const card = theirs.bed('10').getByTitle(/主治 \/ 责任护士/u);
	await expect(card).toHaveAttribute('title', new RegExp(`${attending} / 李秀兰`, 'u'));
	await theirs.bed('10').focus();
	await doctor.page.keyboard.press('Space');
	await expect(doctor.page.getByTestId('peek')).toContainText(attending);
	await expect(doctor.page.getByTestId('peek')).toContainText('李秀兰');
	// The patient page was open all the while, in another tab.
	await expect(reader.getByTestId('team')).toContainText(`主治 ${attending}`);
	await expect(reader.getByTestId('team')).toContainText('责护 李秀兰');

	// Esc leaves, and nothing is sent.
	dialog = await open();
	await dialog.getByTestId('team-nurse').selectOption({ label: '赵文博' });
	await nurse.page.keyboard.press('Escape');
	await expect(dialog).toBeHidden();
	await expect(card).toHaveAttribute('title', /李秀兰/u);
	await Promise.all([nurse.leave(), doctor.leave()]);
});

test('who answers is not for other wards, other posts, nor for those who do not treat', async ({ browser }) => {
	const set = (user: string | null, post = 'nurse') => ({ ...about, post, user });
	for (const account of ['resident2', 'pharmacist1', 'radiologist1', 'admin1'] as const) {
		const stranger = await arrive(browser, account);
		expect((await send(stranger.context.request, 'inpatient.stay.set-responsible', set(demoPerson('nurse2').id))).status, account).toBe(403);
		await stranger.leave();
	}
	const nurse = await arrive(browser, 'nurse1');
	// A nurse of another ward, a doctor as nurse, somebody else's patient in the same breath.
	for (const [user, post] of [
		['nurse-gb', 'nurse'],
		['resident1', 'nurse'],
		['nurse1', 'attending']
	] as const) {
		const refused = await send(nurse.context.request, 'inpatient.stay.set-responsible', set(demoPerson(user).id, post));
		expect(refused.status).toBe(409);
		expect(JSON.stringify(refused.body)).toContain('not-of-this-post');
	}
	const mixed = await send(nurse.context.request, 'inpatient.stay.set-responsible', { ...set(null), patient: demoPatient('male/05').id });
	expect(JSON.stringify(mixed.body)).toContain('patient-mismatch');
	await nurse.leave();
});

test('a ward that receives somebody has its own people to choose from', async ({ browser }) => {
	const chief = await arrive(browser, 'chief1');
	const board = new Board(chief.page);
	await board.open(`/wards/${demoWards.emergency}`);
	await board.bed((await board.taken())[0]?.bed ?? '01').focus();
	await chief.page.keyboard.press('.');
	await chief.page.getByRole('menuitem', { name: '责任医护' }).click();
	const dialog = chief.page.getByRole('dialog');
	const names = async (post: string) => (await dialog.getByTestId(`team-${post}`).locator('option').allTextContents()).slice(1);
	expect(await names('nurse')).toEqual(expect.arrayContaining(['高斌', '马晓燕', '徐岚']));
	expect(await names('resident')).toContain('方惠');
	expect(await names('attending')).toEqual(expect.arrayContaining(['孙清', PEOPLE.chief1]));
	await chief.leave();
});
