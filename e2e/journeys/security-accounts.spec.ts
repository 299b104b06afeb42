import { demoPerson, demoWards } from '@tongping/domain/organization';
import { expect, test } from '@playwright/test';
import { arrive, origin, password, PEOPLE } from '../actors/index.ts';
import { ownHouse } from '../actors/house.ts';
import { ask, bearerOf, cookieOf, dial, knock, listen, order, paragraphFrame, postJson, tokenOf, wordsOf } from '../actors/wire.ts';
import { openNote } from '../pages/note.ts';

/** How often somebody is thrown out while writing: 200 in a test, 1,000 by `npm run measure:revoke`. */
const RUNS = Number(process.env['TONGPING_REVOKE_RUNS'] ?? '200');
const withCookie = (cookie: string) => ({ cookie, origin: origin() });

let house: Awaited<ReturnType<typeof ownHouse>>;
test.beforeAll(async () => {
	house = await ownHouse({ TONGPING_TEST_IDLE: '6,60' });
});
test.afterAll(() => house.close());

const signedIn = async (username: string, secret: string): Promise<string> => {
	const reply = await postJson('/api/session', { username, password: secret, kind: 'token' });
	expect(reply.status, reply.text).toBe(200);
	return (JSON.parse(reply.text) as { token: string }).token;
};

test('whoever is disabled, gets another post or another password is out at once, on every channel', async () => {
	test.setTimeout(120_000);
	const admin = await tokenOf('admin1');
	const resident = { user: demoPerson('resident2').id };
	const post = { ...resident, role: 'resident', wards: [demoWards.male, demoWards.female, demoWards.emergency] };
	const act = (command: string, input: unknown) => order(admin, `identity-access.account.${command}`, input);
	expect((await act('change-role', post)).status).toBe(200);
	let secret = password();
	const own = 'a-password-of-my-own';
	const triggers: readonly { readonly name: string; fire(token: string): Promise<{ status: number; text: string }>; after(): Promise<void> }[] = [
		{
			name: 'disabled',
			fire: () => act('disable', resident),
			after: async () => {
				expect((await postJson('/api/session', { username: 'resident2', password: secret })).status).toBe(401);
				expect((await act('enable', resident)).status).toBe(200);
			}
		},
		{ name: 'another post', fire: () => act('change-role', { ...post, wards: [demoWards.male] }), after: async () => void (await act('change-role', post)) },
		{
			name: 'password reset',
			fire: async () => {
				const reply = await postJson(`/api/accounts/${resident.user}/password`, {}, bearerOf(admin));
				secret = (JSON.parse(reply.text) as { password: string }).password;
				return reply;
			},
			after: async () => {
				// A password somebody else knows opens nothing but its own change.
				const token = await signedIn('resident2', secret);
				for (const [method, path] of [
					['GET', '/api/session'],
					['POST', '/api/commands'],
					['GET', '/dicomweb/studies'],
					['GET', '/api/session/vault-key']
				] as const)
					expect((await ask(method, path, { headers: bearerOf(token), ...(method === 'POST' ? { body: '{}' } : {}) })).status, path).toBe(403);
				expect(await knock(`/sync/ward-board/${demoWards.male}`, bearerOf(token))).toBe(401);
				expect((await listen({}, token)).why).not.toBeNull();
				expect((await postJson('/api/session/password', { password: secret, next: 'short' }, bearerOf(token))).status).toBe(400);
				expect((await postJson('/api/session/password', { password: secret, next: own }, bearerOf(token))).status).toBe(200);
				secret = own;
			}
		},
		{
			name: 'own password changed',
			fire: (token) => postJson('/api/session/password', { password: secret, next: `${own}-2` }, bearerOf(token)),
			after: () => Promise.resolve(void (secret = `${own}-2`))
		}
	];
	const reader = await tokenOf('attending1');
	const note = await openNote(reader, -6);
	const path = `/sync/note/${note}?v=1`;
	for (const { name, fire, after } of triggers) {
		await test.step(name, async () => {
			const [asking, token] = [await signedIn('resident2', secret), await signedIn('resident2', secret)];
			const line = await dial(path, bearerOf(token));
			expect(line.status).toBe(101);
			const heard = await listen({}, token);
			expect(heard.why).toBeNull();
			const opened = await ask('POST', `/sync-http/note/${note}?v=1`, { headers: bearerOf(token) });
			expect(opened.status, opened.text).toBe(200);
			const { channel } = JSON.parse(opened.text) as { channel: string };
			line.socket.send(paragraphFrame('plan', `在场时写的${name}`));
			await expect.poll(() => wordsOf(path, 'plan', reader)).toContain(`在场时写的${name}`);
			const reply = await fire(asking);
			const closed = line.closed();
			expect(reply.status, reply.text).toBe(200);
			line.socket.send(paragraphFrame('plan', `离开后写的${name}`), () => undefined);
			expect(await closed).toMatchObject({ code: 4401 });
			expect((await closed).afterMs).toBeLessThan(1000);
			await expect.poll(() => heard.socket.connected, { timeout: 1000 }).toBe(false);
			for (const dead of [asking, token]) {
				for (const [method, address] of [
					['GET', '/api/session'],
					['POST', '/api/commands'],
					['GET', '/api/patients?q=a'],
					['GET', '/api/session/vault-key'],
					['GET', '/dicomweb/studies'],
					['POST', `/sync-http/note/${note}?v=1`],
					['POST', `/sync-http/close?channel=${channel}`]
				] as const)
					expect
						.soft((await ask(method, address, { headers: bearerOf(dead), ...(method === 'POST' ? { body: '{}' } : {}) })).status, `${method} ${address}`)
						.toBe(401);
				expect.soft(await knock(path, bearerOf(dead))).toBe(401);
				expect.soft((await listen({}, dead)).why).toMatch(/absent|signed-out/u);
			}
			expect(await wordsOf(path, 'plan', reader)).not.toContain('离开后写的');
			await after();
		});
	}
});

