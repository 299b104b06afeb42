import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { expect, test, type Page } from '@playwright/test';
import { demoPatient } from '@tongping/domain/patient';
import { concat, fileMeta } from '../../domain/src/imaging/study/dicom/write.ts';
import { smallImage } from '../../domain/src/imaging/study/fixtures.ts';
import { ctFiles, HEAD } from '../../tools/phantoms/ct.ts';
import type { PhantomStudy } from '../../tools/phantoms/person.ts';
import { arrive, type Actor } from '../actors/index.ts';

const SLICES = 6;
const ACCESSION = 'CT2611229901';
const MIDDLE = 1536 / 2;
const viewport = (page: Page) => page.getByTestId('viewport');
const index = async (page: Page): Promise<number> => Number(await viewport(page).getAttribute('data-index'));

function phantom(): readonly { readonly name: string; readonly bytes: Uint8Array }[] {
	const { mrn, name, birthDate, sex } = demoPatient('male/05');
	const study: PhantomStudy = {
		seed: 'journey/dropped-ct',
		person: { mrn, name, latin: 'Zhang^Weiming', birthDate: birthDate ?? '1985-01-01', sex: sex === 'unknown' ? 'other' : sex },
		date: '20261122',
		time: '080000',
		accession: ACCESSION,
		description: '头颅 CT(拖入)'
	};
	return [...ctFiles(study, { ...HEAD, slices: SLICES, sliceMm: 29.2 })];
}

/** Files and folders carried over the page and let go, as the window system tells the browser of it. */
async function drop(page: Page, files: readonly string[]): Promise<void> {
	const browser = await page.context().newCDPSession(page);
	const place = { x: 600, y: 500, data: { items: [], files: [...files], dragOperationsMask: 1 } };
	const send = (type: 'dragEnter' | 'dragOver' | 'drop') => browser.send('Input.dispatchDragEvent', { type, ...place });
	// A hand that is quicker than the page carries the files over it once more.
	await expect(async () => {
		await send('dragEnter');
		await send('dragOver');
		await expect(page.getByText('松开即导入')).toBeVisible({ timeout: 1_000 });
	}).toPass({ timeout: 15_000 });
	await send('drop');
	await browser.detach();
}

async function studyOf(actor: Actor, accession: string): Promise<string> {
	const row = actor.page.getByTestId('study').filter({ hasText: accession });
	await expect(async () => {
		await actor.page.goto('/imaging');
		await expect(row).toBeVisible({ timeout: 1_000 });
		await expect(row).not.toContainText('待匹配', { timeout: 1_000 });
	}).toPass({ timeout: 90_000 });
	return (await row.getAttribute('data-study')) ?? '';
}

let folder = '';
test.beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'tongping-drop-'));
});
test.afterAll(() => {
	rmSync(folder, { recursive: true, force: true });
});

