import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, test, type Locator, type Page } from '@playwright/test';
import { demoPatient } from '@tongping/domain/patient';
import { arrive, origin, password, PEOPLE, signIn, type Account } from '../actors/index.ts';
import { order, tokenOf } from '../actors/wire.ts';

const section = (page: Page, root: string): Locator => page.locator(`[data-root="${root}"]`);
const state = (page: Page, kind: string): Locator => page.locator(`article.doc:not(.nursing) [data-save="${kind}"]`);

/** Every way in which words may lie on a disk: UTF-8, UTF-16, and either of them in base64 at any of its three beginnings. */
function shapesOf(words: string): readonly Buffer[] {
	const little = Buffer.from(words, 'utf16le');
	const big = Buffer.from(little).swap16();
	const plain = [Buffer.from(words, 'utf8'), little, big];
	const coded = plain.flatMap((bytes) =>
		[0, 1, 2].map((shift) => {
			const text = Buffer.concat([Buffer.alloc(shift), bytes])
				.toString('base64')
				.replaceAll('=', '');
			// The first and the last letters hang on their neighbours.
			return Buffer.from(text.slice(shift === 0 ? 0 : 4, -3), 'latin1');
		})
	);
	return [...plain, ...coded, Buffer.from(encodeURIComponent(words)), Buffer.from(JSON.stringify(words).slice(1, -1)), Buffer.from(plain[0]!.toString('hex'))];
}

/** Everything a page of this site could read here, as bytes; a key of cryptography counts as a find of its own. */
async function storageOf(page: Page): Promise<readonly { readonly where: string; readonly bytes: Buffer }[]> {
	const found = await page.evaluate(async () => {
		const all: { where: string; bytes: number[] }[] = [];
		const encoder = new TextEncoder();
		const put = (where: string, value: unknown, depth = 0): void => {
			if (value instanceof ArrayBuffer) all.push({ where, bytes: [...new Uint8Array(value)] });
			else if (ArrayBuffer.isView(value)) all.push({ where, bytes: [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)] });
			else if (value instanceof CryptoKey) all.push({ where: `${where} holds a key`, bytes: [] });
			else if (typeof value === 'object' && value !== null && depth < 9)
				for (const [key, inner] of value instanceof Map ? value : Object.entries(value)) {
					put(`${where} name`, String(key), depth + 1);
					put(`${where}.${String(key)}`, inner, depth + 1);
				}
			else all.push({ where, bytes: [...encoder.encode(String(value))] });
		};
		put('localStorage', { ...localStorage });
		put('sessionStorage', { ...sessionStorage });
		put('cookie', document.cookie);
		put('history', { state: history.state as unknown, address: location.href, title: document.title });
		for (const name of await caches.keys()) {
			const cache = await caches.open(name);
			for (const request of await cache.keys()) put(`cache ${name} ${request.url}`, await (await cache.match(request))?.arrayBuffer());
		}
		for (const worker of await navigator.serviceWorker.getRegistrations()) put('service worker', worker.scope);
		for (const { name = '' } of await indexedDB.databases()) {
			const database = await new Promise<IDBDatabase>((resolve, reject) => {
				const opening = indexedDB.open(name);
				opening.onsuccess = () => resolve(opening.result);
				opening.onerror = () => reject(new Error(name));
			});
			for (const store of database.objectStoreNames)
				for (const row of await new Promise<unknown[]>((resolve, reject) => {
					const reading = database.transaction(store).objectStore(store).getAll();
					reading.onsuccess = () => resolve(reading.result as unknown[]);
					reading.onerror = () => reject(new Error(store));
				}))
					put(`indexedDB ${name}/${store}`, row);
			database.close();
		}
		return all;
	});
	return found.map(({ where, bytes }) => ({ where, bytes: Buffer.from(bytes) }));
}
const finds = (places: readonly { readonly where: string; readonly bytes: Buffer }[], words: readonly string[]): readonly string[] => [
	...places.filter(({ where }) => where.endsWith('holds a key')).map(({ where }) => where),
	...words.flatMap((word) => places.filter(({ bytes }) => shapesOf(word).some((shape) => bytes.includes(shape))).map(({ where }) => `${word} in ${where}`))
];
const filesIn = (folder: string): readonly { readonly where: string; readonly bytes: Buffer }[] =>
	readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
		const where = join(folder, name);
		const stat = statSync(where, { throwIfNoEntry: false });
		return stat?.isFile() === true ? [{ where: name, bytes: readFileSync(where) }] : [];
	});

