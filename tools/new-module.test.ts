import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sliceFiles } from './new-module.ts';
import { registries } from './registries.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
let folder = '';
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'tongping-slice-'));
	mkdirSync(join(folder, 'domain/src'), { recursive: true });
	symlinkSync(join(root, 'domain/src/kernel'), join(folder, 'domain/src/kernel'));
	symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
	for (const lower of ['organization', 'patient']) {
		mkdirSync(join(folder, 'domain/src', lower));
		writeFileSync(join(folder, 'domain/src', lower, 'context.ts'), `export const context = { id: '${lower}', dependsOn: [] } as const;\n`);
	}
});
afterEach(() => {
	rmSync(folder, { recursive: true });
});

test('a new slice loads, decides, and stands in every registry', async () => {
	for (const [path, text] of sliceFiles('laboratory', 'cold-room', false)) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), text);
	}
	const written = await registries(folder);
	expect(written.get('domain/src/registry.ts')).toContain(`import { served as laboratoryColdRoom } from './laboratory/cold-room/server/index.ts';`);
	expect(written.get('web/src/registry/faces.ts')).toContain('laboratoryColdRoom');
	expect(written.get('web/src/registry/refusals.ts')).toContain('laboratoryColdRoomZh');
	const { recordColdRoom } = (await import(pathToFileURL(join(folder, 'domain/src/laboratory/cold-room/commands.ts')).href)) as {
		recordColdRoom: { name: string };
	};
	expect(recordColdRoom.name).toBe('laboratory.cold-room.record');
});
