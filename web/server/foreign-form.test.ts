import http from 'node:http';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { refuseForeignForm } from './foreign-form.ts';

it('refuses a form that does not name us as its origin, in the language of who sent it, and lets everything else through', async () => {
	const server = http.createServer((request, response) => {
		if (!refuseForeignForm(request, response, new Set(['http://ward.example']))) response.writeHead(204).end();
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as { port: number };
	const ask = (method: string, headers: Record<string, string>): Promise<Response> =>
		fetch(`http://127.0.0.1:${port}/`, { method, headers, ...(method === 'GET' ? {} : { body: 'x' }) });
	try {
		for (const type of ['text/plain', 'Text/Plain; charset=utf-8', 'application/x-www-form-urlencoded', ' multipart/form-data; boundary=x'])
			for (const origin of [undefined, 'null', 'http://evil.example', 'http://ward.example.evil.example'])
				for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
					const answer = await ask(method, { 'content-type': type, 'accept-language': 'en', ...(origin === undefined ? {} : { origin }) });
					expect(answer.status).toBe(403);
					expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
					expect(await answer.json()).toMatchObject({ error: { code: 'cross-site', message: expect.stringMatching(/^This form/u) as string } });
				}
		const zh = await ask('POST', { 'content-type': 'text/plain', cookie: 'locale=zh-CN', 'accept-language': 'en' });
		expect(await zh.json()).toMatchObject({ error: { message: expect.stringMatching(/^这个表单/u) as string } });
		expect((await ask('POST', { 'content-type': 'text/plain', origin: 'http://ward.example' })).status).toBe(204);
		expect((await ask('POST', { 'content-type': 'application/json' })).status).toBe(204);
		expect((await ask('POST', { 'content-type': 'multipart/related; boundary=x' })).status).toBe(204);
		expect((await ask('GET', { 'content-type': 'text/plain' })).status).toBe(204);
	} finally {
		server.close();
	}
});
