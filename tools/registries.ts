// Writes the lists that join modules to the servers and to the browser, from the folders alone: nobody edits them, so nobody collides in them.
// `npm run registries` writes, `npm run registries -- --check` refuses a list that no longer matches the folders.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';

export interface Context {
	readonly id: string;
	readonly dependsOn: readonly string[];
	/** modules whose demo data others of the same context build on, in that order; the rest follow by name */
	readonly order?: readonly string[];
}

export interface Slice {
	readonly context: string;
	readonly module: string;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LOCALES = ['zh-CN', 'en'] as const;
const HEADER = '// Generated from the folders by `npm run registries`. Do not edit.\n';

const folders = (path: string): string[] =>
	existsSync(path)
		? readdirSync(path, { withFileTypes: true })
				.filter((entry) => entry.isDirectory())
				.map((entry) => entry.name)
				.sort()
		: [];

export async function readContexts(root: string): Promise<Context[]> {
	const contexts: Context[] = [];
	for (const id of folders(join(root, 'domain/src'))) {
		if (id === 'kernel') continue;
		const path = join(root, 'domain/src', id, 'context.ts');
		if (!existsSync(path)) throw new Error(`domain/src/${id} has no context.ts: say there which contexts it depends on.`);
		const loaded = (await import(pathToFileURL(path).href)) as { context?: Context };
		if (loaded.context?.id !== id) throw new Error(`domain/src/${id}/context.ts must export \`context\` with id '${id}'.`);
		contexts.push(loaded.context);
	}
	return contexts;
}

/** Lower contexts first, equals by name. Throws a sentence naming the circle or the stranger. */
export function inOrder(contexts: readonly Context[]): Context[] {
	const byId = new Map(contexts.map((context) => [context.id, context]));
	const done: Context[] = [];
	const visit = (context: Context, path: readonly string[]): void => {
		if (done.includes(context)) return;
		if (path.includes(context.id)) throw new Error(`Contexts depend on each other in a circle: ${[...path, context.id].join(' -> ')}.`);
		for (const id of [...context.dependsOn].sort()) {
			const lower = byId.get(id);
			if (lower === undefined) throw new Error(`${context.id} depends on '${id}', and there is no domain/src/${id}.`);
			visit(lower, [...path, context.id]);
		}
		done.push(context);
	};
	for (const context of [...contexts].sort((a, b) => (a.id < b.id ? -1 : 1))) visit(context, []);
	return done;
}

export function slicesOf(root: string, ordered: readonly Context[]): Slice[] {
	return ordered.flatMap((context) => {
		// `server/` of a context holds what several of its modules share; it is not a module.
		const present = folders(join(root, 'domain/src', context.id)).filter((name) => name !== 'server');
		const first = (context.order ?? []).filter((module) => present.includes(module));
		return [...first, ...present.filter((module) => !first.includes(module))].map((module) => ({ context: context.id, module }));
	});
}

const nameOf = (slice: Slice): string => `${slice.context}-${slice.module}`.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const source = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

function servedList(root: string, slices: readonly Slice[]): string {
	const served = slices.filter(({ context, module }) => source(join(root, 'domain/src', context, module, 'server/index.ts')).includes('export const served'));
	const imports = served.map((slice) => `import { served as ${nameOf(slice)} } from './${slice.context}/${slice.module}/server/index.ts';`);
	return `import type { Served } from './kernel/server/module.ts';\n${imports.join('\n')}\n\n/** Every module's share of the servers, lower contexts first: the order of migrations and of demo data. */\nexport const registry: readonly Served[] = [${served.map(nameOf).join(', ')}];\n`;
}

function faceList(root: string, slices: readonly Slice[]): string {
	const faces = slices.flatMap((slice) => {
		const found = source(join(root, 'domain/src', slice.context, slice.module, 'face.ts'));
		const named = /export const (\w+)(?:: Face)? = face\(/.exec(found)?.[1];
		if (named === undefined && !found.includes('export default face(')) return [];
		return [{ slice, imported: named === undefined ? nameOf(slice) : `{ ${named} as ${nameOf(slice)} }` }];
	});
	const imports = faces.map(({ slice, imported }) => `import ${imported} from '@tongping/domain/${slice.context}/${slice.module}/face';`);
	return `import type { Face } from '@tongping/domain/kernel';\n${imports.join('\n')}\n\nexport const faces: readonly Face[] = [${faces.map(({ slice }) => nameOf(slice)).join(', ')}];\n`;
}

function refusalList(root: string): string {
	const modules = join(root, 'web/src/modules');
	const slices = folders(modules)
		.flatMap((context) => folders(join(modules, context)).map((module) => ({ context, module })))
		.filter(({ context, module }) =>
			LOCALES.every((locale) => source(join(modules, context, module, 'i18n', `${locale}.ts`)).includes('export const refusals'))
		);
	const alias = (slice: Slice, locale: string): string => `${nameOf(slice)}${locale === 'en' ? 'En' : 'Zh'}`;
	const imports = slices.flatMap((slice) =>
		LOCALES.map((locale) => `import { refusals as ${alias(slice, locale)} } from '../modules/${slice.context}/${slice.module}/i18n/${locale}.ts';`)
	);
	const merged = LOCALES.map((locale) => `'${locale}': { ${slices.map((slice) => `...${alias(slice, locale)}`).join(', ')} }`);
	return `import type { RefusalFacts } from '@tongping/domain/kernel';\n${imports.join('\n')}\n\ntype Sentence = (facts: RefusalFacts) => string;\n/** What a refusal says to the person who meets it, by its code. */\nexport const refusals: Readonly<Record<'zh-CN' | 'en', Readonly<Record<string, Sentence>>>> = { ${merged.join(', ')} };\n`;
}

export async function registries(root: string): Promise<ReadonlyMap<string, string>> {
	const slices = slicesOf(root, inOrder(await readContexts(root)));
	const files = new Map<string, string>([
		['domain/src/registry.ts', servedList(root, slices)],
		['web/src/registry/faces.ts', faceList(root, slices)],
		['web/src/registry/refusals.ts', refusalList(root)]
	]);
	for (const [path, text] of files) {
		const config = await resolveConfig(join(ROOT, path));
		files.set(path, HEADER + (await format(text, { ...config, filepath: path })));
	}
	return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const check = process.argv.includes('--check');
	const stale: string[] = [];
	for (const [path, text] of await registries(ROOT)) {
		const target = join(ROOT, path);
		if (source(target) === text) continue;
		stale.push(path);
		if (check) continue;
		mkdirSync(dirname(target), { recursive: true });
		writeFileSync(target, text);
	}
	if (check && stale.length > 0) {
		console.error(`${stale.join(', ')} no longer match the folders. Run \`npm run registries\` and commit the result.`);
		process.exitCode = 1;
	} else console.log(stale.length > 0 ? `wrote ${stale.join(', ')}` : 'the registries match the folders');
}
