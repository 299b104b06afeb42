import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { COPY, openWriting, WriteLoop } from '@tongping/domain/kernel/server';
import { registry } from '../../domain/src/registry.ts';
import { arrive } from '../actors/index.ts';
import { freePort, House } from '../actors/house.ts';
import { ask, bearerOf, tokenOf } from '../actors/wire.ts';

/** This hospital's clock and its places outside are spoilt, so it is none the other journeys live in. */
const work = mkdtempSync(join(tmpdir(), 'tongping-clock-'));
const [data, outside] = [join(work, 'data'), join(work, 'outside')];
const shared = process.env.TONGPING_E2E_PORT;
const LONG = { timeout: 30_000 };
let house: House;
const alarm = (page: Page, kind: string) => page.locator(`[data-testid="alarm"][data-kind="${kind}"].open`);
const metric = async (name: string): Promise<string> => {
	const { text } = await ask('GET', '/metrics', { headers: bearerOf(await tokenOf('admin1')) });
	return text.split('\n').find((line) => line.startsWith(name)) ?? '';
};
test.beforeAll(async () => {
	const port = await freePort();
	process.env.TONGPING_E2E_PORT = String(port);
	mkdirSync(outside);
	house = new House(port, data, { TONGPING_ANCHOR_DIR: outside });
	await house.start();
});
test.afterAll(() => {
	house.kill();
	if (shared !== undefined) process.env.TONGPING_E2E_PORT = shared;
	rmSync(work, { recursive: true, force: true });
});

test('a machine whose clock was set back, a head changed outside, a place outside that is gone: each is an alarm with what to do, and ends', async ({
	browser
}) => {
	test.setTimeout(240_000);
	const admin = await arrive(browser, 'admin1');
	await test.step('all is well: no alarm, the head is outside', async () => {
		await admin.page.goto('/admin');
		await expect(admin.page.getByTestId('anchors').locator('[data-place="copy"]')).toContainText('行', LONG);
		await expect(alarm(admin.page, 'clock')).toHaveCount(0);
		await expect(alarm(admin.page, 'anchor')).toHaveCount(0);
	});
	await admin.leave();
	expect((await house.stop()).code).toBe(0);

	const honest = readFileSync(join(outside, COPY), 'utf8');
	await test.step('while it is down: its last time lies an hour ahead of the machine, and somebody changes a head outside', async () => {
		const hour = 3_600_000;
		const loop = new WriteLoop(openWriting(join(data, 'tongping.db')), registry, {
			clocks: { wall: () => Date.now() + hour, steady: () => performance.now() }
		});
		const entry = { organization: '', user: 'system', session: 'server', action: 'read', purpose: 'test', patient: null, outcome: 'done', detail: {} };
		await loop.run([{ kind: 'task', name: 'kernel.audit', input: entry }]);
		loop.close();
		writeFileSync(
			join(outside, COPY),
			honest.replace(/"hash":"./u, (start) => start.slice(0, -1) + (start.endsWith('0') ? '1' : '0'))
		);
	});
	await house.start();

	const again = await arrive(browser, 'admin1');
	await again.page.goto('/admin');
	await test.step('the clock: how much it is slow and what to check', async () => {
		const clock = alarm(again.page, 'clock');
		await expect(clock).toContainText('机器时钟被调回', LONG);
		await expect(clock).toContainText('核对本机时间');
		await expect(clock).toContainText(/慢 .*(59|小时|分)/u);
		expect(await metric('tongping_trouble{kind="clock-back"}')).toMatch(/ 1$/u);
		expect(Number((await metric('tongping_clock_ahead_seconds')).split(' ')[1])).toBeGreaterThan(3000);
	});
	await test.step('the head: which row differs', async () => {
		const anchor = alarm(again.page, 'anchor');
		await expect(anchor).toContainText('外部留存的第', LONG);
		await expect(anchor).toContainText('npm run verify');
		expect(await metric('tongping_trouble{kind="anchor-differs"}')).toMatch(/ 1$/u);
	});
	await again.leave();

	await test.step('the place outside is gone when the server starts: the alarm names the error; back again, it ends by itself', async () => {
		expect((await house.stop()).code).toBe(0);
		renameSync(outside, `${outside}-away`);
		await house.start();
		const third = await arrive(browser, 'admin1');
		await third.page.goto('/admin');
		await expect(alarm(third.page, 'anchor')).toContainText('审计没有送到外部', LONG);
		await expect(third.page.getByTestId('anchors').locator('[data-place="copy"].crit')).toContainText('ENOENT', LONG);
		expect(await metric('tongping_trouble{kind="anchor-copy"}')).toMatch(/ 1$/u);
		expect(existsSync(outside)).toBe(false);
		mkdirSync(outside);
		writeFileSync(join(outside, COPY), honest);
		// Each minute it is tried again.
		await expect(third.page.getByTestId('anchors').locator('[data-place="copy"]')).not.toHaveClass(/crit/u, { timeout: 90_000 });
		await expect(alarm(third.page, 'anchor')).toHaveCount(0, { timeout: 60_000 });
		await third.leave();
	});
});
