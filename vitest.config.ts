import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const NEVER = ['**/node_modules/**', '**/build/**', '**/.svelte-kit/**', 'e2e/**'];

export default defineConfig({
	test: {
		projects: [
			{
				test: {
					name: 'node',
					environment: 'node',
					include: ['domain/src/**/*.test.ts', 'sync-server/**/*.test.ts', 'viewer/**/*.test.ts', 'tools/**/*.test.ts'],
					exclude: NEVER,
					testTimeout: 20_000,
					hookTimeout: 30_000
				}
			},
			{
				root: 'web',
				// Rune controllers and components are compiled as the server compiles them: no DOM, no clock of a browser.
				plugins: [svelte({ configFile: false })],
				test: {
					name: 'web',
					environment: 'node',
					include: ['src/**/*.test.ts', 'server/**/*.test.ts'],
					exclude: NEVER,
					testTimeout: 20_000,
					hookTimeout: 30_000
				}
			}
		]
	}
});
