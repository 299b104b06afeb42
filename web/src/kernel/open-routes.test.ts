import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { doorstep, OPEN_ROUTES } from './open-routes.ts';

const routes = fileURLToPath(new URL('../routes', import.meta.url));
const ids = new Set(
	readdirSync(routes, { recursive: true, encoding: 'utf8' })
		.filter((path) => /\+(page|server)(\.|\b)/u.test(path))
		.map((path) => `/${dirname(path)}`.replace(/\/\.$/u, '/'))
);

it('opens exactly the doors a stranger needs, and each of them exists', () => {
	expect([...ids].filter((id) => doorstep(id) === 'open').sort()).toEqual([...OPEN_ROUTES].sort());
});

it('keeps a page closed that nobody thought of', () => {
	expect(doorstep('/(app)/something/new')).toBe('page');
	expect(doorstep('/api/something/new')).toBe('api');
	expect(doorstep('/dicomweb/studies')).toBe('api');
});
