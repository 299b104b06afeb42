import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONTENT_FORMAT, contentHash, TEMPLATES, type NoteContent, type NoteType } from '@tongping/domain/clinical-document';
import { notePdf } from './paper.server.ts';
import type { PrintData } from './round.ts';

const AT = Date.parse('2026-11-22T06:30:15Z');
const stamp = { user: 'u', name: '陈书遥', role: 'attending', at: AT };
const contentFor = (type: NoteType): NoteContent => ({
	format: CONTENT_FORMAT,
	type,
	sections: Object.fromEntries(
		TEMPLATES[type].sections.map(({ root, required }) => [
			root,
			required
				? [
						{
							type: 'paragraph',
							content: [
								{ type: 'text', text: `${root}：继续原量`, marks: [] },
								{ type: 'text', text: '，加强巡视', marks: [{ type: 'insertion', ...stamp }] }
							]
						}
					]
				: []
		])
	)
});
function paper(type: NoteType, signed: boolean): PrintData {
	const content = contentFor(type);
	const line = { meaning: 'author', at: AT, hash: 'b'.repeat(64), contentHash: contentHash(content), traceComplete: true, holds: true };
	return {
		now: AT,
		note: 'n',
		date: '2026-11-22',
		patient: { name: '欧阳翀', mrn: 'ZY20261122', sex: 'male', birthDate: '1980-01-01' },
		wardName: '精神科男病区',
		bed: '05',
		content,
		version: signed ? 2 : null,
		traced: true,
		signatures: signed
			? [
					{ ...line, version: 1, by: '李晨', role: 'resident' },
					{ ...line, version: 2, by: '陈书遥', role: 'attending' }
				]
			: [],
		addenda: []
	};
}
const tools = ['pdftotext', 'pdffonts'].every((tool) => {
	try {
		execFileSync(tool, ['-v'], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
});

describe.skipIf(!tools)('a note on paper, as other programs read it (needs poppler-utils)', () => {
	it.each([
		['first-progress', '首次病程记录'],
		['daily-progress', '日常病程记录'],
		['attending-round', '主治医师查房记录']
	] as const)(
		'%s names the patient, every signer with time, the hash of the version and the missing certificate; all fonts are inside',
		async (type, title) => {
			const folder = mkdtempSync(join(tmpdir(), 'tongping-paper-'));
			try {
				const file = join(folder, 'note.pdf');
				const data = paper(type, true);
				writeFileSync(file, await notePdf(data, 'zh-CN'));
				const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
				const run = text.replaceAll(/\s+/gu, '');
				for (const words of [
					title,
					'欧阳翀',
					'ZY20261122',
					'住院医师李晨签名',
					'主治医师陈书遥签名',
					'2026-11-2214:30:15',
					'未附电子签名认证',
					'，加强巡视',
					'陈书遥主治医师'
				])
					expect(run).toContain(words);
				expect(run).toContain(data.signatures[1]?.contentHash);
				const fonts = execFileSync('pdffonts', [file], { encoding: 'utf8' }).trim().split('\n').slice(2);
				expect(fonts.length).toBeGreaterThan(0);
				// name, type, encoding, emb, sub, uni: `emb` says whether another PC can show it
				for (const font of fonts) expect(font).toMatch(/ yes\s+(?:yes|no)\s+(?:yes|no)\s+\d+\s+\d+\s*$/u);
			} finally {
				rmSync(folder, { recursive: true, force: true });
			}
		},
		30_000
	);

	it('says of a draft that nobody has signed it', async () => {
		const text = execFileSync('pdftotext', ['-', '-'], { input: Buffer.from(await notePdf(paper('daily-progress', false), 'zh-CN')), encoding: 'utf8' });
		expect(text).not.toContain('签名 20');
		expect(text).toContain('草稿');
	}, 30_000);
});
