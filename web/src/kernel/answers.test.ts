import { expect, it } from 'vitest';
import { outcomeResponse, readJson, readText } from './answers.ts';

it('answers a missing proof with 403 and a world that forbids with 409, with a sentence in both languages', async () => {
	for (const [code, status] of [
		['step-up-needed', 403],
		['last-administrator', 409]
	] as const)
		for (const locale of ['zh-CN', 'en'] as const) {
			const response = outcomeResponse(locale, { kind: 'refused', refusal: { code, facts: {} } });
			expect(response.status).toBe(status);
			const { refusal } = (await response.json()) as { refusal: { message: string } };
			expect(refusal.message).not.toContain(code);
		}
});

it('takes UTF-8 within its limit and nothing else, so that no name becomes question marks', async () => {
	const sent = (body: Uint8Array<ArrayBuffer> | string): Request => new Request('http://ward.example', { method: 'POST', body });
	expect(await readJson(sent('{"name":"甲"}'), 'en')).toEqual({ ok: true, value: { name: '甲' } });
	const gbk = Uint8Array.from([...'{"name":"'].map((each) => each.charCodeAt(0)).concat(0xbc, 0xd7, 0x22, 0x7d));
	const half = new TextEncoder().encode('"甲').slice(0, -1);
	for (const [body, status, code] of [
		[gbk, 400, 'not-utf8'],
		[half, 400, 'not-utf8'],
		['{', 400, 'not-json'],
		['"\\ud800"', 400, 'invalid'],
		[`"${'x'.repeat(300_000)}"`, 413, 'too-large']
	] as const) {
		const read = await readJson(sent(body), 'en');
		if (read.ok) throw new Error(`${code} was taken`);
		expect(read.response.status).toBe(status);
		expect(((await read.response.json()) as { error: { code: string } }).error.code).toBe(code);
	}
	expect(await readText(sent('甲'), 'en', 2)).toMatchObject({ ok: false });
	expect(await readText(sent('甲'), 'en', 3)).toEqual({ ok: true, text: '甲' });
});
