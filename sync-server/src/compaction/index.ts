import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LiveCompacted, LiveCompaction } from '@tongping/domain/kernel/server';

export interface ToMerger {
	readonly doc: string;
}
export type FromMerger = { readonly doc: string; readonly merged: LiveCompaction | null } | { readonly doc: string; readonly failed: string };

/** What a compaction has put on disk: the whole document at `position`, in both forms. */
export interface Compacted {
	readonly position: number;
	readonly v1: Uint8Array;
	readonly v2: Uint8Array;
}

export interface CompactorPorts {
	/** the file the merging process reads */
	readonly file: string;
	/** snapshot and the first rows it stands for, in one commit of the writer */
	commit(compaction: LiveCompaction): Promise<LiveCompacted>;
	/** the next rows; true while some are left */
	archive(doc: string): Promise<boolean>;
	/** the process ends after this long without work */
	readonly idleMs?: number;
}

export interface Compactor {
	/** null: nothing to do, or overtaken. Rejects when the log is not what it should be; nothing has changed on disk then. */
	compact(doc: string): Promise<Compacted | null>;
	/** the process that merges, while there is one */
	readonly pid: number | null;
	close(): Promise<void>;
}

/** The names of the writer's tasks behind a compaction, for whoever holds the writer. */
export const compactorOf = (file: string, task: (name: string, input: unknown) => Promise<unknown>): Compactor =>
	createCompactor({
		file,
		commit: async (compaction) => (await task('kernel.live-compact', compaction)) as LiveCompacted,
		archive: async (doc) => (await task('kernel.live-archive', { doc })) as boolean
	});

/** A merge may take what it likes: a document that explodes ends its own process, not the ward's. */
const FLAGS = ['--max-old-space-size=2048', '--disable-proto=throw'];

/**
 * One process, one document at a time: the hot path never waits for a merge. A process of its own, because a thread's memory stays with the
 * server for many seconds after it has ended, because it runs below the server's priority, and because running out of memory ends only it.
 */
export function createCompactor({ file, commit, archive, idleMs = 2_000 }: CompactorPorts): Compactor {
	let merger: ChildProcess | null = null;
	let waiting: { resolve(message: FromMerger): void; reject(error: unknown): void } | null = null;
	let idle: NodeJS.Timeout | undefined;
	let line: Promise<unknown> = Promise.resolve();
	let closed = false;

	const stop = async (): Promise<void> => {
		clearTimeout(idle);
		const stopping = merger;
		merger = null;
		if (stopping === null || stopping.exitCode !== null || stopping.signalCode !== null) return;
		const gone = new Promise((resolve) => stopping.once('exit', resolve));
		stopping.ref();
		if (stopping.connected) stopping.disconnect();
		await gone;
	};
	const start = (): ChildProcess => {
		const started = fork(fileURLToPath(new URL('./merger.ts', import.meta.url)), [file], { serialization: 'advanced', execArgv: FLAGS });
		const died = (error: unknown): void => {
			if (merger !== started) return;
			merger = null;
			waiting?.reject(error);
			waiting = null;
		};
		started.on('message', (message: FromMerger) => {
			waiting?.resolve(message);
			waiting = null;
		});
		started.on('error', died);
		started.on('exit', () => {
			died(new Error('the process that merges ended'));
		});
		// It keeps nobody's process alive: not the server's that is stopping, nor a test's.
		started.unref();
		started.channel?.unref();
		return started;
	};
	const merge = async (doc: string): Promise<LiveCompaction | null> => {
		clearTimeout(idle);
		const answer = await new Promise<FromMerger>((resolve, reject) => {
			waiting = { resolve, reject };
			merger ??= start();
			merger.send({ doc } satisfies ToMerger);
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
		// What came from the process are views of its whole message.
		return { position: merged.position, v1: merged.v1.slice(), v2: merged.v2.slice() };
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
		get pid() {
			return merger?.pid ?? null;
		},
		async close() {
			closed = true;
			await line;
			await stop();
		}
	};
}
