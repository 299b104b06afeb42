import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('a folder without anything to import is said, not counted as done', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'tongping-nothing-'));
	const server = http.createServer((_, response) => response.setHeader('content-type', 'application/json').end('{"token":"t"}'));
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as { port: number };
	try {
		const env = { ...process.env, TONGPING_URL: `http://127.0.0.1:${port}`, TONGPING_IMPORT_USER: 'a', TONGPING_IMPORT_PASSWORD: 'b' };
		const child = spawn(process.execPath, [fileURLToPath(new URL('../import.ts', import.meta.url)), 'fhir', folder], {
			env,
			stdio: ['ignore', 'ignore', 'pipe']
		});
		let said = '';
		child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
		const [code] = (await once(child, 'exit')) as [number];
		expect([code, said]).toEqual([1, expect.stringContaining('nothing to import')]);
	} finally {
		server.close();
		rmSync(folder, { recursive: true, force: true });
	}
});
