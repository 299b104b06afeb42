import { expect, test, type Page } from '@playwright/test';
import { arrive, password, type Actor } from '../actors/index.ts';
import { tokenOf } from '../actors/wire.ts';
import { doctors, openNote, section, state, write } from '../pages/note.ts';

/** Each journey has a patient of its own, whom the other files leave alone. */
let nextPatient = -5;
const noteOfMine = async (): Promise<string> => `/notes/${await openNote(await tokenOf('resident1'), nextPatient--)}`;
async function read(actor: Actor, note: string): Promise<Page> {
	await actor.page.goto(note);
	await expect(state(actor.page, 'saved')).toBeVisible();
	return actor.page;
}
/** The line stands and the server speaks, but nothing written here gets to it: what is not acknowledged is only on this PC. */
async function deaf(page: Page, { from = 'now' }: { readonly from?: 'now' | 'later' } = {}): Promise<{ deafen(): void; hear(): Promise<void> }> {
	let swallowing = from === 'now';
	await page.routeWebSocket(/\/sync\/note\//u, (line) => {
		const server = line.connectToServer();
		line.onMessage((message) => {
			if (swallowing && typeof message !== 'string' && message[0] === 0 && (message[1] === 1 || message[1] === 2)) return;
			server.send(message);
		});
	});
	return {
		deafen: () => {
			swallowing = true;
		},
		hear: async () => {
			swallowing = false;
			await page.reload();
		}
	};
}

