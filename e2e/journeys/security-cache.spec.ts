import { demoWards } from '@tongping/domain/organization';
import { demoPatient } from '@tongping/domain/patient';
import { expect, test, type Page } from '@playwright/test';
import { smallImage } from '../../domain/src/imaging/study/fixtures.ts';
import { arrive, signIn, token } from '../actors/index.ts';
import { ask, order } from '../actors/wire.ts';

const SLICES = { A: 6, B: 4 } as const;
type Name = keyof typeof SLICES;
const uidOf = (name: Name): string => `2.25.5200${name === 'A' ? 1 : 2}`;

/** A study of two series, in the hands of radiology. */
async function twoSeries(bearer: string): Promise<string> {
	const files = (Object.keys(SLICES) as Name[]).flatMap((name) =>
		Array.from({ length: SLICES[name] }, (_, at) =>
			smallImage({ patientId: 'TEMP-52', study: '2.25.52000', series: uidOf(name), sop: `${uidOf(name)}.${at + 1}`, number: at + 1, rows: 64, columns: 64 })
		)
	);
	const parts = files.flatMap((file) => [Buffer.from('--b0undary\r\nContent-Type: application/dicom\r\n\r\n'), file, Buffer.from('\r\n')]);
	const reply = await ask('POST', '/dicomweb/studies', {
		headers: {
			authorization: `Bearer ${bearer}`,
			'content-type': 'multipart/related; type="application/dicom"; boundary=b0undary',
			accept: 'application/json'
		},
		body: Buffer.concat([...parts, Buffer.from('--b0undary--\r\n')])
	});
	expect(reply.status, reply.text.slice(0, 300)).toBe(200);
	return (JSON.parse(reply.text) as { studies: string[] }).studies[0] ?? '';
}

/** Which of these the browser can show without asking anybody: what lies in its cache, on disk or in memory. */
const keptOf = (page: Page, addresses: readonly string[]): Promise<string[]> =>
	page.evaluate(async (all) => {
		const kept: string[] = [];
		for (const address of all) {
			const answer = await fetch(address, { cache: 'only-if-cached', mode: 'same-origin' }).catch(() => null);
			if (answer?.ok) kept.push(address);
		}
		return kept;
	}, addresses);

const isOurCode = (address: string): boolean => new URL(address).pathname.startsWith('/_app/immutable/');
const isClinical = (address: string): boolean => !isOurCode(address) && new URL(address).pathname !== '/favicon.svg';
/** Every address this page asks for with GET, as often as it asks. */
function watched(page: Page): string[] {
	const asked: string[] = [];
	page.on('request', (request) => {
		if (request.method() === 'GET' && /^https?:/u.test(request.url())) asked.push(request.url());
	});
	return asked;
}

test('a reading asks for each picture once, and its browser keeps none of them for whoever signs in next', async ({ browser, request }) => {
	test.setTimeout(120_000);
	const study = await twoSeries(await token(request, 'radiologist1'));
	const yao = await arrive(browser, 'radiologist1');
	const { page } = yao;
	const asked = watched(page);
	const viewport = page.getByTestId('viewport');
	const series = page.getByTestId('series');
	const through = async (name: Name): Promise<void> => {
		await expect(viewport).toHaveAttribute('data-phase', 'ready');
		await viewport.focus();
		await page.keyboard.press('Home');
		await expect(viewport).toHaveAttribute('data-index', '0');
		for (let at = 1; at < SLICES[name]; at++) await page.keyboard.press('ArrowDown');
		await expect(viewport).toHaveAttribute('data-index', String(SLICES[name] - 1));
		await page.keyboard.press('Home');
		await expect(viewport).toHaveAttribute('data-index', '0');
	};
	await test.step('through both series, back to the first, and along the thumbnails', async () => {
		await page.goto('/imaging');
		await page.goto(`/imaging/${study}`);
		await expect(series).toHaveCount(2);
		await through('A');
		await series.nth(1).click();
		await expect(series.nth(1)).toHaveAttribute('aria-pressed', 'true');
		await through('B');
		for (const index of [0, 1, 0]) {
			await series.nth(index).click();
			await expect(series.nth(index)).toHaveAttribute('aria-pressed', 'true');
			await through(index === 0 ? 'A' : 'B');
		}
		for (const index of [0, 1])
			await expect
				.poll(() =>
					series
						.nth(index)
						.locator('img')
						.evaluate((image) => (image as HTMLImageElement).naturalWidth)
				)
				.toBeGreaterThan(0);
	});
	await test.step('each address once', () => {
		const counts = new Map<string, number>();
		for (const address of asked.filter((each) => each.includes('/dicomweb/'))) counts.set(address, (counts.get(address) ?? 0) + 1);
		expect([...counts].filter(([, times]) => times > 1)).toEqual([]);
		const like = (pattern: RegExp): number => [...counts.keys()].filter((address) => pattern.test(address)).length;
		expect([like(/\/frames\/1$/u), like(/\/metadata$/u), like(/\/rendered\?/u)]).toEqual([SLICES.A + SLICES.B, 2, 2]);
	});
	const clinical = asked.filter(isClinical);
	await test.step('nothing of it is kept, though our own code is', async () => {
		// The probe finds what is kept: the scripts of the page, which every reader needs again.
		expect((await keptOf(page, asked.filter(isOurCode).slice(0, 5))).length).toBeGreaterThan(0);
		expect(await keptOf(page, clinical)).toEqual([]);
	});
	await test.step('another person at the same PC', async () => {
		await signIn(yao.context, 'nurse1');
		await page.goto('/');
		expect(await keptOf(page, clinical)).toEqual([]);
		const picture = clinical.find((address) => address.endsWith('/frames/1')) ?? '';
		expect(await page.evaluate(async (address) => (await fetch(address)).status, picture)).toBe(404);
	});
	await yao.leave();
});

test('a walk through the ward leaves nothing in the browser but our own code', async ({ browser, request }) => {
	const person = demoPatient('male/05');
	const opened = await order(await token(request, 'resident1'), 'clinical-document.note.open', {
		patient: person.id,
		stay: person.stay,
		type: 'daily-progress'
	});
	const note = (JSON.parse(opened.text) as { events: { note: string }[] }).events[0]?.note ?? '';
	const doctor = await arrive(browser, 'resident1');
	const { page } = doctor;
	const asked = watched(page);
	for (const path of [`/wards/${demoWards.male}`, `/patients/${person.id}`, `/notes/${note}`, `/notes/${note}/print`, '/imaging', '/']) {
		await page.goto(path);
		await expect(page.locator('main, h1').first()).toBeVisible();
	}
	// As a link would be followed: the data of a page come under an address of their own.
	await page.evaluate(async (address) => (await fetch(address)).text(), `/patients/${person.id}/__data.json`);
	await page.evaluate(async (address) => (await fetch(address)).arrayBuffer(), `/notes/${note}/pdf`);
	const clinical = [...new Set(asked.filter(isClinical))];
	expect(clinical.length).toBeGreaterThan(8);
	expect((await keptOf(page, asked.filter(isOurCode).slice(0, 5))).length).toBeGreaterThan(0);
	expect(await keptOf(page, clinical)).toEqual([]);
	await doctor.leave();
});
