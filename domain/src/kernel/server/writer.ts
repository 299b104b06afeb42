import { Worker } from 'node:worker_threads';
import type { Outcome } from '../command.ts';
import { newId } from '../id.ts';
import type { CommandRequest } from './execute.ts';
import type { LiveAppend, LiveAppended } from './live-log.ts';
import type { Recorded } from './module.ts';
import type { StorageState } from './storage-state.ts';
import type { Answer, BatchDone, Work } from './write-loop.ts';
import type { FromWriter, ToWriter, WriterStart } from './writer-thread.ts';

/** The storage refused a commit: nothing of the batch was kept. `full` mends itself when there is room, `broken` only by a restart. */
export class StorageFault extends Error {
	readonly state: StorageState;
	/** of the sentence a person reads */
	get code(): 'storage' | 'storage-full' | 'storage-fault' {
		return this.state === 'full' ? 'storage-full' : this.state === 'broken' ? 'storage-fault' : 'storage';
	}
	constructor(message: string, state: StorageState) {
		super(message);
		this.name = 'StorageFault';
		this.state = state;
	}
}

/** The main thread's door to the one queue of writes. Answers arrive after the fsync of the batch they were in. */
export interface Writer {
	execute(request: Omit<CommandRequest, 'commandId'> & { readonly commandId?: string }): Promise<Outcome>;
	task(name: string, input: unknown): Promise<unknown>;
	append(entries: readonly LiveAppend[]): Promise<readonly LiveAppended[]>;
	stats(): WriterStats;
	/** Epoch ms of the clock of stored times: what is compared with a stored time is read here, never from the machine's own clock. */
	now(): number;
	close(): Promise<void>;
}
export interface WriterStats {
	readonly queued: number;
	readonly batches: number;
	readonly works: number;
	readonly lastCommitMs: number;
	readonly maxCommitMs: number;
	readonly faults: number;
	readonly storage: StorageState;
	/** how far stored times are ahead of the machine's clock; 0: they agree */
	readonly aheadMs: number;
	/** commits that took at most as long as the bar of the same place in `COMMIT_BARS_MS`, not counting those of lower bars; the last: longer than all */
	readonly commitCounts: readonly number[];
	readonly commitSumMs: number;
}
export const COMMIT_BARS_MS = [1, 2, 3, 5, 7.5, 10, 15, 20, 30, 50, 75, 100, 150, 250, 500, 1000, 2500] as const;

/** Something that runs one batch: the worker thread in the product, the loop itself in tests. */
export interface BatchRunner {
	run(works: readonly Work[]): Promise<BatchDone>;
	close(): Promise<void>;
}

export interface WriterEvents {
	recorded(recorded: readonly Recorded[]): void;
	/** the disk stopped taking writes, or takes them again */
	storage?(state: StorageState): void;
	/** the machine's clock was set back, or has caught up (0) */
	clock?(aheadMs: number): void;
}

export function createWriter(runner: BatchRunner, events: WriterEvents): Writer {
	let queue: { work: Work; resolve: (answer: Answer) => void; reject: (error: unknown) => void }[] = [];
	let running: Promise<void> | null = null;
	let storage: StorageState = 'open';
	let aheadMs = 0;
	let closed = false;
	const said = (done: BatchDone): void => {
		const before = { storage, aheadMs };
		({ storage, aheadMs } = done);
		if (storage !== before.storage) events.storage?.(storage);
		if (aheadMs > 0 !== before.aheadMs > 0) events.clock?.(aheadMs);
	};
	const stats = { batches: 0, works: 0, lastCommitMs: 0, maxCommitMs: 0, faults: 0, commitSumMs: 0 };
	const commitCounts = [...COMMIT_BARS_MS, 0].map(() => 0);

	const drain = async (): Promise<void> => {
		while (queue.length > 0) {
			const batch = queue;
			queue = [];
			try {
				const done = await runner.run(batch.map((item) => item.work));
				stats.batches++;
				stats.works += batch.length;
				stats.lastCommitMs = done.commitMs;
				stats.maxCommitMs = Math.max(stats.maxCommitMs, done.commitMs);
				stats.commitSumMs += done.commitMs;
				const bar = COMMIT_BARS_MS.findIndex((ms) => done.commitMs <= ms);
				commitCounts[bar === -1 ? COMMIT_BARS_MS.length : bar]!++;
				said(done);
				if (done.recorded.length > 0) events.recorded(done.recorded);
				for (const [index, item] of batch.entries()) item.resolve(done.answers[index]!);
			} catch (error) {
				for (const item of batch) item.reject(error);
			}
		}
		running = null;
	};
	const submit = async (work: Work): Promise<Answer> => {
		if (closed) throw new Error('the writer is closed');
		if (storage === 'broken') throw new StorageFault('the disk failed; only a restart can tell what it holds', storage);
		const answer = await new Promise<Answer>((resolve, reject) => {
			queue.push({ work, resolve, reject });
			running ??= drain();
		});
		if (answer.kind === 'fault') {
			stats.faults++;
			throw answer.storage ? new StorageFault(answer.message, storage) : new Error(answer.message);
		}
		return answer;
	};
	return {
		async execute(request) {
			const answer = await submit({ kind: 'command', ...request, commandId: request.commandId ?? newId() });
			return (answer as Answer & { kind: 'outcome' }).outcome;
		},
		async task(name, input) {
			const answer = await submit({ kind: 'task', name, input });
			return (answer as Answer & { kind: 'value' }).value;
		},
		async append(entries) {
			const answer = await submit({ kind: 'append', entries });
			return (answer as Answer & { kind: 'appended' }).results;
		},
		now: () => Date.now() + aheadMs,
		stats: () => ({ ...stats, storage, aheadMs, queued: queue.length, commitCounts: [...commitCounts] }),
		async close() {
			while (running !== null) await running;
			// The driver aborts the process when a closed file is asked anything.
			closed = true;
			await runner.close();
		}
	};
}

/** Starts the writer thread on `entry`, a module that calls `runWriter(registry)`. Rejects with the thread's own reason. */
export async function startWriterThread(entry: URL, start: WriterStart, onDeath: (error: Error) => void): Promise<BatchRunner> {
	const worker = new Worker(entry, { workerData: start, name: 'writer' });
	let settle: { resolve: (done: BatchDone) => void; reject: (error: unknown) => void } | null = null;
	let closed: (() => void) | null = null;
	await new Promise<void>((resolve, reject) => {
		worker.on('message', (message: FromWriter) => {
			switch (message.kind) {
				case 'ready':
					resolve();
					break;
				case 'failed':
					reject(Object.assign(new Error(message.message), { name: message.name }));
					break;
				case 'closed':
					closed?.();
					break;
				case 'done':
					settle?.resolve(message);
					settle = null;
					break;
			}
		});
		const died = (error: Error): void => {
			reject(error);
			settle?.reject(error);
			settle = null;
			if (closed === null) onDeath(error);
		};
		worker.on('error', died);
		worker.on('exit', (code) => {
			died(new Error(`the writer thread ended with code ${code}`));
		});
	});
	const post = (message: ToWriter): void => {
		worker.postMessage(message);
	};
	return {
		run: (works) =>
			new Promise((resolve, reject) => {
				settle = { resolve, reject };
				post({ kind: 'work', works });
			}),
		close: () =>
			new Promise<void>((resolve) => {
				closed = resolve;
				post({ kind: 'close' });
			})
	};
}
