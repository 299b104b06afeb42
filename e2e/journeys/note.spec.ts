import { expect, test, type Page } from '@playwright/test';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { arrive, origin, token } from '../actors/index.ts';
import { accessible } from '../pages/accessible.ts';
import { doctors, saved, section, sign, write } from '../pages/note.ts';

/** The journeys are told on two patients of the men's ward, found as a doctor finds them. */
async function bed(page: Page, number: string): Promise<string> {
	await page.goto('/');
	const link = page.locator(`a[href*="/patients/"]`).first();
	await link.waitFor({ state: 'attached' });
	const href = (await link.getAttribute('href')) ?? '';
	await page.goto(`${href.split('?')[0]?.replace(/\/round$/u, '')}/round`);
	const stop = page.locator('.rl a', { hasText: number }).first();
	return (await stop.getAttribute('href')) ?? '';
}
/** A stock y-websocket client with a session: what an attacker or a foreign program brings. */
async function stock(session: string, note: string): Promise<{ doc: Y.Doc; provider: WebsocketProvider }> {
	class WithSession extends WebSocket {
		constructor(url: string) {
			super(url, { headers: { authorization: `Bearer ${session}`, origin: origin() } });
		}
	}
	const doc = new Y.Doc();
	const provider = new WebsocketProvider(`${origin().replace('http', 'ws')}/sync`, `note/${note}`, doc, {
		WebSocketPolyfill: WithSession as never,
		disableBc: true,
		params: { v: '1' }
	});
	await new Promise<void>((resolve) =>
		provider.on('sync', (synced: boolean) => {
			if (synced) resolve();
		})
	);
	return { doc, provider };
}
const words = (doc: Y.Doc, root: string): string =>
	doc
		.getXmlFragment(root)
		.toJSON()
		.replace(/<[^>]+>/gu, '');

