import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const LONG = { timeout: 60_000 };
let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'tongping-open-'));
});
afterAll(() => {
	rmSync(folder, { recursive: true, force: true });
});

/** A server process as far as its data folder, and its last words. */
function open(name: string, demo: boolean, password = ''): { readonly code: number | null; readonly said: string } {
	const program = `
		const { openData } = await import(${JSON.stringify(new URL('open-data.ts', import.meta.url).href)});
		const { signIn } = await import(${JSON.stringify(new URL('../../domain/src/identity-access/server.ts', import.meta.url).href)});
		const opened = await openData({ dataDir: ${JSON.stringify(join(folder, name))}, demo: ${demo} }, (error) => { throw error; });
		if (${demo}) console.log((await signIn({ username: 'nurse1', password: process.env.TONGPING_DEMO_PASSWORD }, '127.0.0.1')).ok ? 'opens' : 'does not open');
		await opened.close();`;
	const env = { ...process.env, TONGPING_DEMO_PASSWORD: password };
	const file = join(folder, 'open.mjs');
	writeFileSync(file, program);
	const { status, stdout, stderr } = spawnSync(process.execPath, [file], { env, encoding: 'utf8' });
	return { code: status, said: stdout + stderr };
}

it('the demo password printed at any start opens the demo accounts', LONG, () => {
	expect(open('demo', true, 'first-horse-1')).toMatchObject({ code: 0, said: 'opens\n' });
	expect(open('demo', true, 'second-horse-2')).toMatchObject({ code: 0, said: 'opens\n' });
	expect(open('demo', true)).toMatchObject({ code: 0, said: 'opens\n' });
	const kept = join(folder, 'demo', 'demo-password');
	expect(readFileSync(kept, 'utf8')).toBe('second-horse-2\n');
	expect(statSync(kept).mode & 0o077).toBe(0);
});

it('a demo hospital is not opened as a real one, nor a real one as a demo', LONG, () => {
	expect(open('demo-2', true).code).toBe(0);
	expect(open('demo-2', false)).toMatchObject({ code: 1, said: expect.stringContaining('holds the demo hospital') as string });
	expect(open('real', false).code).toBe(0);
	expect(open('real', true)).toMatchObject({ code: 1, said: expect.stringContaining('holds a hospital of its own') as string });
	expect(open('real', false).code).toBe(0);
});

it('a file that is no database is left as it is, with a sentence', LONG, () => {
	mkdirSync(join(folder, 'torn'));
	const words = 'no database '.repeat(1000);
	writeFileSync(join(folder, 'torn', 'tongping.db'), words);
	expect(open('torn', false)).toMatchObject({ code: 1, said: expect.stringContaining('cannot be read as a database') as string });
	expect(readFileSync(join(folder, 'torn', 'tongping.db'), 'utf8')).toBe(words);
});