test(`nothing written while somebody is being thrown out is kept (${RUNS} times), and the line closes within a second`, async () => {
	test.setTimeout(120_000 + RUNS * 1500);
	const [admin, reader] = [await tokenOf('admin1'), await tokenOf('attending1')];
	const note = await openNote(reader, -7);
	const path = `/sync/note/${note}?v=1`;
	const resident = { user: demoPerson('resident1').id };
	const took: number[] = [];
	for (let run = 0; run < RUNS; run++) {
		const line = await dial(path, bearerOf(await tokenOf('resident1')));
		expect(line.status).toBe(101);
		const closed = line.closed();
		const writing = setInterval(() => line.socket.send(paragraphFrame('plan', `同时${run}`), () => undefined), 2);
		const reply = await order(admin, 'identity-access.account.disable', resident);
		const at = performance.now();
		clearInterval(writing);
		expect(reply.status, reply.text).toBe(200);
		for (let late = 0; late < 3; late++) line.socket.send(paragraphFrame('plan', `迟到${run}`), () => undefined);
		expect((await closed).code).toBe(4401);
		took.push(performance.now() - at);
		expect((await order(admin, 'identity-access.account.enable', resident)).status).toBe(200);
	}
	// A thousand runs last longer than a place may stand idle.
	const kept = await wordsOf(path, 'plan', await tokenOf('attending1'));
	// What was written before is there: the test can fail.
	expect(kept).toContain('同时');
	expect(kept).not.toContain('迟到');
	expect(took.toSorted((a, b) => a - b)[Math.ceil(took.length * 0.99) - 1]).toBeLessThan(1000);
});

test('the administrator finds, resets, moves and disables a person by keyboard; the person changes the password they were told', async ({ browser }) => {
	test.setTimeout(120_000);
	const admin = await arrive(browser, 'admin1', { viewport: { width: 1024, height: 768 } });
	const { page } = admin;
	// At a desk: the shared PC of this hospital locks after seconds.
	await admin.context.request.post('/api/session', { data: { username: 'admin1', password: password(), place: 'office' }, headers: { origin: origin() } });
	await page.goto('/admin/users');
	const row = page.locator('[data-account="nurse2"]');
	await page.getByRole('searchbox').fill('赵文博');
	await expect(page.getByRole('status').first()).toContainText('1');
	await expect(row).toContainText('护士');
	await row.getByRole('button', { name: '重置密码' }).press('Enter');
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('您的密码').fill('not this one');
	await dialog.getByLabel('您的密码').press('Enter');
	await expect(dialog.getByRole('alert')).toBeVisible();
	await dialog.getByLabel('您的密码').fill(password());
	await dialog.getByLabel('您的密码').press('Enter');
	const once = (await page.getByTestId('one-time').textContent()) ?? '';
	expect(once).toMatch(/^(?:[a-z2-9]{4}-){3}[a-z2-9]{4}$/u);
	await page.keyboard.press('Escape');
	await expect(row).toContainText('待改密码');

	const nurse = await browser.newContext({ baseURL: origin(), locale: 'zh-CN' });
	const screen = await nurse.newPage();
	await screen.goto('/sign-in');
	await screen.getByLabel('工号').fill('nurse2');
	await screen.getByLabel('密码', { exact: true }).fill(once);
	await screen.getByRole('radio', { name: /办公室/u }).click();
	await screen.getByRole('button', { name: '登录', exact: true }).click();
	await expect(screen).toHaveURL(/\/password$/u);
	await screen.getByLabel('现在的密码').fill(once);
	await screen.getByLabel('新密码（至少 10 位）').fill('mine-and-mine-only');
	await screen.getByLabel('再输一次新密码').fill('mine-and-mine-only');
	await screen.getByRole('button', { name: '修改密码' }).click();
	await screen.getByRole('link', { name: '去登录' }).click();
	// The workstation remembers where it stands.
	await expect(screen.getByRole('radio', { name: /办公室/u })).toBeChecked();
	await screen.getByLabel('工号').fill('nurse2');
	await screen.getByLabel('密码', { exact: true }).fill('mine-and-mine-only');
	await screen.getByRole('button', { name: '登录', exact: true }).click();
	await expect(screen.getByRole('button', { name: PEOPLE.nurse2 })).toBeVisible();

	await page.reload();
	await page.getByRole('searchbox').fill('nurse2');
	await row.getByRole('button', { name: '停用' }).click();
	await dialog.getByLabel('您的密码').fill(password());
	await dialog.getByRole('button', { name: '确认' }).click();
	await expect(row).toContainText('已停用');
	await screen.goto('/');
	await expect(screen).toHaveURL(/\/sign-in/u);
	await nurse.close();
	await admin.leave();
});

