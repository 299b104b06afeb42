import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
export const freePort = (): Promise<number> =>
	new Promise((resolve) => {
		const server = createServer().listen(0, '127.0.0.1', () => {
			const { port } = server.address() as { port: number };
			server.close(() => {
				resolve(port);
			});
		});
	});

/** A server in a process of its own, as an operator starts and stops it. */
export class House {
	output = '';
	#child: ChildProcess | null = null;
	readonly #env: NodeJS.ProcessEnv;
	readonly #origin: string;

	constructor(port: number, folder: string, env: Readonly<Record<string, string>> = {}) {
		this.#origin = `http://127.0.0.1:${String(port)}`;
		this.#env = { ...process.env, HOST: '127.0.0.1', PORT: String(port), TONGPING_DATA: folder, TONGPING_LOG: 'trace', ...env };
	}

	async start(): Promise<void> {
		const main = new URL('../../web/main.ts', import.meta.url).pathname;
		const child = spawn(process.execPath, ['--disable-proto=throw', main], { env: this.#env, stdio: ['ignore', 'pipe', 'pipe'] });
		this.#child = child;
		for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (this.output += part.toString('utf8')));
		for (const until = Date.now() + 90_000; Date.now() < until; await wait(100)) {
			if (child.exitCode !== null) throw new Error(`the server ended: ${this.output}`);
			const answer = await fetch(`${this.#origin}/api/health`, { signal: AbortSignal.timeout(2000) }).catch(() => null);
			if (answer?.ok === true) return;
		}
		throw new Error('the server did not start');
	}

	async stop(): Promise<{ readonly code: number | null; readonly ms: number }> {
		const child = this.#child;
		const began = performance.now();
		if (child === null || child.exitCode !== null) return { code: child?.exitCode ?? null, ms: 0 };
		return new Promise((resolve) => {
			child.once('exit', (code) => {
				resolve({ code, ms: performance.now() - began });
			});
			child.kill('SIGTERM');
		});
	}

	kill(): void {
		if (this.#child?.exitCode === null) this.#child.kill('SIGKILL');
	}
}

/** A demo hospital of the journey's own, for settings or ends the shared one must not have. Everything that asks for `origin()` asks this one until it is closed. */
export async function ownHouse(env: Readonly<Record<string, string>> = {}): Promise<{ readonly house: House; close(): Promise<void> }> {
	const folder = mkdtempSync(join(tmpdir(), 'tongping-e2e-own-'));
	const port = await freePort();
	const house = new House(port, folder, env);
	const shared = process.env['TONGPING_E2E_PORT'];
	process.env['TONGPING_E2E_PORT'] = String(port);
	const close = async (): Promise<void> => {
		if (shared !== undefined) process.env['TONGPING_E2E_PORT'] = shared;
		await house.stop();
		rmSync(folder, { recursive: true, force: true });
	};
	try {
		await house.start();
	} catch (error) {
		await close();
		throw error;
	}
	return { house, close };
}

/** One of the commands of `package.json`, without the package manager in between. */
export function operate(tool: string, arguments_: readonly string[], env: NodeJS.ProcessEnv): Promise<{ readonly code: number | null; readonly said: string }> {
	const child = spawn(process.execPath, [new URL(`../../tools/${tool}.ts`, import.meta.url).pathname, ...arguments_], {
		env: { ...process.env, TONGPING_LANG: 'zh', ...env }
	});
	let said = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (said += part.toString('utf8')));
	return new Promise((resolve) => {
		child.once('exit', (code) => {
			resolve({ code, said });
		});
	});
}
