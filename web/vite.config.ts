import { readdirSync } from 'node:fs';
import tailwindcss from '@tailwindcss/vite';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig, type Plugin } from 'vite';
import config from '../svelte.config.js';

/** One Yjs in the process: two break its constructor checks. */
const crdt = /^(yjs|lib0|y-protocols|y-websocket)(\/|$)/;
/** Raw TypeScript workspaces that hold the one database and the one set of rooms: bundled, they would exist twice. */
const shared = /^@tongping\/(domain|sync-server)(\/|$)/;
const contexts = readdirSync(new URL('../domain/src', import.meta.url), { withFileTypes: true })
	.filter((entry) => entry.isDirectory())
	.map((entry) => entry.name);
const doors = [
	'@tongping/sync-server',
	'@tongping/sync-server/protocol',
	...contexts.flatMap((context) => [`@tongping/domain/${context}`, `@tongping/domain/${context}/server`])
];
const serverDoor = /\/domain\/src\/.*(\/server\/|\/server\.ts$)|\/sync-server\/src\/(?!protocol\/)/;

const browserGuard = (): Plugin => ({
	name: 'no-server-door-in-browser',
	enforce: 'pre',
	async resolveId(id, importer) {
		if (this.environment.name !== 'client' || !importer) return;
		if (!shared.test(id) && !/\/(domain|sync-server)\/src\//.test(importer)) return;
		const resolved = await this.resolve(id, importer, { skipSelf: true });
		if (resolved && serverDoor.test(resolved.id)) this.error(`browser code imports the server door ${id} from ${importer}`);
		return resolved;
	}
});

export default defineConfig({
	plugins: [browserGuard(), tailwindcss(), await sveltekit(config as never)],
	server: { fs: { allow: ['../domain/src', '../sync-server/src', '../viewer/src', '../node_modules'] } },
	worker: { format: 'es' },
	build: { target: 'esnext', chunkSizeWarningLimit: 8000 },
	// Component packages are found by the Svelte plugin only in this workspace's own package.json; ours are hoisted.
	ssr: { external: doors, noExternal: ['@lucide/svelte', 'bits-ui', 'svelte-toolbelt', 'runed'] },
	environments: { ssr: { build: { rolldownOptions: { external: [shared, crdt] } } } }
});
