import type { Outcome } from '../command.ts';
import { anchorChanged } from './audit-anchor.ts';
import { appendAudit, auditMigrations, storeStamp, type AuditEntry, type AuditStampTable } from './audit.ts';
import type { RawDatabase } from './bind-guard.ts';
import { migrate, type Opened } from './database.ts';
import { Executor, executeMigrations, type CommandRequest } from './execute.ts';
import { archiveLive, compactLive, type LiveCompaction } from './live-archive.ts';
import { LiveLog, liveMigrations, saveLiveSnapshot, type LiveAppend, type LiveAppended, type LiveSnapshot } from './live-log.ts';
import type { AnyHandler, Migration, Recorded, Served, Task } from './module.ts';
import { freeBytes, isFull, storageFaultOf, type StorageState } from './storage-state.ts';
import { WriteClock, type Clocks } from './write-clock.ts';

export type Work =
	| ({ readonly kind: 'command' } & CommandRequest)
	| { readonly kind: 'task'; readonly name: string; readonly input: unknown }
	| { readonly kind: 'append'; readonly entries: readonly LiveAppend[] };

export type Answer =
	| { readonly kind: 'outcome'; readonly outcome: Outcome }
	| { readonly kind: 'value'; readonly value: unknown }
	| { readonly kind: 'appended'; readonly results: readonly LiveAppended[] }
	/** a bug or a storage fault: nothing of this work was stored */
	| { readonly kind: 'fault'; readonly message: string; readonly storage: boolean };

export interface BatchDone {
	readonly answers: readonly Answer[];
	readonly recorded: readonly Recorded[];
	/** milliseconds from begin to the return of the commit's fsync */
	readonly commitMs: number;
	readonly storage: StorageState;
	/** how far the clock of stored times is ahead of the machine's, which somebody has set back; 0: they agree */
	readonly aheadMs: number;
}

const kernelTasks = [
	{ name: 'kernel.audit', whenFull: true, run: (trx, input: AuditEntry, now) => appendAudit(trx, input, now) },
	{ name: 'kernel.audit-stamp', whenFull: true, run: (trx, input: AuditStampTable, now) => storeStamp(trx, input, now) },
	{ name: 'kernel.live-snapshot', run: (trx, input: LiveSnapshot) => saveLiveSnapshot(trx, input) },
	{
		name: 'kernel.storage-again',
		run: (trx, _input, now) =>
			appendAudit(
				trx,
				{ organization: '', user: 'system', session: 'server', action: 'storage-again', purpose: 'operation', patient: null, outcome: 'done', detail: {} },
				now
			)
	},
	{ name: 'kernel.live-compact', run: (trx, input: LiveCompaction) => compactLive(trx, input) },
	{ name: 'kernel.live-archive', run: (trx, input: { readonly doc: string }) => archiveLive(trx, input.doc) }
] as readonly Task<never>[];

export const migrationsOf = (registry: readonly Served[]): readonly Migration[] => [
	...auditMigrations,
	...executeMigrations,
	...liveMigrations,
	...registry.flatMap((served) => served.migrations ?? [])
];

const LOOK_MS = 100;
const NONE: readonly never[] = [];
/** the session of what the house itself writes: projections */
const SERVER = 'server';
const FULL: Answer = { kind: 'fault', message: 'the disk is full', storage: true };

/**
 * One queue, one transaction a batch, a savepoint for each work, one fsync. It is all the writing there is: the writer thread runs it
 * on the product's file, tests run it in process on a temporary one.
 */
export class WriteLoop {
	readonly #opened: Opened;
	/** prepared: a key's commit comes alone, and SQLite's parser is cold then */
	readonly #bounds: Readonly<Record<'begin' | 'savepoint' | 'release' | 'commit', () => void>>;
	readonly #executor: Executor;
	readonly #live: LiveLog;
	readonly #tasks: ReadonlyMap<string, Task<never>>;
	readonly #clock: WriteClock;
	readonly #free: () => number;
	#lookedAt = -Infinity;
	#storage: StorageState = 'open';
	#closed = false;

