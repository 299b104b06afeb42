import { expect, test } from '@playwright/test';
import { arrive, origin, password, PEOPLE } from '../actors/index.ts';
import { ask, bearerOf, cookieOf, dial, knock, listen, paragraphFrame, postJson, tokenOf, wordsOf, type Reply } from '../actors/wire.ts';
import { openNote } from '../pages/note.ts';

const withCookie = (cookie: string) => ({ cookie, origin: origin() });
const ends: readonly { readonly name: string; readonly bearer?: true; end(headers: Record<string, string>): Promise<Reply> }[] = [
	{ name: 'signs out', end: (headers) => ask('DELETE', '/api/session', { headers }) },
	// A program ends its session with the bearer header alone, without a type or an origin.
	{ name: 'signs out a program', bearer: true, end: ({ authorization = '' }) => ask('DELETE', '/api/session', { headers: { authorization } }) },
	{ name: 'locks the screen', end: (headers) => ask('POST', '/api/session/lock', { headers }) },
	{ name: 'leaves the PC to another', end: (headers) => postJson('/api/session', { username: 'attending1', password: password() }, headers) }
];

test('whoever leaves has left: the old cookie and token open nothing, and nothing sent late is kept', async () => {
	const note = await openNote(await tokenOf('resident1'), -3);
	const reader = await tokenOf('attending1');
	const path = `/sync/note/${note}?v=1`;
	for (const [index, { name, bearer, end }] of ends.entries()) {
		await test.step(name, async () => {
			const token = bearer ? await tokenOf('resident1') : undefined;
			const headers: Record<string, string> = token === undefined ? withCookie((await cookieOf('resident1')).cookie) : bearerOf(token);
			const line = await dial(path, headers);
			expect(line.status).toBe(101);
			const heard = await listen(token === undefined ? headers : {}, token);
			expect(heard.why).toBeNull();
			line.socket.send(paragraphFrame('plan', `在场时写的${index}`));
			await expect.poll(() => wordsOf(path, 'plan', reader)).toContain(`在场时写的${index}`);

			const closed = line.closed();
			const asked = end(headers);
			const reply = await asked;
			expect(reply.status, reply.text).toBeLessThan(300);
			line.socket.send(paragraphFrame('plan', `离开后写的${index}`), () => undefined);
			const { code, afterMs } = await closed;
			expect(code).toBe(4401);
			expect(afterMs).toBeLessThan(1000);
			await expect.poll(() => heard.socket.connected, { timeout: 1000 }).toBe(false);
			for (const [method, address] of [
				['GET', '/api/session'],
				['POST', '/api/commands'],
				['POST', '/api/session/touch'],
				['GET', '/api/session/vault-key'],
				['GET', '/dicomweb/studies']
			] as const)
				expect
					.soft(
						(await ask(method, address, { headers: { ...headers, 'content-type': 'application/json' }, ...(method === 'POST' ? { body: '{}' } : {}) })).status,
						`${method} ${address}`
					)
					.toBe(401);
			expect.soft((await ask('GET', '/', { headers })).status).toBe(303);
			expect.soft(await knock(path, headers)).toBe(401);
			expect.soft((await listen(token === undefined ? headers : {}, token)).why).toMatch(/absent|locked|signed-out/u);
			expect(await wordsOf(path, 'plan', reader)).not.toContain('离开后写的');
		});
	}
});

test('a locked session that somebody else takes over, or signs out of, cannot be opened any more', async () => {
	for (const end of [
		(headers: Record<string, string>) => postJson('/api/session', { username: 'nurse2', password: password() }, headers),
		(headers: Record<string, string>) => ask('DELETE', '/api/session', { headers })
	]) {
		const headers = withCookie((await cookieOf('nurse1')).cookie);
		expect((await ask('POST', '/api/session/lock', { headers })).status).toBe(204);
		expect((await end(headers)).status).toBe(200);
		expect((await postJson('/api/session/step-up', { password: password() }, headers)).status).toBe(401);
	}
});

test('a cookie planted before the sign-in never becomes valid', async () => {
	const attacker = await cookieOf('nurse2');
	for (const planted of [`__Host-tongping=${'a'.repeat(32)}`, attacker.cookie]) {
		const { cookie } = await cookieOf('nurse1', { cookie: planted });
		expect(cookie).not.toBe(planted);
		expect((await ask('GET', '/api/session', { headers: { cookie: planted } })).status).toBe(401);
		const me = await ask('GET', '/api/session', { headers: { cookie } });
		expect(me.text).toContain(PEOPLE.nurse1);
		await ask('DELETE', '/api/session', { headers: withCookie(cookie) });
	}
});

test('locking from the menu covers the screen, the password opens it, another person may take the PC', async ({ browser }) => {
	const nurse = await arrive(browser, 'nurse1');
	const { page } = nurse;
	await page.goto('/');
	const menu = page.getByRole('button', { name: nurse.name });
	await menu.click();
	await page.getByRole('menuitem', { name: '锁定' }).click();
	const cover = page.getByRole('dialog', { name: '屏幕已锁定' });
	await expect(cover).toBeVisible();
	await expect(cover).toContainText(nurse.name);
	expect((await nurse.context.request.get('/api/session')).status()).toBe(401);
	await cover.getByLabel('密码').fill('not this one');
	await cover.getByRole('button', { name: '解锁' }).click();
	await expect(cover.getByRole('alert')).toBeVisible();
	await cover.getByLabel('密码').fill(password());
	await cover.getByRole('button', { name: '解锁' }).click();
	await expect(cover).toBeHidden();
	await expect(menu).toBeVisible();

	const before = (await nurse.context.cookies()).find(({ name }) => name === '__Host-tongping')?.value ?? '';
	await menu.click();
	await page.getByRole('menuitem', { name: '换人' }).click();
	await expect(page).toHaveURL(/\/sign-in/u);
	const after = await nurse.context.request.post('/api/session', { data: { username: 'nurse2', password: password() }, headers: { origin: origin() } });
	expect(after.status()).toBe(200);
	expect((await ask('GET', '/api/session', { headers: { cookie: `__Host-tongping=${before}` } })).status).toBe(401);
	await page.goto('/');
	await expect(page.getByRole('button', { name: PEOPLE.nurse2 })).toBeVisible();
	await nurse.leave();
});
