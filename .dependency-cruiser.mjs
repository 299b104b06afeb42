// Who may import whom. Every message is a sentence with the way out; tools/fence.test.ts plants a fault for each rule.
import { existsSync, readdirSync } from 'node:fs';

// Test files, and what only they share.
const TEST = '(\\.test|\\.fixtures)\\.ts$';
const SERVER_FILE = '(/server/|/server\\.ts$)';
const domain = new URL('domain/src/', import.meta.url);

/** One rule for each context, from its own context.ts: it sees the kernel, itself and what it says it depends on. */
export async function contextRules(folder) {
	const rules = [];
	for (const entry of readdirSync(folder, { withFileTypes: true })) {
		const file = new URL(`${entry.name}/context.ts`, folder);
		if (!entry.isDirectory() || entry.name === 'kernel' || !existsSync(file)) continue;
		const { context } = await import(file.href);
		rules.push(dependsOn(context.id, context.dependsOn));
	}
	return rules;
}

export const dependsOn = (id, lower) => ({
	name: `context-${id}`,
	comment: `${id} says in its context.ts that it depends on ${lower.length === 0 ? 'nothing' : lower.join(', ')}. Add the lower context there, or let the other side react to an event.`,
	severity: 'error',
	from: { path: `^domain/src/${id}/`, pathNot: TEST },
	to: { path: '^domain/src/[^/]+/', pathNot: `^domain/src/(${['kernel', id, ...lower].join('|')})/` }
});

export const rules = [
	{
		name: 'no-circles',
		comment: 'These files import each other in a circle. Move what both need into a third.',
		severity: 'error',
		from: { pathNot: 'node_modules' },
		to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }
	},
	{
		name: 'domain-stands-alone',
		comment: 'The domain knows no screen and no socket. Turn the dependency round: the outer workspace calls the domain.',
		severity: 'error',
		from: { path: '^domain/' },
		to: { path: '^(web|sync-server|viewer|e2e)/' }
	},
	{
		name: 'domain-runs-in-the-browser',
		comment: 'Only files under server/ (and server.ts) may use node:, kysely or the database: this one is also loaded by browsers.',
		severity: 'error',
		from: { path: '^domain/src/', pathNot: [SERVER_FILE, TEST, '^domain/src/registry\\.ts$'] },
		to: {
			path: [
				'^(node:)?(fs|path|crypto|url|os|net|http|https|worker_threads|child_process|stream|buffer|util|perf_hooks)(/|$)',
				'node_modules/(kysely|libsql)/',
				SERVER_FILE
			],
			pathNot: '^node_modules/(?!kysely|libsql)'
		}
	},
	{
		name: 'contexts-by-their-doors',
		comment: 'Another context is entered by its index.ts, or from a server file by its server.ts, never by the files behind them.',
		severity: 'error',
		from: { path: '^domain/src/([^/]+)/', pathNot: [TEST, '^domain/src/registry\\.ts$'] },
		to: { path: '^domain/src/[^/]+/', pathNot: ['^domain/src/($1|kernel)/', '^domain/src/[^/]+/(index|server)\\.ts$'] }
	},
	{
		name: 'rooms-not-hospitals',
		comment: 'The sync server knows the kernel of the domain and nothing else of the hospital: give it what it needs through a registry.',
		severity: 'error',
		from: { path: '^sync-server/', pathNot: [TEST, '/bench/', '/test/'] },
		to: { path: ['^domain/src/(?!kernel/)', '^(web|viewer|e2e)/'] }
	},
	{
		name: 'viewer-shows-images',
		comment: 'The viewer imports the domain and its own files only.',
		severity: 'error',
		from: { path: '^viewer/' },
		to: { path: '^(web|sync-server|e2e)/' }
	},
	{
		name: 'one-importer-of-cornerstone',
		comment: 'Only the viewer workspace imports @cornerstonejs. Use what viewer/src/index.ts offers.',
		severity: 'error',
		from: { path: '^(web|domain|sync-server|e2e|tools)/' },
		to: { path: '(^|/)@cornerstonejs/' }
	},
	{
		name: 'modules-side-by-side',
		comment: 'A web module never imports another one. Compose them in a route, or offer a slot.',
		severity: 'error',
		from: { path: '^web/src/modules/([^/]+)/([^/]+)/', pathNot: TEST },
		to: { path: '^web/src/modules/', pathNot: '^web/src/modules/$1/$2/' }
	},
	{
		name: 'routes-modules-kernel-ui',
		comment: 'Inside web the direction is routes -> modules -> kernel -> ui. Pass what you need downwards.',
		severity: 'error',
		from: { path: '^web/src/ui/' },
		to: { path: '^web/src/(kernel|modules|routes|registry)/' }
	},
	{
		name: 'kernel-below-modules',
		comment: 'Inside web the direction is routes -> modules -> kernel -> ui. The kernel meets modules only through the generated registry.',
		severity: 'error',
		from: { path: '^web/src/kernel/' },
		to: { path: '^web/src/(modules|routes)/' }
	},
	{
		name: 'modules-below-routes',
		comment: 'Inside web the direction is routes -> modules -> kernel -> ui. A module never imports a page.',
		severity: 'error',
		from: { path: '^web/src/modules/' },
		to: { path: '^web/src/routes/' }
	},
	{
		name: 'no-server-door-in-the-browser',
		comment: 'Browser code imports a server door. Load the data in a +page.server.ts or ask an endpoint.',
		severity: 'error',
		from: { path: '^web/src/', pathNot: [TEST, '\\.server\\.ts$', '/\\+server\\.ts$', '/server/'] },
		to: { path: ['^domain/src/.*(/server/|/server\\.ts$)', '^domain/src/registry\\.ts$', '^sync-server/src/(?!protocol/)'], dependencyTypesNot: ['type-only'] }
	},
	{
		name: 'journeys-use-the-browser',
		comment: 'A journey knows what a person sees: pages, actors and named fixtures, never the server or the components.',
		severity: 'error',
		from: { path: '^e2e/(journeys|actors|pages)/' },
		// The kernel's door stays open for an auditor, who reads the stored chain itself.
		to: { path: ['^(web|sync-server)/', '^domain/src/.*/server/'], pathNot: '^domain/src/kernel/server/index\\.ts$' }
	}
];

export const options = {
	doNotFollow: { path: 'node_modules' },
	exclude: { path: ['\\.svelte-kit/', '^web/build/', 'test-results/'] },
	tsPreCompilationDeps: true,
	enhancedResolveOptions: {
		exportsFields: ['exports'],
		conditionNames: ['svelte', 'import', 'node', 'default'],
		extensions: ['.ts', '.js', '.mjs', '.svelte', '.json']
	}
};

export default { forbidden: [...rules, ...(await contextRules(domain))], options };
