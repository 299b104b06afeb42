import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const FLAG = '--disable-proto=throw';

it.each(['tools/server-start.json', 'e2e/playwright.config.ts'])('%s starts the server without `__proto__`', (file) => {
	expect(readFileSync(root + file, 'utf8')).toContain(FLAG);
});

it.each(['tools/setup.mjs', 'e2e/bench/house.ts'])('%s starts it as the one file says', (file) => {
	expect(readFileSync(root + file, 'utf8')).toContain('server-start.json');
});

it('judges of the sync server are given the command of the product', () => {
	const read = (file: string): unknown => JSON.parse(readFileSync(root + file, 'utf8'));
	const { flags, mallocArenas, compileCache } = read('tools/server-start.json') as { flags: string[]; mallocArenas: string; compileCache: string };
	const { args, env } = read('sync-server/bench/peer.json') as { args: string[]; env: Record<string, string> };
	expect(args.slice(0, -1)).toEqual(flags);
	expect([env['MALLOC_ARENA_MAX'], env['NODE_COMPILE_CACHE']]).toEqual([mallocArenas, compileCache]);
});

const run = (code: string): string => execFileSync(process.execPath, [FLAG, '--input-type=module', '-e', code], { cwd: root, encoding: 'utf8' });

it('what the server is made of does not need it', () => {
	const parts = ['kysely', 'libsql', 'yjs', 'ws', 'socket.io', 'zod', 'pino', 'pdfmake', 'pinyin-pro', '@node-rs/argon2', 'dicom-parser'];
	const code = `await Promise.all(${JSON.stringify(parts)}.map((part) => import(part)));
		const { default: Database } = await import('libsql');
		const db = new Database(':memory:');
		db.exec('create table bed (id text); insert into bed values (1)');
		console.log(JSON.stringify(db.prepare('select * from bed').all()));`;
	expect(run(code)).toContain('[{"id":"1"}]');
	expect(() => run('({}).__proto__')).toThrow(/ERR_PROTO_ACCESS/u);
});
