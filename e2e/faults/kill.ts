/**
 * kill -9 at a seeded moment while three people type and one reads; everybody is gone, the server starts again. Nothing
 * that was acknowledged and nothing that anybody saw may be missing. `--early`: the control, a server that answers before
 * it stores, which this test must convict. npm run faults:kill
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { seeded } from '../../sync-server/src/gate/random.ts';
import { TestClient } from '../../sync-server/src/testing.fixtures.ts';

export interface KillResult {
	readonly seed: number;
	readonly runs: number;
	readonly early: boolean;
	readonly sent: number;
	readonly acknowledged: number;
	readonly seen: number;
	readonly lostAcknowledged: number;
	readonly lostSeen: number;
}

interface Running {
	readonly process: ChildProcess;
	readonly port: number;
}

async function start(folder: string, early: boolean): Promise<Running> {
	const child = spawn(process.execPath, [new URL('../../sync-server/bench/server.ts', import.meta.url).pathname], {
		env: { ...process.env, PORT: '0', DB: join(folder, 'app.db'), ...(early ? { BENCH_APPEND: 'early' } : {}) },
		stdio: ['ignore', 'pipe', 'inherit']
	});
	for await (const line of createInterface({ input: child.stdout })) return { process: child, port: (JSON.parse(line) as { listening: number }).listening };
	throw new Error('the server did not start');
}
const killed = (child: ChildProcess): Promise<void> =>
	new Promise((resolve) => {
		child.once('exit', () => {
			resolve();
		});
		child.kill('SIGKILL');
	});
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const words = (client: TestClient): string[] => client.doc.getArray<string>('log').toArray();

export async function killRuns({ runs = 20, seed = 1, early = false, minMs = 300, maxMs = 1500 } = {}): Promise<KillResult> {
	const random = seeded(seed);
	const folder = mkdtempSync(join(tmpdir(), 'tongping-kill-'));
	const total = { sent: 0, acknowledged: 0, seen: 0, lostAcknowledged: 0, lostSeen: 0 };
	let server = await start(folder, early);
	try {
		for (let run = 0; run < runs; run++) {
			const join = (user: string): Promise<TestClient> =>
				new TestClient(`ws://127.0.0.1:${String(server.port)}/sync/bench/run-${String(run)}?user=${user}&v=1`).ready();
			const reader = await join('reader');
			const writers = await Promise.all(['w0', 'w1', 'w2'].map(join));
			const sent = writers.map(() => 0);
			const typing = setInterval(() => {
				writers.forEach((writer, w) => writer.doc.getArray<string>('log').push([`${String(w)}:${String(sent[w]!++)}`]));
			}, 8);
			await wait(minMs + random.below(maxMs - minMs));
			await killed(server.process);
			clearInterval(typing);
			await wait(30);
			// The first ack of each was for its answer to the server's question.
			const acknowledged = writers.flatMap((writer, w) => [...Array(Math.max(0, writer.acked - 1)).keys()].map((n) => `${String(w)}:${String(n)}`));
			const seen = new Set([...words(reader), ...writers.flatMap((writer, w) => words(writer).filter((word) => !word.startsWith(`${String(w)}:`)))]);
			for (const client of [reader, ...writers]) client.close();
			server = await start(folder, early);
			const after = await join('judge');
			const have = new Set(words(after));
			after.close();
			total.sent += sent.reduce((sum, n) => sum + n, 0);
			total.acknowledged += acknowledged.length;
			total.seen += seen.size;
			total.lostAcknowledged += acknowledged.filter((word) => !have.has(word)).length;
			total.lostSeen += [...seen].filter((word) => !have.has(word)).length;
		}
	} finally {
		await killed(server.process);
		rmSync(folder, { recursive: true, force: true });
	}
	return { seed, runs, early, ...total };
}

if (import.meta.main) {
	const seed = Number(process.argv.find((argument) => argument.startsWith('--seed='))?.slice(7) ?? 1);
	const runs = Number(process.argv.find((argument) => argument.startsWith('--runs='))?.slice(7) ?? 20);
	const result = await killRuns({ runs, seed });
	const control = await killRuns({ runs: 2, seed, early: true });
	const holds =
		result.acknowledged > 0 &&
		result.seen > 0 &&
		result.lostAcknowledged === 0 &&
		result.lostSeen === 0 &&
		control.lostAcknowledged > 0 &&
		control.lostSeen > 0;
	console.log(JSON.stringify({ test: 'kill -9', holds, result, control }));
	process.exit(holds ? 0 : 1);
}
