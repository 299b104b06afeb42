import { expect, test } from 'vitest';
import { dicomWeb } from './dicomweb.ts';
import { FetchProblem, fetchPatiently } from './fetch.ts';
import { firstPart, transferSyntaxOf } from './multipart.ts';
import { Prefetch, cost } from './prefetch.ts';

const tick = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

test('the middle first, then outwards, never more than the width at once', async () => {
	const order: number[] = [];
	let open = 0;
	let most = 0;
	const prefetch = new Prefetch({
		count: 9,
		width: 2,
		load: async (index) => {
			order.push(index);
			most = Math.max(most, ++open);
			await tick();
			open--;
		}
	});
	prefetch.look(4);
	while (prefetch.loaded < 9) await tick();
	expect(order[0]).toBe(4);
	expect(order.slice(1, 3).sort()).toEqual([3, 5]);
	expect(most).toBe(2);
});

test('ahead of the scroll before behind it', () => {
	expect(cost(12, 10, 1)).toBeLessThan(cost(8, 10, 1));
	expect(cost(9, 10, 1)).toBeLessThan(cost(13, 10, 1));
	expect(cost(9, 10, 0)).toBe(cost(11, 10, 0));
});

test('one slice that cannot be had leaves the others alone, and is asked again when looked at', async () => {
	let broken = true;
	const prefetch = new Prefetch({ count: 5, load: (index) => (index === 3 && broken ? Promise.reject(new Error('gone')) : Promise.resolve()) });
	prefetch.look(2);
	await tick();
	expect(prefetch.failed).toEqual([3]);
	expect(prefetch.loaded).toBe(4);
	await expect(prefetch.want(3)).rejects.toThrow('gone');
	broken = false;
	await prefetch.want(3);
	expect(prefetch.state(3)).toBe('loaded');
});

test('memory bounds what is fetched unasked', async () => {
	const prefetch = new Prefetch({ count: 100, budget: 10, load: () => Promise.resolve() });
	prefetch.look(50);
	await tick();
	await tick();
	expect(prefetch.loaded).toBe(11);
	await prefetch.want(0);
	expect(prefetch.state(0)).toBe('loaded');
});

const answers = (...statuses: number[]): { fetch: typeof fetch; asked: () => number } => {
	let asked = 0;
	return {
		asked: () => asked,
		fetch: () => {
			const status = statuses[Math.min(asked++, statuses.length - 1)] ?? 200;
			return status === 0 ? Promise.reject(new TypeError('network')) : Promise.resolve(new Response('x', { status }));
		}
	};
};
const quick = { sleep: () => Promise.resolve() };

test('what may pass is asked again, a refusal is not', async () => {
	const busy = answers(503, 0, 429, 200);
	await fetchPatiently('/x', {}, { ...quick, fetch: busy.fetch });
	expect(busy.asked()).toBe(4);
	const gone = answers(404);
	await expect(fetchPatiently('/x', {}, { ...quick, fetch: gone.fetch })).rejects.toMatchObject({ status: 404 });
	expect(gone.asked()).toBe(1);
	const dead = answers(0);
	await expect(fetchPatiently('/x', {}, { ...quick, fetch: dead.fetch })).rejects.toBeInstanceOf(FetchProblem);
	expect(dead.asked()).toBe(4);
});

test('a frame comes out of its envelope byte for byte, even one that contains the boundary', () => {
	const pixels = new TextEncoder().encode('ab\r\n--xx--cd');
	const body = new TextEncoder().encode(
		'--xx\r\nContent-Type: application/octet-stream; transfer-syntax=1.2.840.10008.1.2.4.80\r\n\r\n' + 'ab\r\n--xx--cd' + '\r\n--xx--\r\n'
	);
	const part = firstPart(body, 'multipart/related; type="application/octet-stream"; boundary=xx');
	expect([...part.bytes]).toEqual([...pixels]);
	expect(transferSyntaxOf(part.contentType)).toBe('1.2.840.10008.1.2.4.80');
	expect(() => firstPart(body.slice(0, 40), 'multipart/related; boundary=xx')).toThrow('part');
});

test('what was begun ahead is taken over once, and what failed ahead is asked anew', async () => {
	const { fetch: ask, asked } = answers(404, 200);
	const client = dicomWeb('/dicomweb', {
		...quick,
		fetch: (url, init) => (String(url).endsWith('/metadata') ? Promise.resolve(Response.json([])) : ask(url, init))
	});
	client.ahead('1', '2', '/f');
	await tick();
	expect(asked()).toBe(1);
	expect((await client.frame('/f')).bytes.length).toBe(1);
	expect(asked()).toBe(2);
	client.ahead('1', '2', '/f');
	await client.frame('/f');
	expect(asked()).toBe(3);
	await client.frame('/f');
	expect(asked()).toBe(4);
});