test('two doctors write one note, lose the network, sign in order, and nothing of it can be changed any more', async ({ browser, request }) => {
	test.setTimeout(180_000);
	let opened = '';
	const resident = await arrive(browser, 'resident1');
	const attending = await arrive(browser, 'attending1');
	const nurse = await arrive(browser, 'nurse1');
	const round = await bed(resident.page, '05');

	await test.step('the resident opens today’s note and both write; each sees the other', async () => {
		await resident.page.goto(round);
		await resident.page.getByRole('button', { name: '开始日常病程记录' }).click();
		await expect(saved(resident.page)).toBeVisible();
		await attending.page.goto(round);
		await expect(saved(attending.page)).toBeVisible();
		await write(resident.page, 'subjective', '昨夜睡眠约 6 小时，否认自伤想法。');
		await expect(section(attending.page, 'subjective')).toContainText('否认自伤想法');
		await write(attending.page, 'assessment', '症状较前缓解，考虑继续原量观察。');
		await expect(section(resident.page, 'assessment').locator('.caret')).toContainText('陈书遥');
		await expect(doctors(resident.page).locator('[data-section="assessment"] header')).toContainText('陈书遥');
	});

	await test.step('a value of the record becomes a chip by the slash menu', async () => {
		await section(resident.page, 'objective').click();
		await resident.page.keyboard.type('生命体征 /体温');
		await expect(resident.page.getByRole('option', { name: /体温/u })).toBeVisible();
		await resident.page.keyboard.press('Enter');
		await expect(section(attending.page, 'objective').locator('.lc')).toContainText('℃');
	});

	await test.step('undo takes back one’s own words only', async () => {
		await write(resident.page, 'plan', '继续防冲动');
		await write(attending.page, 'plan', '、防外走');
		await section(resident.page, 'plan').click();
		await resident.page.waitForTimeout(600);
		await write(resident.page, 'plan', '。多余的话');
		await resident.page.keyboard.press('Control+z');
		await expect(section(attending.page, 'plan')).not.toContainText('多余的话');
		await expect(section(attending.page, 'plan')).toContainText('、防外走');
	});

	await test.step('offline words wait, say so, survive a reload, and arrive', async () => {
		await resident.context.setOffline(true);
		await write(resident.page, 'subjective', '离线时写的一句。');
		await expect(doctors(resident.page).locator('[data-save="offline"]')).toBeVisible();
		await write(attending.page, 'assessment', '同时在线写的一句。');
		await resident.context.setOffline(false);
		await expect(section(attending.page, 'subjective')).toContainText('离线时写的一句。');
		await expect(section(resident.page, 'assessment')).toContainText('同时在线写的一句。');
		await expect(saved(resident.page)).toBeVisible();
		await resident.page.reload();
		await expect(section(resident.page, 'subjective')).toContainText('离线时写的一句。');
		await expect(saved(resident.page)).toBeVisible();
	});

	await test.step('Ctrl+S answers instead of saving; the page is accessible', async () => {
		await section(resident.page, 'subjective').click();
		await resident.page.keyboard.type('好。');
		await expect(saved(resident.page)).toBeVisible();
		await resident.page.keyboard.press('Control+s');
		await expect(resident.page.getByText(/已保存 \d\d:\d\d:\d\d，内容随写随存/u)).toBeVisible();
		await accessible(resident.page);
	});

	await test.step('the nurse reads the doctors’ note and writes her own document', async () => {
		await nurse.page.goto(round);
		await expect(section(nurse.page, 'subjective')).toContainText('否认自伤想法');
		await expect(section(nurse.page, 'subjective')).toHaveAttribute('contenteditable', 'false');
		await nurse.page.getByRole('button', { name: '开始护理记录' }).click();
		await write(nurse.page, 'observation', '夜间巡视 8 次，约 23:40 入睡。');
		await expect(section(resident.page, 'observation')).toContainText('夜间巡视 8 次');
		await expect(section(resident.page, 'observation')).toHaveAttribute('contenteditable', 'false');
	});

	await test.step('a stock client of the nurse writes nothing into the doctors’ sections', async () => {
		opened = (await doctors(nurse.page).getAttribute('data-note')) ?? '';
		const { doc, provider } = await stock(await token(request, 'nurse1'), opened);
		const forged = new Y.XmlElement('paragraph');
		doc.getXmlFragment('plan').insert(0, [forged]);
		forged.insert(0, [new Y.XmlText('冒名的医嘱')]);
		await nurse.page.waitForTimeout(700);
		provider.destroy();
		for (const { page } of [resident, attending, nurse]) await expect(section(page, 'plan')).not.toContainText('冒名');
	});

	await test.step('the resident signs version 1 and can write no longer', async () => {
		await sign(resident, '签名');
		await expect(section(resident.page, 'plan')).toHaveAttribute('contenteditable', 'false');
		await expect(doctors(resident.page).locator('.sign')).toContainText(/住院医师 \d\d:\d\d 已签/u);
	});

	await test.step('the attending revises with a visible trace and seals', async () => {
		await expect(doctors(attending.page).locator('.sign')).toContainText('李晨');
		await section(attending.page, 'plan').click();
		await attending.page.keyboard.press('Control+Home');
		await expect(section(attending.page, 'plan')).toBeFocused();
		// As fast as a held key: each press strikes a letter of its own.
		for (const key of ['Delete', 'Delete']) await attending.page.keyboard.press(key);
		await attending.page.keyboard.type('加强');
		await attending.page.keyboard.press('Control+End');
		for (const key of ['Backspace', 'Backspace', 'Backspace']) await attending.page.keyboard.press(key);
		await expect(section(attending.page, 'plan').locator('del')).toHaveText(['继续', '防外走']);
		await expect(section(resident.page, 'plan').locator('del')).toContainText(['继续', '防外走']);
		await expect(section(resident.page, 'plan').locator('ins')).toHaveText('加强');
		await expect(section(resident.page, 'plan').locator('.by').first()).toContainText('陈书遥 主治医师');
		await sign(attending, '审签');
		for (const { page } of [resident, attending]) await expect(doctors(page).getByText('已全部签名，只能补记')).toBeVisible();
		await expect(section(attending.page, 'plan')).toHaveAttribute('contenteditable', 'false');
	});

	const note = opened;
	await test.step('stock clients change nothing, not even the attending’s', async () => {
		for (const account of ['attending1', 'nurse1'] as const) {
			const { doc, provider } = await stock(await token(request, account), note);
			expect(words(doc, 'plan')).toContain('加强');
			doc.getXmlFragment('plan').delete(0, 1);
			await resident.page.waitForTimeout(500);
			provider.destroy();
		}
		await expect(section(resident.page, 'plan')).toContainText('加强');
		const { doc, provider } = await stock(await token(request, 'chief1'), note);
		expect(words(doc, 'plan')).toContain('加强');
		provider.destroy();
	});

	await test.step('the print names the signers and the missing certificate, as page and as PDF', async () => {
		await resident.page.goto(`/notes/${note}/print`);
		const paper = resident.page.locator('.paperprint');
		await expect(paper).toContainText('住院医师 李晨 签名');
		await expect(paper).toContainText('主治医师 陈书遥 签名');
		await expect(paper).toContainText('未附电子签名认证（CA）');
		await expect(paper.locator('del')).toHaveText(['继续', '防外走']);
		await accessible(resident.page);
		const pdf = await resident.context.request.get(`/notes/${note}/pdf`);
		expect(pdf.headers()['content-type']).toBe('application/pdf');
		expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
	});
	for (const actor of [resident, attending, nurse]) await actor.leave();
});

test('words typed offline while the note was signed come back as a proposed addendum', async ({ browser }) => {
	test.setTimeout(120_000);
	const resident = await arrive(browser, 'resident1');
	// The same resident at another workstation, cut off while the first one signs.
	const second = await arrive(browser, 'resident1');
	const round = await bed(resident.page, '06');
	await resident.page.goto(round);
	await resident.page.getByRole('button', { name: '开始日常病程记录' }).click();
	for (const root of ['subjective', 'objective', 'assessment', 'plan']) await write(resident.page, root, '查房所见。');
	await second.page.goto(round);
	await expect(section(second.page, 'plan')).toContainText('查房所见');
	await second.context.setOffline(true);
	await write(second.page, 'plan', '凌晨两点曾要求打电话给家人');
	await sign(resident, '签名');
	await second.context.setOffline(false);
	const offer = second.page.getByRole('alert').filter({ hasText: '没有并入' });
	await expect(offer).toContainText('凌晨两点曾要求打电话给家人');
	await expect(section(second.page, 'plan')).not.toContainText('凌晨两点');
	await expect(section(resident.page, 'plan')).not.toContainText('凌晨两点');
	await offer.getByRole('button', { name: '提交为补记' }).click();
	await expect(resident.page.getByRole('region', { name: '补记' })).toContainText('凌晨两点曾要求打电话给家人');
	await resident.leave();
	await second.leave();
});