test('a folder dropped on the worklist is taken in file by file, and every bad one says why', async ({ browser }) => {
	test.setTimeout(150_000);
	const yao = await arrive(browser, 'radiologist1');
	const files = phantom();
	const series = join(folder, 'PAT1', 'SER2');
	mkdirSync(series, { recursive: true });
	for (const { name, bytes } of files) writeFileSync(join(series, name), bytes);
	const whole = files[0]?.bytes ?? new Uint8Array();
	writeFileSync(join(folder, 'cut.dcm'), whole.subarray(0, whole.length - 4000));
	writeFileSync(
		join(folder, 'bomb.dcm'),
		concat([fileMeta('1.2', '1.3', '1.2.840.10008.1.2.1.99'), deflateRawSync(new Uint8Array(256 * 2 ** 20), { level: 9 })])
	);
	writeFileSync(join(folder, 'letter.txt'), '这不是图像');
	writeFileSync(join(folder, 'empty.dcm'), '');
	const odd = { study: '2.25.66001', series: '2.25.66002', patientId: 'TEMP-66' };
	// 王 in GBK under a header that says UTF-8.
	const garbled = { tag: 0x00100010, vr: 'PN', value: Uint8Array.of(0xcd, 0xf5) };
	for (const [name, bytes] of [
		['first.dcm', smallImage({ ...odd, sop: '2.25.66003' })],
		['other-bytes.dcm', smallImage({ ...odd, sop: '2.25.66003', extra: [{ tag: 0x00180050, vr: 'DS', value: '9' }] })],
		['stranger.dcm', smallImage({ ...odd, sop: '2.25.66004', patientId: 'TEMP-67' })],
		['enormous.dcm', smallImage({ ...odd, sop: '2.25.66005', rows: 65_535, columns: 65_535, pixelBytes: 512 })],
		['climbs.dcm', smallImage({ ...odd, sop: '../../../../tmp/tongping-climbed' })],
		['charset.dcm', smallImage({ study: '2.25.66010', series: '2.25.66011', sop: '2.25.66012', patientId: 'TEMP-68', extra: [garbled] })]
	] as const)
		writeFileSync(join(folder, name), bytes);

	await test.step('a folder, with progress and an answer for each file', async () => {
		await yao.page.goto('/imaging');
		await drop(yao.page, [join(folder, 'PAT1')]);
		await expect(yao.page.getByTestId('upload-row')).toHaveCount(SLICES);
		await expect(yao.page.getByTestId('upload-status')).toHaveText(`存入 ${SLICES}，原已有 0，未收 0`, { timeout: 30_000 });
		await expect(yao.page.getByTestId('study').filter({ hasText: ACCESSION })).toContainText('张伟明');
	});

	await test.step('the same files again change nothing', async () => {
		await yao.page.goto('/imaging');
		await drop(yao.page, [join(folder, 'PAT1')]);
		await expect(yao.page.getByTestId('upload-status')).toHaveText(`存入 0，原已有 ${SLICES}，未收 0`, { timeout: 30_000 });
	});

	await test.step('truncated, bomb, no image, empty: a sentence each, and the page goes on', async () => {
		await yao.page.goto('/imaging');
		await drop(
			yao.page,
			['cut.dcm', 'bomb.dcm', 'letter.txt', 'empty.dcm'].map((name) => join(folder, name))
		);
		await expect(yao.page.getByTestId('upload-status')).toHaveText('存入 0，原已有 0，未收 4', { timeout: 60_000 });
		const row = (name: string) => yao.page.getByTestId('upload-row').filter({ hasText: name });
		await expect(row('cut.dcm')).toContainText('文件不完整，后半缺失');
		await expect(row('bomb.dcm')).toContainText('未收：');
		await expect(row('bomb.dcm')).toContainText('展开');
		await expect(row('letter.txt')).toContainText('不是 DICOM 文件');
		await expect(row('empty.dcm')).toContainText('文件是空的');
		await expect(yao.page.getByTestId('study').filter({ hasText: ACCESSION })).toHaveCount(1);
	});

	await test.step('a number used twice, another patient, an impossible size, a number that climbs, letters that do not fit', async () => {
		await yao.page.goto('/imaging');
		await drop(yao.page, [join(folder, 'first.dcm')]);
		await expect(yao.page.getByTestId('upload-status')).toHaveText('存入 1，原已有 0，未收 0', { timeout: 30_000 });
		await yao.page.goto('/imaging');
		await drop(
			yao.page,
			['other-bytes', 'stranger', 'enormous', 'climbs', 'charset'].map((name) => join(folder, `${name}.dcm`))
		);
		await expect(yao.page.getByTestId('upload-status')).toHaveText('存入 1，原已有 0，未收 4', { timeout: 30_000 });
		for (const [name, words] of [
			['other-bytes', '同一编号已有内容不同的文件，原有的保持不变'],
			['stranger', '同一检查里出现了另一位患者'],
			['enormous', '像素数据比标注的短'],
			['climbs', '唯一编号格式不对'],
			['charset', '姓名编码与所写不符']
		] as const)
			await expect(yao.page.getByTestId('upload-row').filter({ hasText: `${name}.dcm` })).toContainText(words);
		expect(existsSync('/tmp/tongping-climbed')).toBe(false);
	});
	await yao.leave();
});

