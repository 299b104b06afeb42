import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

async function freePort(): Promise<number> {
	const listener = createServer().listen(0, '127.0.0.1');
	await new Promise((resolve) => listener.once('listening', resolve));
	const address = listener.address();
	await new Promise((resolve) => listener.close(resolve));
	if (typeof address !== 'object' || address === null) throw new Error('no port is free');
	return address.port;
}

/** A demo hospital of the journey's own, for settings the shared one must not have. Everything that asks for `origin()` asks this one until it is closed. */
export async function ownHouse(env: Readonly<Record<string, string>>): Promise<{ close(): Promise<void> }> {
	const folder = mkdtempSync(join(tmpdir(), 'tongping-e2e-own-'));
	const port = String(await freePort());
	const server = spawn(process.execPath, ['--disable-proto=throw', 'web/main.ts'], {
		cwd: root,
		env: { ...process.env, HOST: '127.0.0.1', PORT: port, TONGPING_DATA: folder, ...env },
		stdio: ['ignore', 'ignore', 'inherit']
	});
	const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
	const shared = process.env['TONGPING_E2E_PORT'];
	process.env['TONGPING_E2E_PORT'] = port;
	const close = async (): Promise<void> => {
		if (shared !== undefined) process.env['TONGPING_E2E_PORT'] = shared;
		server.kill('SIGTERM');
		await ended;
		rmSync(folder, { recursive: true, force: true });
	};
	for (const until = Date.now() + 90_000; ; await new Promise((resolve) => setTimeout(resolve, 300))) {
		const answer = await fetch(`http://127.0.0.1:${port}/api/health`, { signal: AbortSignal.timeout(2000) }).catch(() => null);
		if (answer?.ok) return { close };
		if (server.exitCode !== null || Date.now() > until) {
			await close();
			throw new Error('the hospital of this journey did not start');
		}
	}
}
