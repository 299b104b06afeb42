import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { importDicom } from './dicom.ts';
import type { Server } from './server.ts';

let folder: string;
let said: string[];
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'tongping-import-'));
	said = [];
	vi.stubEnv('LANG', 'zh_CN.UTF-8');
	vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
});
afterEach(() => {
	vi.restoreAllMocks();
	vi.unstubAllEnvs();
	rmSync(folder, { recursive: true, force: true });
});

/** A server that stores what begins with `ok`, refuses the rest, and takes no header longer than ours does. */
function serverThat(fails: (body: string) => Response | null = () => null): Server & { readonly bodies: string[] } {
	const bodies: string[] = [];
	return {
		bodies,
		async ask(_, { body }) {
			const text = (body as Buffer).toString('utf8');
			bodies.push(text);
			const failed = fails(text);
			if (failed !== null) return failed;
			const files = [...text.matchAll(/Content-Location: (\d+\/\S*)\r\n\r\n(ok)?/gu)].map(([header, name = '', ok]) => {
				expect(header.length).toBeLessThan(1024);
				return { name: decodeURIComponent(name), outcome: ok === undefined ? { kind: 'refused', reason: 'not-dicom' } : { kind: 'stored' } };
			});
			return Response.json({ files: files.toReversed() }, { status: 202 });
		},
		leave: () => Promise.resolve()
	};
}
const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const refusals = (): string[] => said.filter((line) => line.startsWith('✗'));

it('names every file that was not taken, and follows no link: not to a file, not to a folder, not round in a circle', async () => {
	put('a.dcm', 'ok');
	put('b.dcm', 'bad');
	const long = join(folder, '很长的目录名'.repeat(10), '再长一些'.repeat(15));
	mkdirSync(long, { recursive: true });
	writeFileSync(join(long, `${'图像'.repeat(30)}.dcm`), 'bad');
	symlinkSync('/etc/passwd', join(folder, 'c-link.dcm'));
	symlinkSync('/etc', join(folder, 'd-folder'));
	symlinkSync('.', join(folder, 'e-circle'));
	symlinkSync('/nowhere', join(folder, 'f-dead.dcm'));
	const server = serverThat();
	expect(await importDicom(server, folder)).toEqual({ stored: 1, refused: 6 });
	expect(server.bodies.join()).not.toContain('root:');
	expect(
		refusals()
			.filter((line) => line.endsWith('是链接，不读取'))
			.map((line) => line.slice(2, 8))
	).toEqual(['c-link', 'd-fold', 'e-circ', 'f-dead']);
	expect(refusals().filter((line) => line.endsWith('不是 DICOM 文件'))).toEqual([
		'✗ b.dcm: 不是 DICOM 文件',
		expect.stringMatching(/^✗ 很长的目录名.*图像\.dcm: 不是 DICOM 文件$/u)
	]);
});

it('what cannot be read or sent is listed, and the others go on', async () => {
	for (let at = 0; at < 90; at++) put(`${String(at).padStart(3, '0')}.dcm`, 'ok');
	put('huge.dcm', '');
	truncateSync(join(folder, 'huge.dcm'), 3 * 1024 * 1024 * 1024);
	mkdirSync(join(folder, 'shut'));
	chmodSync(join(folder, 'shut'), 0);
	let requests = 0;
	const server = serverThat(() => {
		requests++;
		if (requests === 1) throw new TypeError('fetch failed');
		return requests === 2
			? Response.json({ error: { code: 'too-many-parts', message: '文件太多' }, files: [{ name: '0/000.dcm', outcome: { kind: 'stored' } }] }, { status: 413 })
			: null;
	});
	const { stored, refused } = await importDicom(server, folder);
	// Forty were on the line that broke; of the next forty one was told of.
	const shut = refusals().some((line) => line.includes('shut')) ? 1 : 0;
	expect([stored, refused]).toEqual([11, 80 + shut]);
	expect(refusals().filter((line) => line.includes('连不上服务器')).length).toBe(40);
	expect(refusals().filter((line) => line.endsWith('文件太多')).length).toBe(39);
	expect(refusals()).toContain('✗ huge.dcm: 文件太大');
});
