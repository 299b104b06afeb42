// The house inspects itself: what the folders promise is there, in the right direction, with a sentence for every refusal.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { inOrder, readContexts, registries, slicesOf, type Context } from './registries.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const contexts = await readContexts(root);
const slices = slicesOf(root, inOrder(contexts));
const text = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const filesUnder = (folder: string): string[] =>
	existsSync(folder)
		? readdirSync(folder, { recursive: true, withFileTypes: true })
				.filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
				.map((entry) => join(entry.parentPath, entry.name))
		: [];
const domainFiles = filesUnder(join(root, 'domain/src')).filter((path) => path.endsWith('.ts'));

describe('every module has the shape of a module', () => {
	test.for(slices.map((slice) => [`${slice.context}/${slice.module}`, slice] as const))('%s', ([, { context, module }]) => {
		const folder = join(root, 'domain/src', context, module);
		const missing = ['face.ts', `${module}.ts`, 'server/index.ts'].filter((file) => !existsSync(join(folder, file)));
		const main = text(join(folder, `${module}.ts`)) + text(join(folder, 'decide.ts'));
		if (/\bcommand</.test(main) && !/\bpolicy\b/.test(main)) missing.push('policy.ts: a command says who may');
		if (existsSync(join(folder, 'decide.ts')) && !filesUnder(folder).some((path) => path.endsWith('.test.ts'))) missing.push('a test beside decide.ts');
		expect(missing).toEqual([]);
		expect(text(join(folder, 'server/index.ts'))).toContain('export const served');
	});
});

describe('contexts', () => {
	test.for(contexts.map((context) => [context.id] as const))('%s has its doors', ([id]) => {
		expect(existsSync(join(root, 'domain/src', id, 'index.ts'))).toBe(true);
		expect(existsSync(join(root, 'domain/src', id, 'server.ts'))).toBe(true);
	});

	test('stand above one another without circles', () => {
		expect(inOrder(contexts)).toHaveLength(contexts.length);
	});

	test('a circle is named, and so is a stranger', () => {
		const circle: Context[] = [
			{ id: 'a', dependsOn: ['b'] },
			{ id: 'b', dependsOn: ['a'] }
		];
		expect(() => inOrder(circle)).toThrow('a -> b -> a');
		expect(() => inOrder([{ id: 'a', dependsOn: ['nowhere'] }])).toThrow("depends on 'nowhere'");
	});
});

test('the generated registries match the folders', async () => {
	for (const [path, wanted] of await registries(root)) expect(text(join(root, path)), `${path}: run npm run registries`).toBe(wanted);
});

describe('refusals', () => {
	const asked = new Map<string, string>();
	for (const path of domainFiles.filter((file) => !file.endsWith('.test.ts'))) {
		for (const match of text(path).matchAll(/\brefuse\(\s*'([a-z0-9-]+)'/g)) asked.set(match[1] ?? '', path.slice(root.length));
	}
	// The kernel's own codes are spoken by the dispatcher and by /api/commands.
	const kernelCodes = new Set(['patient-mismatch', 'step-up-needed', 'command-reused']);

	test.for(['zh-CN', 'en'])('each has a sentence in %s', async (locale) => {
		const sentences = new Set<string>();
		for (const path of filesUnder(join(root, 'web/src')).filter((file) => file.endsWith(`i18n/${locale}.ts`))) {
			const loaded = (await import(path)) as { refusals?: Record<string, unknown> };
			for (const code of Object.keys(loaded.refusals ?? {})) sentences.add(code);
		}
		const silent = [...asked].filter(([code]) => !sentences.has(code) && !kernelCodes.has(code)).map(([code, path]) => `${code} (${path})`);
		expect(silent).toEqual([]);
	});

	test('no sentence blames or shouts', () => {
		const loud = filesUnder(join(root, 'web/src'))
			.filter((path) => path.endsWith('i18n/zh-CN.ts'))
			.flatMap((path) => [...text(path).matchAll(/失败|错误|非法|请联系管理员|[!！]['"`]/g)].map((match) => `${path.slice(root.length)}: ${match[0]}`));
		expect(loud).toEqual([]);
	});
});

describe('names and sizes', () => {
	const ours = ['domain/src', 'sync-server/src', 'viewer/src', 'web/src', 'tools', 'e2e'].flatMap((folder) => filesUnder(join(root, folder)));

	test('nothing is called utils, helper, manager, common or misc', () => {
		expect(ours.filter((path) => /(^|[/-])(utils?|helpers?|managers?|commons?|misc)([./-]|$)/i.test(path.slice(root.length)))).toEqual([]);
	});

	// A component carries its markup and its style with it.
	const LIMITS = { ts: 500, mjs: 500, svelte: 650 } as const;
	test('no file grows past what one idea needs', () => {
		const long = ours.filter((path) => {
			const kind = /\.(ts|mjs|svelte)$/.exec(path)?.[1] as keyof typeof LIMITS | undefined;
			return kind !== undefined && text(path).split('\n').length > LIMITS[kind];
		});
		expect(long.map((path) => path.slice(root.length))).toEqual([]);
	});

	test('nothing is left to do, and no type is escaped', () => {
		const left = ours
			.filter((path) => /\.(ts|mjs|svelte)$/.test(path) && !path.endsWith('house.test.ts'))
			.flatMap((path) =>
				[...text(path).matchAll(/\b(TODO|FIXME|XXX)\b|@ts-ignore|@ts-nocheck|\bas any\b(?! [a-z])/g)].map((match) => `${path.slice(root.length)}: ${match[0]}`)
			);
		expect(left).toEqual([]);
	});
});
