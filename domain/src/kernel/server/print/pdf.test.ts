import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { renderPdf } from './pdf.ts';

const hasPdftotext = (() => {
	try {
		execFileSync('pdftotext', ['-v'], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
})();

it('embeds the Chinese font as a subset', async () => {
	const bytes = await renderPdf({ content: [{ text: '首次病程记录 欧阳翀 饕餮', bold: true }, { text: 'K 3.9 mmol/L ↑' }] });
	const text = Buffer.from(bytes).toString('latin1');
	expect(text.startsWith('%PDF-')).toBe(true);
	expect(text).toMatch(/FontFile[23]/u);
	expect(bytes.length).toBeLessThan(200_000);
	if (hasPdftotext) expect(execFileSync('pdftotext', ['-', '-'], { input: Buffer.from(bytes) }).toString()).toContain('首次病程记录 欧阳翀 饕餮');
}, 30_000);

it('says so when a definition cannot be rendered', async () => {
	await expect(renderPdf({ content: [{ image: 'http://127.0.0.1/x.png' }] })).rejects.toThrow();
}, 30_000);
