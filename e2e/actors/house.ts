import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';

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
		for (let tries = 0; tries < 600; tries++) {
			if (child.exitCode !== null) throw new Error(`the server ended: ${this.output}`);
			const answer = await fetch(`${this.#origin}/api/health`, { signal: AbortSignal.timeout(2000) }).catch(() => null);
			if (answer?.ok === true) return;
			await wait(100);
		}
		throw new Error('the server did not start');
	}

	async stop(): Promise<{ readonly code: number | null; readonly ms: number }> {
		const child = this.#child!;
		const began = performance.now();
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
