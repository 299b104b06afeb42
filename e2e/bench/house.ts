import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START = JSON.parse(readFileSync(join(ROOT, 'tools/server-start.json'), 'utf8')) as {
	readonly flags: readonly string[];
	readonly mallocArenas: string;
	readonly compileCache: string;
};
export const PASSWORD = 'one-screen-bench-2026';

export const freePort = (): Promise<number> =>
	new Promise((resolve) => {
		const probe = createServer().listen(0, '127.0.0.1', () => {
			const address = probe.address();
			probe.close(() => {
				resolve(typeof address === 'object' && address !== null ? address.port : 0);
			});
		});
	});

/** The production server on a data folder of its own; ends with `stop`, by pid. */
export interface House {
	readonly origin: string;
	readonly dataDir: string;
	readonly pid: number;
	/** milliseconds from spawn to the first answered health check */
	readonly startMs: number;
	rssMb(): number;
	token(username: string): Promise<string>;
	command(token: string, command: string, input: unknown): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
	stop(signal?: NodeJS.Signals): Promise<void>;
}

export async function openHouse({
	dataDir = mkdtempSync(join(tmpdir(), 'tongping-bench-')),
	env = {}
}: { readonly dataDir?: string; readonly env?: Readonly<Record<string, string>> } = {}): Promise<House> {
	const port = await freePort();
	const origin = `http://127.0.0.1:${port}`;
	const started = performance.now();
	const child: ChildProcess = spawn(process.execPath, [...START.flags, 'web/main.ts'], {
		cwd: ROOT,
		env: {
			...process.env,
			MALLOC_ARENA_MAX: START.mallocArenas,
			NODE_COMPILE_CACHE: join(ROOT, START.compileCache),
			PORT: String(port),
			TONGPING_DATA: dataDir,
			TONGPING_DEMO_PASSWORD: PASSWORD,
			TONGPING_LOG: 'error',
			...env
		},
		stdio: ['ignore', 'ignore', 'inherit']
	});
	const { pid } = child;
	if (pid === undefined) throw new Error('the server did not start');
	for (;;) {
		if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode} before it answered`);
		const answer = await fetch(`${origin}/api/health`).catch(() => null);
		if (answer?.ok) break;
		await new Promise((resolve) => setTimeout(resolve, 25));
	}
	const startMs = performance.now() - started;
	const post = async (path: string, body: unknown, token?: string): Promise<{ status: number; body: Record<string, unknown> }> => {
		const response = await fetch(origin + path, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
			body: JSON.stringify(body)
		});
		return { status: response.status, body: (await response.json()) as Record<string, unknown> };
	};
	return {
		origin,
		dataDir,
		pid,
		startMs,
		rssMb: () => Number(/VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024,
		async token(username) {
			const { body } = await post('/api/session', { username, password: PASSWORD, kind: 'token' });
			return String(body['token']);
		},
		command: (token, command, input) => post('/api/commands', { commandId: crypto.randomUUID(), command, input }, token),
		stop: (signal = 'SIGTERM') =>
			new Promise((resolve) => {
				child.once('exit', () => {
					resolve();
				});
				child.kill(signal);
			})
	};
}

export const discard = (house: House): void => {
	rmSync(house.dataDir, { recursive: true, force: true });
};

/** Percentile of a sample, nearest rank. */
export function percentile(values: readonly number[], p: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** One line of the table in docs/benchmarks.md. */
export interface Figure {
	readonly what: string;
	readonly value: number;
	readonly unit: string;
	readonly bar: string;
	readonly holds: boolean;
	readonly note?: string;
}
export const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
