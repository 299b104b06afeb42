import { afterEach, expect, test, vi } from 'vitest';
import { lockSession, lockSettled, ofThisPage, standing } from './whose-page.ts';

afterEach(() => {
	vi.unstubAllGlobals();
});
const answering = (status: number, body: unknown): void => {
	vi.stubGlobal('fetch', async () => Response.json(body, { status }));
};

test.each([
	[200, { actor: { user: 'anna' } }, 'mine'],
	// Another tab has signed somebody else in with the same cookie.
	[200, { actor: { user: 'ben' } }, 'over'],
	[401, { error: { code: 'signed-out' } }, 'over'],
	[401, { error: { code: 'locked' } }, 'locked'],
	// Somebody else, who has yet to choose a password.
	[403, { error: { code: 'must-change' } }, 'over'],
	[503, { error: { code: 'storage' } }, 'unknown']
] as const)('an answer %i %j makes anna’s page %s', async (status, body, expected) => {
	answering(status, body);
	expect(await standing('anna')).toBe(expected);
});

test('a server that cannot be reached says nothing of the session', async () => {
	vi.stubGlobal('fetch', async () => {
		throw new TypeError('no network');
	});
	expect(await standing('anna')).toBe('unknown');
	answering(502, 'a proxy’s page');
	expect(await standing('anna')).toBe('unknown');
});

test('before anybody’s page stands nothing claims to be of one', () => {
	expect(ofThisPage()).toEqual({});
});

test('a lock covers before the server has answered, and whoever opens it waits until it has arrived', async () => {
	const heard: string[] = [];
	vi.stubGlobal('dispatchEvent', ({ type }: Event) => heard.push(type) > 0);
	let answer = (_: Response): void => undefined;
	vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => (answer = resolve)));
	const locked = lockSession();
	expect(heard).toEqual(['tongping:lock']);
	let settled = false;
	const waits = lockSettled().then(() => (settled = true));
	await new Promise((resolve) => setTimeout(resolve, 5));
	expect(settled).toBe(false);
	answer(new Response(null, { status: 204 }));
	expect(await locked).toBe(204);
	await waits;
	vi.stubGlobal('fetch', async () => {
		throw new TypeError('no network');
	});
	expect(await lockSession()).toBeNull();
});