test('one doctor sits behind a network without WebSockets: both write one note, and the end of a session reaches either', async ({ browser }) => {
	test.setTimeout(120_000);
	const note = await noteOfMine();
	const [resident, attending] = [await arrive(browser, 'resident1'), await arrive(browser, 'attending1')];
	await attending.page.routeWebSocket(/\/sync\//u, (line) => line.close({ code: 1011 }));
	await attending.page.routeWebSocket(/\/io\//u, (line) => line.close({ code: 1011 }));
	const asked: string[] = [];
	attending.page.on('request', (request) => {
		const { pathname } = new URL(request.url());
		if (pathname.startsWith('/sync-http/')) asked.push(pathname.split('/')[2] ?? '');
	});
	await read(resident, note);
	await attending.page.goto(note);
	await expect(state(attending.page, 'saved')).toBeVisible({ timeout: 20_000 });
	await write(resident.page, 'subjective', '昨夜睡眠平稳。');
	await expect(section(attending.page, 'subjective')).toContainText('昨夜睡眠平稳。');
	const at = Date.now();
	await write(attending.page, 'assessment', '经代理写下的判断。');
	await expect(section(resident.page, 'assessment')).toContainText('经代理写下的判断。');
	await expect(state(attending.page, 'saved')).toBeVisible();
	console.info(`nine letters over requests were with the other after ${String(Date.now() - at)} ms`);
	await write(resident.page, 'assessment', '同意。');
	await expect(section(attending.page, 'assessment')).toContainText('经代理写下的判断。同意。');
	await expect(section(attending.page, 'assessment').locator('.caret')).toContainText('李晨');
	expect(asked).toEqual(expect.arrayContaining(['note', 'send', 'receive']));
	await attending.context.request.delete('/api/session', { headers: { 'content-type': 'application/json' } });
	const ended = Date.now();
	await expect(attending.page.getByTestId('sign-in-again')).toBeVisible({ timeout: 2000 });
	expect(Date.now() - ended).toBeLessThan(1500);
	for (const actor of [resident, attending]) await actor.leave();
});

test('a session ends while somebody writes: the words stay in the page and on the PC, unreadable, and arrive after signing in again', async ({ browser }) => {
	test.setTimeout(120_000);
	const note = await noteOfMine();
	const [resident, attending] = [await arrive(browser, 'resident1'), await arrive(browser, 'attending1')];
	await read(attending, note);
	const line = await deaf(resident.page, { from: 'later' });
	const page = await read(resident, note);
	await write(page, 'subjective', '到期之前写的。');
	await expect(section(attending.page, 'subjective')).toContainText('到期之前写的。');
	// The network swallows what is written in the last seconds.
	line.deafen();
	await write(page, 'subjective', '到期之后才写完的一句。');
	await resident.context.request.delete('/api/session', { headers: { 'content-type': 'application/json' } });
	const cover = page.getByTestId('sign-in-again');
	await expect(cover).toBeVisible();
	await expect(state(page, 'signed-out')).toContainText('改动存在本机');
	await expect(section(page, 'subjective')).toContainText('到期之后才写完的一句。');
	expect(await page.locator('body').innerText()).not.toContain('到期');

	await test.step('what lies on the PC holds none of the words, and its key is gone', async () => {
		const raw = await page.evaluate(async () => {
			const all: unknown[] = [];
			for (const { name = '' } of await indexedDB.databases()) {
				const database = await new Promise<IDBDatabase>((resolve, reject) => {
					const opening = indexedDB.open(name);
					opening.onsuccess = () => resolve(opening.result);
					opening.onerror = () => reject(new Error(name));
				});
				for (const store of database.objectStoreNames)
					all.push(
						...(await new Promise<unknown[]>((resolve, reject) => {
							const reading = database.transaction(store).objectStore(store).getAll();
							reading.onsuccess = () => resolve(reading.result as unknown[]);
							reading.onerror = () => reject(new Error(store));
						}))
					);
				database.close();
			}
			const texts = all.flatMap((record) =>
				Object.values(record as object).map((value: unknown) =>
					value instanceof Uint8Array ? [...new Uint8Array(value)] : [...new TextEncoder().encode(String(value))]
				)
			);
			return { rows: all.length, keys: all.some((record) => Object.values(record as object).some((value) => value instanceof CryptoKey)), texts };
		});
		expect(raw.rows).toBeGreaterThan(0);
		expect(raw.keys).toBe(false);
		for (const bytes of raw.texts) {
			const found = Buffer.from(bytes);
			for (const words of ['到期', '之后', '一句', '写'])
				for (const encoding of ['utf8', 'utf16le'] as const) expect(found.includes(Buffer.from(words, encoding))).toBe(false);
		}
		expect(await page.evaluate(async () => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain('到期');
		expect((await resident.context.request.get('/api/session/vault-key')).status()).toBe(401);
	});

	await test.step('somebody else at the same PC finds nothing of it', async () => {
		await page.goto('/');
		await expect(page).toHaveURL(/\/sign-in/u);
		await page.getByLabel('工号').fill('nurse1');
		await page.getByLabel('密码', { exact: true }).fill(password());
		await page.getByRole('button', { name: '登录', exact: true }).click();
		await page.goto(note);
		await expect(section(page, 'subjective')).toContainText('到期之前写的。');
		await expect(section(page, 'subjective')).not.toContainText('到期之后');
		await page.getByRole('button', { name: /王思齐/u }).click();
		await page.getByRole('menuitem', { name: '退出登录' }).click();
		await expect(page).toHaveURL(/\/sign-in/u);
	});

	await line.hear();
	await page.getByLabel('工号').fill('resident1');
	await page.getByLabel('密码', { exact: true }).fill(password());
	await page.getByRole('button', { name: '登录', exact: true }).click();
	await expect(page).not.toHaveURL(/\/sign-in/u);
	await page.goto(note);
	await expect(section(page, 'subjective')).toContainText('到期之后才写完的一句。');
	await expect(state(page, 'saved')).toBeVisible();
	await expect(section(attending.page, 'subjective')).toContainText('到期之前写的。到期之后才写完的一句。');
	for (const actor of [resident, attending]) await actor.leave();
});

test('the text changes between opening the dialog and signing: the sentence says so, and nothing is signed', async ({ browser }) => {
	test.setTimeout(120_000);
	const note = await noteOfMine();
	const [resident, attending] = [await arrive(browser, 'resident1'), await arrive(browser, 'attending1')];
	const page = await read(resident, note);
	await read(attending, note);
	for (const root of ['subjective', 'objective', 'assessment', 'plan']) await write(page, root, '查房所见。');
	await expect(section(attending.page, 'plan')).toContainText('查房所见');
	await expect(state(page, 'saved')).toBeVisible();
	await doctors(page).getByRole('button', { name: '签名', exact: true }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel(/登录密码/u).fill(password());
	await write(attending.page, 'plan', '另加一条医嘱。');
	await expect(dialog.getByRole('alert')).toHaveText('您读过之后又有改动，请看完再签。');
	await expect(dialog.getByRole('button', { name: '签名', exact: true })).toHaveCount(0);
	await dialog.getByRole('button', { name: '重新看' }).or(dialog.getByRole('button').first()).first().click();
	await expect(doctors(page).locator('.sign')).not.toContainText('已签');
	await expect(section(page, 'plan')).toContainText('另加一条医嘱。');
	for (const actor of [resident, attending]) await actor.leave();
});

test('typing and reloading at any moment loses no key press, though the server confirms none', async ({ browser }) => {
	test.setTimeout(180_000);
	const note = await noteOfMine();
	const [resident, attending] = [await arrive(browser, 'resident1'), await arrive(browser, 'attending1')];
	await read(attending, note);
	const { page } = resident;
	const line = await deaf(page);
	await page.goto(note);
	const editor = section(page, 'subjective');
	const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
	let seed = 20_261_122;
	const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
	let typed = '';
	let rounds = 0;
	for (; rounds < 10; rounds++) {
		await expect(editor).toHaveAttribute('contenteditable', 'true');
		await expect(editor).toContainText(typed);
		await editor.click();
		await page.keyboard.press('Control+End');
		const many = 1 + Math.floor(random() * 7);
		for (let i = 0; i < many; i++) {
			const letter = letters[(rounds * 7 + i) % letters.length] ?? '';
			// Every other time the page reloads in the same turn as the last key press; otherwise some milliseconds later.
			if (i === many - 1 && rounds % 2 === 0)
				await page.evaluate(() => {
					document.addEventListener('keyup', () => location.reload(), { once: true, capture: true });
					document.addEventListener('input', () => location.reload(), { once: true, capture: true });
				});
			await page.keyboard.press(letter, { delay: 0 });
			typed += letter;
		}
		if (rounds % 2 === 1) {
			await page.waitForTimeout(Math.floor(random() * 12));
			await page.reload();
		} else await page.waitForLoadState('load');
	}
	await expect(editor).toContainText(typed);
	await expect(section(attending.page, 'subjective')).not.toContainText(typed.slice(0, 4));
	const kept = await page.evaluate(
		() =>
			new Promise<number>((resolve, reject) => {
				const opening = indexedDB.open('tongping-unsent');
				opening.onerror = () => reject(new Error('open'));
				opening.onsuccess = () => {
					const counting = opening.result.transaction('records').objectStore('records').count();
					counting.onsuccess = () => {
						resolve(counting.result);
						opening.result.close();
					};
				};
			})
	);
	console.info(`${String(typed.length)} key presses, ${String(rounds)} reloads, ${String(kept)} rows kept`);

	await test.step('leaving asks first', async () => {
		await page.getByRole('button', { name: /李晨/u }).first().click();
		await page.getByRole('menuitem', { name: '退出登录' }).click();
		await expect(page.getByRole('dialog')).toContainText('没有送到服务器');
		await page.getByRole('dialog').getByRole('button', { name: /留下/u }).click();
	});
	await line.hear();
	await expect(section(attending.page, 'subjective')).toHaveText(typed);
	await expect(state(page, 'saved')).toBeVisible();
	for (const actor of [resident, attending]) await actor.leave();
});

test('two tabs of one person: each keeps its own, a closed one leaves its words to the other', async ({ browser }) => {
	test.setTimeout(120_000);
	const note = await noteOfMine();
	const [resident, attending] = [await arrive(browser, 'resident1'), await arrive(browser, 'attending1')];
	await read(attending, note);
	const first = resident.page;
	const second = await resident.context.newPage();
	await deaf(first);
	const line = await deaf(second);
	for (const tab of [first, second]) {
		await tab.goto(note);
		await expect(section(tab, 'subjective')).toHaveAttribute('contenteditable', 'true');
	}
	await first.bringToFront();
	await write(first, 'subjective', '第一个标签页里写的。');
	await second.bringToFront();
	await write(second, 'objective', '第二个标签页里写的。');
	// Neither shows the other's words as its own.
	await expect(section(second, 'subjective')).not.toContainText('第一个');
	await first.close();
	await expect(section(second, 'subjective')).toContainText('第一个标签页里写的。');
	await line.hear();
	for (const [root, words] of [
		['subjective', '第一个标签页里写的。'],
		['objective', '第二个标签页里写的。']
	] as const)
		await expect(section(attending.page, root)).toHaveText(words);
	await expect(state(second, 'saved')).toBeVisible();
	for (const actor of [resident, attending]) await actor.leave();
});

test('a PC that can keep nothing says so, lets nobody leave unasked, and typing goes on', async ({ browser }) => {
	test.setTimeout(120_000);
	const note = await noteOfMine();
	const [full, shut] = [await arrive(browser, 'resident1'), await arrive(browser, 'attending1')];
	await full.page.addInitScript(() => {
		IDBObjectStore.prototype.put = () => {
			throw new DOMException('full', 'QuotaExceededError');
		};
	});
	await shut.page.addInitScript(() => {
		indexedDB.open = () => {
			throw new DOMException('no storage', 'SecurityError');
		};
	});
	const line = await deaf(full.page);
	await full.page.goto(note);
	await expect(section(full.page, 'subjective')).toHaveAttribute('contenteditable', 'true');
	await write(full.page, 'subjective', '磁盘满时写的。');
	await expect(full.page.locator('[data-unkept="full"]')).toContainText('请不要关闭');
	void line;
	const page = await read(shut, note);
	await write(page, 'assessment', '没有本机存储也能写。');
	await expect(state(page, 'saved')).toBeVisible();
	await expect(section(full.page, 'assessment')).toContainText('没有本机存储也能写。');
	for (const actor of [full, shut]) {
		await actor.page
			.getByRole('button', { name: new RegExp(actor.name, 'u') })
			.first()
			.click();
		await actor.page.getByRole('menuitem', { name: '退出登录' }).click();
		const dialog = actor.page.getByRole('dialog');
		await expect(dialog).toContainText(actor === full ? '没有送到服务器' : '读不出来');
		await dialog.getByRole('button', { name: /留下/u }).click();
		await expect(actor.page).toHaveURL(/\/(notes|patients)\//u);
	}
	for (const actor of [full, shut]) await actor.leave();
});