test('a shared PC left alone locks on the server, whatever its page keeps asking; the password opens it', async ({ browser }) => {
	const nurse = await arrive(browser, 'headnurse1');
	const { page, context } = nurse;
	await page.goto('/');
	const cookie = `__Host-tongping=${(await context.cookies()).find(({ name }) => name === '__Host-tongping')?.value ?? ''}`;
	const line = await dial(`/sync/ward-board/${demoWards.male}`, withCookie(cookie));
	const closed = line.closed();
	const polling = setInterval(() => void ask('GET', '/api/session', { headers: { cookie } }), 500);
	const office = await postJson('/api/session', { username: 'headnurse1', password: password(), place: 'office' });
	const desk = { cookie: office.headers['set-cookie']?.find((each) => each.startsWith('__Host-tongping='))?.split(';')[0] ?? '' };
	expect((await closed).code).toBe(4401);
	clearInterval(polling);
	const locked = await ask('GET', '/api/session', { headers: { cookie } });
	expect([locked.status, locked.text.includes('"locked"')]).toEqual([401, true]);
	expect((await ask('GET', '/api/session', { headers: desk })).status).toBe(200);
	const cover = page.getByRole('dialog', { name: '屏幕已锁定' });
	await expect(cover).toBeVisible();
	await cover.getByLabel('密码').fill(password());
	await cover.getByRole('button', { name: '解锁' }).click();
	await expect(cover).toBeHidden();
	await nurse.leave();
});

test('after a sign-out and another person at the PC, nothing of the former is readable in the browser', async ({ browser }) => {
	const canary = '灯塔水母七三一';
	const token = await tokenOf('chief1');
	const note = await openNote(token, -8);
	const doctor = await arrive(browser, 'chief1');
	const { page, context } = doctor;
	await page.goto(`/notes/${note}`);
	const editor = page.locator('[contenteditable="true"]').first();
	await editor.click();
	await editor.pressSequentially(canary);
	await expect.poll(() => page.evaluate(() => document.body.textContent?.includes('灯塔水母七三一'))).toBe(true);
	await page.waitForTimeout(1500);
	const cookie = `__Host-tongping=${(await context.cookies()).find(({ name }) => name === '__Host-tongping')?.value ?? ''}`;
	const out = await ask('DELETE', '/api/session', { headers: withCookie(cookie) });
	expect([out.status, out.headers['clear-site-data']]).toEqual([200, '"cache"']);
	const after = await context.request.post('/api/session', { data: { username: 'nurse1', password: password() }, headers: { origin: origin() } });
	expect(after.status()).toBe(200);
	await page.goto('/');
	const found = await page.evaluate(async (word) => {
		const bytes = new TextEncoder().encode(word).join();
		const dump = (value: unknown): string =>
			value instanceof ArrayBuffer
				? new Uint8Array(value).join()
				: ArrayBuffer.isView(value)
					? new Uint8Array(value.buffer).join()
					: typeof value === 'object' && value !== null
						? Object.entries(value)
								.map(([key, inner]) => `${key}:${dump(inner)}`)
								.join('|')
						: String(value);
		const kept: string[] = [document.cookie, JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
		for (const name of await caches.keys())
			for (const request of await (await caches.open(name)).keys()) kept.push(request.url, (await (await caches.match(request))?.text()) ?? '');
		let stores = 0;
		for (const { name = '' } of await indexedDB.databases()) {
			const opened = await new Promise<IDBDatabase>((resolve, reject) => {
				const asking = indexedDB.open(name);
				asking.onsuccess = () => resolve(asking.result);
				asking.onerror = () => reject(asking.error ?? new Error(name));
			});
			for (const store of opened.objectStoreNames) {
				stores++;
				kept.push(
					dump(
						await new Promise((resolve) => {
							const asking = opened.transaction(store).objectStore(store).getAll();
							asking.onsuccess = () => resolve(asking.result);
						})
					)
				);
			}
			opened.close();
		}
		return { stores, hits: kept.filter((text) => text.includes(word) || text.includes(bytes)).length };
	}, canary);
	expect(found.stores).toBeGreaterThan(0);
	expect(found.hits).toBe(0);
	expect((await cookieOf('chief1')).cookie).not.toBe('');
	await doctor.leave();
});