	constructor(opened: Opened, registry: readonly Served[], { clocks, free }: { readonly clocks?: Clocks; readonly free?: () => number } = {}) {
		this.#opened = opened;
		migrate(opened.raw, migrationsOf(registry), Date.now());
		const handlers = registry.flatMap((served) => served.handlers ?? []);
		this.#executor = new Executor(byName(handlers, (handler: AnyHandler) => handler.command.name));
		const anchor: Task<unknown> = { name: 'kernel.anchor', whenFull: true, run: (trx, _input, now) => anchorChanged(trx, this.#live.changed, now) };
		this.#tasks = byName([...kernelTasks, anchor as Task<never>, ...registry.flatMap((served) => served.tasks ?? [])], (task) => task.name);
		this.#live = new LiveLog(opened.raw);
		const bound = (sql: string): (() => void) => {
			const statement = opened.raw.prepare(sql);
			return () => void statement.run(NONE);
		};
		this.#bounds = { begin: bound('begin immediate'), savepoint: bound('savepoint work'), release: bound('release work'), commit: bound('commit') };
		this.#clock = new WriteClock(lastStoredTime(opened.raw), clocks);
		this.#free = free ?? (() => freeBytes(opened.file));
	}

	async run(works: readonly Work[]): Promise<BatchDone> {
		const started = performance.now();
		// A kept statement keeps its connection: the driver itself would go on.
		if (this.#closed) throw new Error('the write loop is closed');
		if (this.#storage === 'broken') return this.#nothing(works, 'the disk takes no writes', started);
		this.#look(started);
		const { raw } = this.#opened;
		const { begin, savepoint, release, commit } = this.#bounds;
		const answers: Answer[] = [];
		const recorded: Recorded[] = [];
		try {
			begin();
			for (const work of works) {
				if (this.#storage === 'full' && !this.#whenFull(work)) {
					answers.push(FULL);
					continue;
				}
				savepoint();
				try {
					const done = await this.#one(work, this.#clock.now());
					answers.push(done.answer);
					recorded.push(...done.recorded);
				} catch (error) {
					if (storageFaultOf(error) !== null) throw error;
					raw.exec('rollback to work');
					answers.push({ kind: 'fault', message: error instanceof Error ? (error.stack ?? error.message) : String(error), storage: false });
				}
				release();
			}
			commit();
		} catch (error) {
			return this.#failed(works, error, started);
		}
		return { answers, recorded, ...this.#said(started) };
	}

	/** A disk that fills up is noticed before it is full, so that reading can still be recorded. */
	#look(now: number): void {
		if (this.#storage === 'open' && now - this.#lookedAt < LOOK_MS) return;
		this.#lookedAt = now;
		this.#storage = isFull(this.#free(), this.#storage) ? 'full' : 'open';
	}

	#whenFull(work: Work): boolean {
		// A board must show what was decided just before.
		if (work.kind === 'append') return work.entries.every(({ session }) => session === SERVER);
		return work.kind === 'task' && this.#tasks.get(work.name)?.whenFull === true;
	}

	/** After a failed flush the system may call the same pages clean (fsyncgate): only a restart, which reads the file again, can know. */
	#failed(works: readonly Work[], error: unknown, started: number): BatchDone {
		const fault = storageFaultOf(error);
		if (fault !== 'busy') this.#storage = fault === 'full' ? 'full' : 'broken';
		try {
			if (this.#opened.raw.inTransaction) this.#opened.raw.exec('rollback');
		} catch {
			this.#storage = 'broken';
		}
		return this.#nothing(works, String(error), started);
	}

	#nothing(works: readonly Work[], message: string, started: number): BatchDone {
		const fault: Answer = { kind: 'fault', message, storage: true };
		return { answers: works.map(() => fault), recorded: [], ...this.#said(started) };
	}

	#said(started: number): Pick<BatchDone, 'commitMs' | 'storage' | 'aheadMs'> {
		return { commitMs: performance.now() - started, storage: this.#storage, aheadMs: this.#clock.aheadMs };
	}

	async #one(work: Work, now: number): Promise<{ answer: Answer; recorded: readonly Recorded[] }> {
		const { handle } = this.#opened;
		switch (work.kind) {
			case 'command': {
				const { outcome, recorded } = await this.#executor.execute(handle, work, now);
				return { answer: { kind: 'outcome', outcome }, recorded };
			}
			case 'task': {
				const task = this.#tasks.get(work.name);
				if (task === undefined) throw new Error(`no task named ${work.name}`);
				return { answer: { kind: 'value', value: await task.run(handle, work.input as never, now) }, recorded: [] };
			}
			case 'append':
				return { answer: { kind: 'appended', results: this.#live.append(work.entries, now) }, recorded: [] };
		}
	}

	/** Demo data, in registry order, in one transaction; a half-built hospital never stays. */
	async seed(registry: readonly Served[], now: number): Promise<void> {
		const { raw, handle } = this.#opened;
		raw.exec('begin immediate');
		try {
			for (const served of registry) await served.seed?.(handle, now);
			raw.exec('commit');
		} catch (error) {
			if (raw.inTransaction) raw.exec('rollback');
			throw error;
		}
	}

	/** Brings the log home first: a file closed this way is whole without its -wal. After a failed write nothing is touched any more. */
	close(): void {
		this.#closed = true;
		if (this.#storage === 'broken') return;
		this.#opened.raw.exec('pragma wal_checkpoint(truncate)');
		this.#opened.raw.close();
	}
}

/** The newest time on disk: rows were stored in order, so the last of each chain holds it. */
function lastStoredTime(raw: RawDatabase): number {
	const row = raw
		.prepare(
			`select max(at) as at from (
				select at from (select at from audit order by position desc limit 1)
				union all select at from (select at from outbox order by position desc limit 1)
				union all select at from (select at from live_log order by position desc limit 1)
				union all select at from (select at from live_archive order by position desc limit 1))`
		)
		.get([]) as { at: number | null };
	return Number(row.at ?? 0);
}

function byName<T>(items: readonly T[], name: (item: T) => string): ReadonlyMap<string, T> {
	const map = new Map<string, T>();
	for (const item of items) {
		if (map.has(name(item))) throw new Error(`two modules claim the name ${name(item)}`);
		map.set(name(item), item);
	}
	return map;
}
