import { expect, type APIRequestContext, type APIResponse, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';

/** The people of the demo hospital, by the account a journey signs in with. */
export const PEOPLE = {
	nurse1: '王思齐',
	nurse2: '赵文博',
	headnurse1: '李秀兰',
	resident1: '李晨',
	resident2: '许知远',
	attending1: '陈书遥',
	chief1: '罗景行',
	pharmacist1: '顾临川',
	radiologist1: '姚行之',
	radiologist2: '秦越',
	admin1: '周以宁'
} as const;
export type Account = keyof typeof PEOPLE;

export const password = (): string => process.env.TONGPING_DEMO_PASSWORD ?? '';
export const origin = (): string => `http://127.0.0.1:${process.env.TONGPING_E2E_PORT ?? ''}`;

/** Asks at the same door as the page. Who is told to wait a moment, because of wrong passwords in an earlier journey, waits. */
async function ask(request: APIRequestContext, data: Readonly<Record<string, string>>): Promise<APIResponse> {
	const answer = await request.post('/api/session', { data, headers: { origin: origin() } });
	if (answer.status() !== 429) return answer;
	const seconds = Number(answer.headers()['retry-after']);
	expect(seconds).toBeLessThanOrEqual(15);
	await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
	return request.post('/api/session', { data, headers: { origin: origin() } });
}

/** Signs a browser context in without the page. */
export async function signIn(context: BrowserContext, username: Account): Promise<void> {
	const answer = await ask(context.request, { username, password: password() });
	expect(answer.status(), await answer.text()).toBe(200);
}

export async function token(request: APIRequestContext, username: Account): Promise<string> {
	const answer = await ask(request, { username, password: password(), kind: 'token' });
	expect(answer.status(), await answer.text()).toBe(200);
	return ((await answer.json()) as { token: string }).token;
}

/** One person at one workstation: their own browser context, signed in. */
export interface Actor {
	readonly account: Account;
	readonly name: string;
	readonly context: BrowserContext;
	readonly page: Page;
	leave(): Promise<void>;
}

export async function arrive(browser: Browser, account: Account, options: BrowserContextOptions = {}): Promise<Actor> {
	const context = await browser.newContext({
		baseURL: origin(),
		locale: 'zh-CN',
		timezoneId: 'Asia/Shanghai',
		viewport: { width: 1440, height: 900 },
		...options
	});
	await signIn(context, account);
	const page = await context.newPage();
	return { account, name: PEOPLE[account], context, page, leave: () => context.close() };
}
