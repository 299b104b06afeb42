import { expect, it } from 'vitest';
import { outcomeResponse } from './answers.ts';

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
