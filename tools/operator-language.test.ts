import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { testHospital, type TestHospital } from '@tongping/domain/kernel/server';
import { registry } from '../domain/src/registry.ts';
import { Cannot } from './backup.ts';
import { readsEnglish, settingInWords } from './operator-language.ts';

const HAN = /\p{Script=Han}/u;
/** Words of three letters and more that are neither names of ours nor of programs. */
const ENGLISH = /\b(?!npm|run|verify|backup|restore|start|audit-|TONGPING|sha256|openssl|tmp|note|json|stamps|DATA|tongping|live)[a-z]{3,}\b/u;

it('reads the language of the operator, Chinese unless it says English', () => {
	expect(readsEnglish({})).toBe(false);
	expect(readsEnglish({ LANG: 'C.UTF-8' })).toBe(false);
	expect(readsEnglish({ LANG: 'zh_CN.UTF-8' })).toBe(false);
	expect(readsEnglish({ LANG: 'en_GB.UTF-8' })).toBe(true);
	expect(readsEnglish({ LANG: 'en_US.UTF-8', LC_ALL: 'zh_CN.UTF-8' })).toBe(false);
	expect(readsEnglish({ LANG: 'en_US.UTF-8', TONGPING_LANG: 'zh' })).toBe(false);
	expect(readsEnglish({ LANG: 'zh_CN.UTF-8', TONGPING_LANG: 'en' })).toBe(true);
});

afterEach(() => {
	delete process.env['TONGPING_LANG'];
});
it('says a refusal and a refused setting in that language alone', () => {
	const both = 'TONGPING_DEMO=x is neither on nor off. / TONGPING_DEMO 只能是 on 或 off。';
	process.env['TONGPING_LANG'] = 'en';
	expect([new Cannot('没有。', 'There is none.').message, settingInWords(both)]).toEqual(['There is none.', 'TONGPING_DEMO=x is neither on nor off.']);
	process.env['TONGPING_LANG'] = 'zh';
	expect([new Cannot('没有。', 'There is none.').message, settingInWords(both)]).toEqual(['没有。', 'TONGPING_DEMO 只能是 on 或 off。']);
});

describe('the commands themselves', () => {
	let house: TestHospital;
	let folder: string;
	const ran = (tool: string, lang: string, ...given: readonly string[]): { readonly status: number | null; readonly said: string } => {
		const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, tool), ...given], {
			encoding: 'utf8',
			env: { ...process.env, LC_ALL: '', LC_MESSAGES: '', TONGPING_LANG: '', LANG: lang, TONGPING_DATA: house.dataDir }
		});
		// Paths may hold anything.
		return { status, said: (stdout + stderr).replaceAll(/\/\S+/gu, '') };
	};
	beforeAll(async () => {
		process.env['TONGPING_DEMO_PASSWORD'] = 'one-screen-2026';
		house = await testHospital(registry);
		folder = mkdtempSync(join(tmpdir(), 'tongping-language-'));
		await house.hospital.writer.append([{ doc: 'note/a', generation: 0, update: new Uint8Array([0, 0]), user: 'u', session: 's' }]);
	});
	afterAll(async () => {
		await house.close();
		rmSync(folder, { recursive: true, force: true });
	});

	for (const [lang, foreign, own] of [
		['zh_CN.UTF-8', ENGLISH, HAN],
		['en_US.UTF-8', HAN, /\b[a-z]{2,}\b/u]
	] as const)
		it(`${lang}: verify, backup and restore, when all is well and when it is not`, () => {
			const file = join(folder, `${lang}.db`);
			const taken = join(folder, lang);
			const runs = [
				ran('verify.ts', lang),
				ran('backup.ts', lang, file),
				ran('backup.ts', lang, file),
				ran('restore.ts', lang, file, taken),
				ran('restore.ts', lang, file, taken)
			];
			expect(runs.map(({ status }) => status)).toEqual([0, 0, 1, 0, 1]);
			for (const { said } of runs) expect([said, foreign.test(said), own.test(said)]).toEqual([said, false, true]);
		}, 90_000);

	it('also for what does not hold', async () => {
		const { default: Database } = await import('libsql');
		const raw = new Database(join(house.dataDir, 'tongping.db'));
		raw.prepare(`update live_log set user = 'somebody else'`).run([]);
		raw.prepare(`update live_document set sealed = 1`).run([]);
		raw.close();
		const [zh, en] = [ran('verify.ts', 'zh_CN.UTF-8'), ran('verify.ts', 'en_US.UTF-8')];
		expect([zh.status, en.status]).toEqual([1, 1]);
		expect(zh.said).toContain('权限或封存与审计不符');
		expect([ENGLISH.test(zh.said), HAN.test(en.said)]).toEqual([false, false]);
	}, 90_000);
});