test('a ward PC keeps nothing readable of who sat there before: offline words outlive lock, crash and change of person', async ({ browser }) => {
	test.setTimeout(240_000);
	const patient = demoPatient('male/35');
	const reply = await order(await tokenOf('resident1'), 'clinical-document.note.open', { patient: patient.id, stay: patient.stay, type: 'daily-progress' });
	expect(reply.status, reply.text).toBe(200);
	const note = `/notes/${(JSON.parse(reply.text) as { events: { note: string }[] }).events[0]?.note ?? ''}`;
	const attending = await arrive(browser, 'attending1');
	await attending.page.goto(note);
	await expect(state(attending.page, 'saved')).toBeVisible();
	const canaries = ['凤凰花开了八朵', '另一页的暗号九四', '未锁前的半句话'] as const;

	// A PC with a disk of its own, that can be searched.
	const disk = mkdtempSync(join(tmpdir(), 'tongping-ward-pc-'));
	const pc = await chromium.launchPersistentContext(disk, {
		executablePath: process.env.TONGPING_CHROMIUM ?? '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-quic'],
		baseURL: origin(),
		locale: 'zh-CN',
		timezoneId: 'Asia/Shanghai',
		viewport: { width: 1440, height: 900 }
	});
	async function typed(page: Page, root: string, words: string): Promise<void> {
		await page.bringToFront();
		await section(page, root).click();
		await page.keyboard.press('Control+End');
		await page.keyboard.type(words);
		await expect(section(page, root)).toContainText(words);
	}
	async function signInHere(page: Page, account: Account): Promise<void> {
		await page.getByLabel('工号').fill(account);
		await page.getByLabel('密码', { exact: true }).fill(password());
		await page.getByRole('button', { name: '登录', exact: true }).click();
		await expect(page).not.toHaveURL(/\/sign-in/u);
	}

	try {
		const [first, second] = [pc.pages()[0] ?? (await pc.newPage()), await pc.newPage()];
		await signIn(pc, 'resident1');
		for (const page of [first, second]) {
			await page.goto(note);
			await expect(state(page, 'saved')).toBeVisible();
		}
		await test.step('both tabs are cut off and written in; one crashes in the middle of it', async () => {
			await pc.setOffline(true);
			await typed(first, 'subjective', canaries[0]);
			await expect(state(first, 'offline')).toContainText('存在本机');
			await typed(second, 'plan', canaries[1]);
			await expect(state(second, 'offline')).toBeVisible();
			const dead = second.waitForEvent('crash');
			await second.goto('chrome://crash').catch(() => undefined);
			await dead;
			await second.close();
		});
		await test.step('the tab that lives takes over, the person goes away, the server locks', async () => {
			await expect(section(first, 'plan')).toContainText(canaries[1], { timeout: 20_000 });
			await typed(first, 'assessment', canaries[2]);
			expect((await pc.request.post('/api/session/lock', { headers: { origin: origin() } })).status()).toBe(204);
			await pc.setOffline(false);
			await expect(
				first
					.getByTestId('sign-in-again')
					.or(first.getByRole('dialog', { name: '屏幕已锁定' }))
					.first()
			).toBeVisible({ timeout: 20_000 });
			for (const words of canaries) await expect(attending.page.locator('article.doc').first()).not.toContainText(words);
		});
		await test.step('the next person signs in here: nothing of the first can be found, in no storage and in no file', async () => {
			await first.goto('/sign-in?switch=1');
			await signInHere(first, 'nurse2');
			await first.goto(note);
			await expect(state(first, 'saved').or(state(first, 'read-only')).first()).toBeVisible();
			for (const words of canaries) await expect(first.locator('body')).not.toContainText(words);
			const here = await storageOf(first);
			expect(here.some(({ where }) => where.startsWith('indexedDB tongping-unsent/'))).toBe(true);
			expect(finds(here, canaries)).toEqual([]);
			expect(finds(filesIn(disk), canaries)).toEqual([]);
			// The search finds what is there.
			expect(finds([{ where: 'x', bytes: Buffer.from(`..${Buffer.from(`a${canaries[0]}`, 'utf16le').toString('base64')}`) }], canaries)).not.toEqual([]);
			const key = (await (await pc.request.get('/api/session/vault-key')).json()) as { readonly key: string };
			expect(key.key).not.toBe('');
			await first.getByRole('button', { name: new RegExp(PEOPLE.nurse2, 'u') }).click();
			await first.getByRole('menuitem', { name: '退出登录' }).click();
			await expect(first).toHaveURL(/\/sign-in/u);
		});
		await test.step('the first comes back: every word is there, sent and stored', async () => {
			await signInHere(first, 'resident1');
			await first.goto(note);
			for (const [root, words] of [
				['subjective', canaries[0]],
				['plan', canaries[1]],
				['assessment', canaries[2]]
			] as const) {
				await expect(section(first, root)).toContainText(words);
				await expect(section(attending.page, root)).toHaveText(words);
			}
			await expect(state(first, 'saved')).toBeVisible();
			await expect.poll(async () => (await storageOf(first)).some(({ where }) => where.startsWith('indexedDB tongping-unsent/records.'))).toBe(false);
			expect(finds(await storageOf(first), canaries)).toEqual([]);
			await first.reload();
			await expect(section(first, 'plan')).toHaveText(canaries[1]);
		});
	} finally {
		await pc.close();
		rmSync(disk, { recursive: true, force: true });
	}
	await attending.leave();
});
