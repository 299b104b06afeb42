import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { registry } from '../domain/src/registry.ts';

const page = readFileSync(new URL('../docs/api.md', import.meta.url), 'utf8');

test('docs/api.md has an example of every command', () => {
	const commands = registry.flatMap((served) => served.handlers ?? []).map((handler) => handler.command.name);
	expect(commands.filter((name) => !page.includes(`"command": "${name}"`))).toEqual([]);
});

test('docs/api.md names every kind of live document', () => {
	const kinds = registry.flatMap((served) => served.live ?? []).map((live) => live.kind);
	expect(kinds.filter((kind) => !page.includes(`\`${kind}\``))).toEqual([]);
});
