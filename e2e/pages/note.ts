import { demoPeople } from '@tongping/domain/patient';
import { expect, type Locator, type Page } from '@playwright/test';
import { password, type Actor } from '../actors/index.ts';
import { order } from '../actors/wire.ts';

/** The doctors' note as a person writes in it; the nurses' record beside it is another document. */
export const doctors = (page: Page): Locator => page.locator('article.doc:not(.nursing)');
export const section = (page: Page, root: string): Locator => page.locator(`[data-root="${root}"]`);
/** What the note says of itself: `saved`, `saving`, `offline`, `signed-out`, … */
export const state = (page: Page, kind: string): Locator => doctors(page).locator(`[data-save="${kind}"]`);
export const saved = (page: Page): Locator => state(page, 'saved');

export async function write(page: Page, root: string, words: string): Promise<void> {
	await section(page, root).click();
	await page.keyboard.press('Control+End');
	await page.keyboard.type(words);
	await expect(section(page, root)).toContainText(words.slice(-6));
}

export async function sign(actor: Actor, button: string): Promise<void> {
	await expect(saved(actor.page)).toBeVisible();
	await doctors(actor.page).getByRole('button', { name: button, exact: true }).click();
	const dialog = actor.page.getByRole('dialog');
	await dialog.getByLabel(/登录密码/u).fill(password());
	await dialog.getByRole('button', { name: button, exact: true }).click();
	await expect(dialog).toBeHidden();
}

/** A note to write in, of the men's ward's `nth` patient in a bed; each journey takes one whom the others leave alone. */
export async function openNote(token: string, nth: number): Promise<string> {
	const person = demoPeople.filter((one) => one.ward === 'male' && one.bed !== null).at(nth);
	if (person === undefined) throw new Error('the demo ward has too few patients');
	const reply = await order(token, 'clinical-document.note.open', { patient: person.id, stay: person.stay, type: 'daily-progress' });
	expect(reply.status, reply.text).toBe(200);
	return (JSON.parse(reply.text) as { events: { note: string }[] }).events[0]?.note ?? '';
}
