import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** How many files of compiled code a server has left that was killed while it ran. */
async function leftBy(mode: 'keep' | 'forget'): Promise<number> {
	const folder = mkdtempSync(join(tmpdir(), 'tongping-compiled-'));
	const child = spawn(process.execPath, [join(import.meta.dirname, 'compiled.child.ts'), mode], {
		env: { ...process.env, NODE_COMPILE_CACHE: folder, NODE_DISABLE_COMPILE_CACHE: undefined },
		stdio: ['ignore', 'pipe', 'inherit']
	});
	try {
		await once(child.stdout, 'data');
		const gone = once(child, 'exit');
		child.kill('SIGKILL');
		await gone;
		return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
	} finally {
		child.kill('SIGKILL');
		rmSync(folder, { recursive: true, force: true });
	}
}

test('a server that is killed has left its compiled code for the next start; one that only writes it when it ends has not', async () => {
	expect(await leftBy('keep')).toBeGreaterThan(0);
	expect(await leftBy('forget')).toBe(0);
});
