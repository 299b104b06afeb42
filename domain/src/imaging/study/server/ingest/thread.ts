import { existsSync, unlinkSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { FileReason } from '../../reasons.ts';
import type { ExamineResult } from './examine.ts';
import { LIMITS } from './limits.ts';
import type { ExamineOrder } from './worker.ts';

interface Reply {
	readonly job: number;
	readonly result?: ExamineResult;
	readonly fault?: string;
	readonly code?: string | null;
}
interface Waiting {
	readonly resolve: (result: ExamineResult) => void;
	readonly reject: (error: Error) => void;
	readonly path: string;
}

const refused = (reason: FileReason, detail: string): ExamineResult => ({ kind: 'refused', reason, detail, sopUid: null, sopClass: null });
const IDLE_MS = 20_000;
/** The disk itself is in trouble: not the file's doing, so the import stops with this reason. */
const STORAGE = new Set(['ENOSPC', 'EIO', 'EROFS', 'EDQUOT', 'EMFILE', 'ENFILE']);

/** One ingest thread for a data folder, started when first needed. A file that takes too long or too much memory ends the thread and is refused. */
export class IngestThread {
	readonly #dataDir: string;
	readonly #ms: number;
	#worker: Worker | null = null;
	#next = 0;
	#last: Promise<unknown> = Promise.resolve();
	#waiting: Waiting | null = null;
	#timer: NodeJS.Timeout | null = null;
	#idle: NodeJS.Timeout | null = null;

	constructor(dataDir: string, ms: number = LIMITS.ms) {
		this.#dataDir = dataDir;
		this.#ms = ms;
	}

	/** One file at a time, in order of asking. */
	examine(path: string): Promise<ExamineResult> {
		const result = this.#last.then(() => this.#one(path));
		this.#last = result.catch(() => undefined);
		return result;
	}

	#one(path: string): Promise<ExamineResult> {
		return new Promise((resolve, reject) => {
			if (this.#idle !== null) clearTimeout(this.#idle);
			this.#waiting = { resolve, reject, path };
			this.#timer = setTimeout(() => {
				this.#abandon('too-slow', `${this.#ms} ms`);
			}, this.#ms);
			this.#worker ??= this.#start();
			const order: ExamineOrder = { job: ++this.#next, path };
			this.#worker.postMessage(order);
		});
	}

	#start(): Worker {
		const worker = new Worker(new URL('./worker.ts', import.meta.url), {
			name: 'ingest',
			workerData: { dataDir: this.#dataDir },
			resourceLimits: { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 }
		});
		worker.unref();
		worker.on('message', (reply: Reply) => {
			if (worker === this.#worker && reply.job === this.#next) this.#settle(reply);
		});
		worker.on('error', (error: NodeJS.ErrnoException) => {
			if (worker !== this.#worker) return;
			if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') this.#abandon('bomb', 'memory');
			else {
				process.emitWarning(`ingest thread: ${error.message}`);
				this.#abandon('unreadable', error.code ?? '');
			}
		});
		return worker;
	}

	#settle(reply: Reply): void {
		const waiting = this.#end();
		if (reply.result !== undefined) waiting?.resolve(reply.result);
		else if (STORAGE.has(reply.code ?? '')) waiting?.reject(Object.assign(new Error(reply.fault), { code: reply.code }));
		else {
			// A fault of ours, told to the operator; the sender learns only that the file was not taken.
			process.emitWarning(`ingest: ${reply.fault ?? 'unknown fault'}`);
			waiting?.resolve(refused('unreadable', reply.code ?? ''));
		}
	}

	#abandon(reason: FileReason, detail: string): void {
		const worker = this.#worker;
		this.#worker = null;
		const waiting = this.#end();
		worker?.terminate().then(
			() => {
				for (const left of waiting === null ? [] : [waiting.path, `${waiting.path}.le`]) if (existsSync(left)) unlinkSync(left);
				waiting?.resolve(refused(reason, detail));
			},
			(error: unknown) => {
				waiting?.reject(error instanceof Error ? error : new Error(String(error)));
			}
		);
	}

	#end(): Waiting | null {
		if (this.#timer !== null) clearTimeout(this.#timer);
		this.#timer = null;
		const waiting = this.#waiting;
		this.#waiting = null;
		this.#idle = setTimeout(() => this.#rest(), IDLE_MS).unref();
		return waiting;
	}

	/** Nothing has come for a while: the thread's memory goes back. */
	#rest(): void {
		if (this.#waiting !== null) return;
		const worker = this.#worker;
		this.#worker = null;
		if (worker !== null) void worker.terminate();
	}

	async close(): Promise<void> {
		if (this.#idle !== null) clearTimeout(this.#idle);
		const worker = this.#worker;
		this.#worker = null;
		await worker?.terminate();
	}
}