test('a slice that does not come says so, and the rest scrolls on', async ({ browser }) => {
	test.setTimeout(150_000);
	const yao = await arrive(browser, 'radiologist1');
	const study = await studyOf(yao, 'CT2611200118');
	await yao.page.goto(`/imaging/${study}`);
	await expect(viewport(yao.page)).toHaveAttribute('data-phase', 'ready', { timeout: 20_000 });
	await expect(yao.page.getByTestId('save')).toHaveAttribute('data-save', /saved|sealed|read-only/);
	await viewport(yao.page).focus();
	const start = await index(yao.page);
	for (let step = 0; step < 3; step++) await yao.page.keyboard.press('ArrowDown');
	await expect(viewport(yao.page)).toHaveAttribute('data-index', String(start + 3));
	const missing = (await viewport(yao.page).getAttribute('data-sop')) ?? '';

	const lost = (url: URL): boolean => url.pathname.includes(`/instances/${missing}/frames/`);
	await yao.page.route(lost, (route) => route.fulfill({ status: 404, body: '' }));
	await yao.page.reload();
	await expect(viewport(yao.page)).toHaveAttribute('data-phase', 'ready', { timeout: 20_000 });
	await viewport(yao.page).focus();
	await expect(viewport(yao.page)).toHaveAttribute('data-index', String(start));
	await test.step('the last good slice stays under a sentence that names the missing one', async () => {
		for (let step = 0; step < 3; step++) await yao.page.keyboard.press('ArrowDown');
		await expect(yao.page.getByTestId('slice-failed')).toContainText(String(start + 4));
		await expect(viewport(yao.page)).not.toHaveAttribute('data-sop', missing);
	});
	await test.step('the wheel goes on over it, to the end', async () => {
		await yao.page.keyboard.press('ArrowDown');
		await expect(viewport(yao.page)).toHaveAttribute('data-index', String(start + 4));
		await expect(yao.page.getByTestId('slice-failed')).toHaveCount(0);
		await yao.page.keyboard.press('End');
		await expect(viewport(yao.page)).toHaveAttribute('data-index', '39');
	});
	await test.step('asked again once it can be had, it comes', async () => {
		await yao.page.unroute(lost);
		for (let at = await index(yao.page); at > start + 3; at--) await yao.page.keyboard.press('ArrowUp');
		await expect(viewport(yao.page)).toHaveAttribute('data-sop', missing);
		await expect(yao.page.getByTestId('slice-failed')).toHaveCount(0);
	});
	await yao.leave();
});

test('a length on a film that only knows its detector is shown as such and not taken into the report', async ({ browser }) => {
	test.setTimeout(150_000);
	const yao = await arrive(browser, 'radiologist1');
	const study = await studyOf(yao, 'DR2611200042');
	await yao.page.goto(`/imaging/${study}`);
	await expect(viewport(yao.page)).toHaveAttribute('data-phase', 'ready', { timeout: 20_000 });
	await expect(yao.page.getByTestId('save')).toHaveAttribute('data-save', /saved|sealed|read-only/);
	await expect(yao.page.getByTestId('spacing')).toContainText('仅探测器平面');
	const box = await viewport(yao.page).boundingBox();
	if (box === null) throw new Error('the viewport has a place on the screen');
	const scale = Math.min(box.width, box.height) / (MIDDLE * 2);
	const y = box.y + box.height / 2;
	const x = (pixel: number): number => box.x + box.width / 2 + (pixel + 0.5 - MIDDLE) * scale;
	await yao.page.keyboard.press('l');
	await yao.page.mouse.move(x(500), y);
	await yao.page.mouse.down();
	await yao.page.mouse.move(x(1000), y, { steps: 6 });
	await yao.page.mouse.up();
	const length = yao.page.getByTestId('length').last();
	// 500 pixels of 0.2 mm at the detector; in the patient it is less by an unknown factor.
	await expect(length).toContainText('探测器平面');
	expect(Math.abs(parseFloat(await length.innerText()) - 100)).toBeLessThanOrEqual(1);
	await yao.page.getByTestId('accept').last().click();
	await expect(yao.page.getByText('体内实际更小，倍数未知，不能收入报告')).toBeVisible();
	await expect(yao.page.getByTestId('measurement').last()).not.toHaveAttribute('data-accepted', 'true');
	await expect(yao.page.getByTestId('quote')).toHaveCount(0);
	await yao.leave();
});
