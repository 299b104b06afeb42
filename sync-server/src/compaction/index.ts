import { Worker } from 'node:worker_threads';
import type { LiveCompacted, LiveCompaction } from '@tongping/domain/kernel/server';

export interface ToWorker {
	readonly doc: string;
}
export type FromWorker = { readonly doc: string; readonly merged: LiveCompaction | null } | { readonly doc: string; readonly failed: string };

/** What a compaction has put on disk: the whole document at `position`, in both forms. */
export interface Compacted {
	readonly position: number;
	readonly v1: Uint8Array;
	readonly v2: Uint8Array;
}

export interface CompactorPorts {
	/** the file the worker reads */
	readonly file: string;
	/** snapshot and the first rows it stands for, in one commit of the writer */
	commit(compaction: LiveCompaction): Promise<LiveCompacted>;
	/** the next rows; true while some are left */
	archive(doc: string): Promise<boolean>;
	/** the thread gives its memory back after this long without work */
	readonly idleMs?: number;
}

export interface Compactor {
	/** null: nothing to do, or overtaken. Rejects when the log is not what it should be; nothing has changed on disk then. */
	compact(doc: string): Promise<Compacted | null>;
	close(): Promise<void>;
}

/** The names of the writer's tasks behind a compaction, for whoever holds the writer. */
export const compactorOf = (file: string, task: (name: string, input: unknown) => Promise<unknown>): Compactor =>
	createCompactor({
		file,
		commit: async (compaction) => (await task('kernel.live-compact', compaction)) as LiveCompacted,
		archive: async (doc) => (await task('kernel.live-archive', { doc })) as boolean
	});

/** One thread, one document at a time: the hot path never waits for a merge. */
export function createCompactor({ file, commit, archive, idleMs = 2_000 }: CompactorPorts): Compactor {
	let worker: Worker | null = null;
	let waiting: { resolve(message: FromWorker): void; reject(error: unknown): void } | null = null;
	let idle: NodeJS.Timeout | undefined;
	let line: Promise<unknown> = Promise.resolve();
	let closed = false;

	const stop = async (): Promise<void> => {
		clearTimeout(idle);
		const stopping = worker;
		worker = null;
		await stopping?.terminate();
	};
	const start = (): Worker => {
		const started = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { file }, name: 'compaction' });
		const died = (error: unknown): void => {
			if (worker === started) worker = null;
			waiting?.reject(error);
			waiting = null;
		};
		started.on('message', (message: FromWorker) => {
			waiting?.resolve(message);
			waiting = null;
		});
		started.on('error', died);
		started.on('exit', () => {
			died(new Error('the compaction thread ended'));
		});
		started.unref();
		return started;
	};
	const merge = async (doc: string): Promise<LiveCompaction | null> => {
		clearTimeout(idle);
		const answer = await new Promise<FromWorker>((resolve, reject) => {
			waiting = { resolve, reject };
			worker ??= start();
			worker.postMessage({ doc } satisfies ToWorker);
		});
		if ('failed' in answer) throw new Error(answer.failed);
		return answer.merged;
	};
	const one = async (doc: string): Promise<Compacted | null> => {
		if (closed) return null;
		const merged = await merge(doc);
		if (merged === null) return null;
		const stored = await commit(merged);
		if (!stored.ok) {
			if (stored.reason === 'older') return null;
			throw new Error(`the log of ${doc} is not the one that was merged (${stored.reason})`);
		}
		for (let left = stored.left; left;) left = await archive(doc);
		const { position, v1, v2 } = merged;
		return { position, v1, v2 };
	};
	return {
		compact(doc) {
			const done = line.then(() => one(doc));
			line = done
				.catch(() => undefined)
				.then(() => {
					clearTimeout(idle);
					idle = setTimeout(() => void stop(), idleMs).unref();
				});
			return done;
		},
		async close() {
			closed = true;
			await line;
			await stop();
		}
	};
}
