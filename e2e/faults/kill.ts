/**
 * kill -9 at a seeded moment while three people type and one reads; everybody is gone, the server starts again. Nothing
 * that was acknowledged and nothing that anybody saw may be missing. A third of the kills strikes while a compaction runs,
 * a third once more while the server starts again. The control, a server that answers before it stores, must be
 * convicted. npm run faults:kill -- --runs 200 --seed 1
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { seeded } from '../../sync-server/src/gate/random.ts';
import { TestClient } from '../../sync-server/src/testing.fixtures.ts';

export interface KillResult {
	readonly seed: number;
	readonly runs: number;
	readonly early: boolean;
	/** kills a few ms after a compaction had begun */
	readonly duringCompaction: number;
	/** second kills while the server was starting on what the first had left */
	readonly duringStart: number;
	readonly sent: number;
	readonly acknowledged: number;
	readonly seen: number;
	readonly lostAcknowledged: number;
	readonly lostSeen: number;
}

interface Running {
	readonly process: ChildProcess;
	readonly port: number;
	/** calls once, when the next compaction begins */
	onCompaction: (() => void) | null;
}

const spawned = (folder: string, early: boolean): ChildProcess & { readonly stdout: NonNullable<ChildProcess['stdout']> } =>
	spawn(process.execPath, [new URL('../../sync-server/bench/server.ts', import.meta.url).pathname], {
		env: { ...process.env, PORT: '0', DB: join(folder, 'app.db'), BENCH_COMPACT_ROWS: '25', ...(early ? { BENCH_APPEND: 'early' } : {}) },
		stdio: ['ignore', 'pipe', 'inherit']
	});

function start(folder: string, early: boolean): Promise<Running> {
	const child = spawned(folder, early);
	let running: Running | null = null;
	return new Promise((resolve, reject) => {
		child.once('exit', () => {
			reject(new Error('the server did not start'));
		});
		createInterface({ input: child.stdout }).on('line', (line) => {
			const said = JSON.parse(line) as { readonly listening?: number; readonly compacting?: string };
			if (said.listening !== undefined) resolve((running = { process: child, port: said.listening, onCompaction: null }));
			if (said.compacting === undefined || running === null) return;
			running.onCompaction?.();
			running.onCompaction = null;
		});
	});
}

/** Starts on what a kill has left, and is killed again before or just after it stands. */
async function killedWhileStarting(folder: string, early: boolean, ms: number): Promise<void> {
	const child = spawned(folder, early);
	child.stdout.resume();
	await wait(ms);
	await killed(child);
}
const killed = (child: ChildProcess): Promise<void> =>
	new Promise((resolve) => {
		child.once('exit', () => {
			resolve();
		});
		if (child.exitCode !== null || child.signalCode !== null) resolve();
		child.kill('SIGKILL');
	});
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const words = (client: TestClient): string[] => client.doc.getArray<string>('log').toArray();

export async function killRuns({ runs = 20, seed = 1, early = false, minMs = 300, maxMs = 1500 } = {}): Promise<KillResult> {
	const random = seeded(seed);
	const folder = mkdtempSync(join(tmpdir(), 'tongping-kill-'));
	const total = { duringCompaction: 0, duringStart: 0, sent: 0, acknowledged: 0, seen: 0, lostAcknowledged: 0, lostSeen: 0 };
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
			if (run % 3 === 1) {
				// A room rests between two compactions, so the first one of its life is the one to hit.
				const { promise, resolve } = Promise.withResolvers<boolean>();
				server.onCompaction = () => {
					resolve(true);
				};
				setTimeout(() => {
					resolve(false);
				}, 10_000).unref();
				if (await promise) total.duringCompaction++;
				await wait(random.below(random.chance(0.5) ? 25 : 400));
			} else await wait(minMs + random.below(maxMs - minMs));
			await killed(server.process);
			clearInterval(typing);
			await wait(30);
			// The first ack of each was for its answer to the server's question.
			const acknowledged = writers.flatMap((writer, w) => [...Array(Math.max(0, writer.acked - 1)).keys()].map((n) => `${String(w)}:${String(n)}`));
			const seen = new Set([...words(reader), ...writers.flatMap((writer, w) => words(writer).filter((word) => !word.startsWith(`${String(w)}:`)))]);
			for (const client of [reader, ...writers]) client.close();
			if (run % 3 === 2) {
				total.duringStart++;
				await killedWhileStarting(folder, early, 50 + random.below(900));
			}
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
	const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' }, runs: { type: 'string', default: '20' } } });
	const [seed, runs] = [Number(values.seed), Number(values.runs)];
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
