import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import type { Kysely } from 'kysely';
import type { Actor } from '../actor.ts';
import { openReading, type Opened } from './database.ts';
import { tables, type Handle, type Served } from './module.ts';
import { Relay } from './relay.ts';
import { Troubles } from './troubles.ts';
import { createWriter, StorageFault, startWriterThread, type BatchRunner, type Writer } from './writer.ts';

export interface Hospital {
	readonly dataDir: string;
	readonly writer: Writer;
	readonly reader: Handle;
	readonly relay: Relay;
	/** what an operator must see and mend, as long as it lasts */
	readonly troubles: Troubles;
	readonly registry: readonly Served[];
	/** a database file made by this start, so demo files may be laid beside it */
	readonly fresh: boolean;
	close(): Promise<void>;
}

/** Another server holds the data folder. Two writers would break every promise of the log. */
export class FolderTaken extends Error {
	constructor(dataDir: string) {
		super(`another server is using ${dataDir}`);
		this.name = 'FolderTaken';
	}
}

export interface OpenHospital {
	readonly dataDir: string;
	readonly registry: readonly Served[];
	/** module that calls `runWriter(registry)` */
	readonly writerEntry: URL;
	/** build the demo hospital when the folder is new */
	readonly demo: boolean;
	onFault(error: unknown): void;
}

const ASK_MS = 2000;

let current: Hospital | undefined;

/** The hospital this process serves. Throws before `openHospital`: nothing opens a database at import. */
export function hospital(): Hospital {
	if (current === undefined) throw new Error('the hospital is not open yet');
	return current;
}

/** Read-only tables of one module, on the main thread. */
export const db = <T>(): Kysely<T> => tables<T>(hospital().reader);

export async function openHospital({ dataDir, registry, writerEntry, demo, onFault }: OpenHospital): Promise<Hospital> {
	mkdirSync(dataDir, { recursive: true });
	const release = lockFolder(dataDir);
	try {
		const file = join(dataDir, 'tongping.db');
		const fresh = !existsSync(file);
		if (fresh && demo) {
			await buildDemo(file, writerEntry, onFault);
		}
		const runner = await startWriterThread(writerEntry, { file, seedAt: null }, onFault);
		return assemble({ dataDir, registry, runner, reading: openReading(file), fresh, release, onFault });
	} catch (error) {
		release();
		throw error;
	}
}

/**
 * The demo hospital is built beside its place and moved there whole: killed half way, the next start builds it again.
 * It takes memory that a thread never gives back, so a thread of its own takes that along when it ends.
 */
async function buildDemo(file: string, writerEntry: URL, onFault: (error: unknown) => void): Promise<void> {
	const building = `${file}.building`;
	for (const rest of ['', '-wal', '-shm']) rmSync(building + rest, { force: true });
	const builder = await startWriterThread(writerEntry, { file: building, seedAt: Date.now() }, onFault);
	await builder.close();
	renameSync(building, file);
	for (const rest of ['-wal', '-shm']) rmSync(building + rest, { force: true });
}

/** A file lock that the kernel frees when the process dies, however it dies. */
export function lockFolder(dataDir: string): () => void {
	const lock = new Database(join(dataDir, 'lock.db'));
	try {
		lock.exec('pragma busy_timeout = 0');
		lock.exec('begin exclusive');
	} catch (error) {
		lock.close();
		if (String(error).includes('locked')) throw new FolderTaken(dataDir);
		throw error;
	}
	return () => {
		lock.close();
	};
}

interface Parts {
	readonly dataDir: string;
	readonly registry: readonly Served[];
	readonly runner: BatchRunner;
	readonly reading: Opened;
	readonly fresh: boolean;
	readonly release: () => void;
	onFault(error: unknown): void;
}

export function assemble({ dataDir, registry, runner, reading, fresh, release, onFault }: Parts): Hospital {
	const relay = new Relay(onFault);
	const troubles = new Troubles(onFault);
	const writer = createWriter(runner, {
		recorded: (recorded) => {
			relay.publish(recorded);
		},
		storage: (state) => {
			troubles.set('disk-full', state === 'full' ? {} : null);
			troubles.set('disk-broken', state === 'broken' ? {} : null);
		},
		clock: (aheadMs) => {
			troubles.set('clock-back', aheadMs > 0 ? { aheadMs } : null);
		}
	});
	// A full disk opens again by itself: somebody has to ask, also when nobody writes.
	const asking = setInterval(() => {
		if (writer.stats().storage !== 'full') return;
		writer.task('kernel.storage-again', {}).catch((error: unknown) => {
			// Still full: the alarm stands already.
			if (!(error instanceof StorageFault)) onFault(error);
		});
	}, ASK_MS);
	asking.unref();
	const opened: Hospital = {
		dataDir,
		writer,
		relay,
		troubles,
		registry,
		fresh,
		reader: reading.handle,
		async close() {
			clearInterval(asking);
			await writer.close();
			reading.raw.close();
			release();
			if (current === opened) current = undefined;
		}
	};
	current = opened;
	return opened;
}

/** Who looked, at whom, and why. */
export interface Reading {
	readonly purpose: string;
	readonly patient: string | null;
	/** the policy's verdict; a denied attempt is recorded too */
	readonly allow: boolean;
	readonly detail?: Readonly<Record<string, string | number | null>>;
}

/** The actor may not see this. From outside it looks the same as "does not exist". */
export class Denied extends Error {
	constructor() {
		super('denied');
		this.name = 'Denied';
	}
}

/** The one door of reads about patients: the audit line is on disk before anything is shown. */
export async function read(actor: Actor, { purpose, patient, allow, detail = {} }: Reading): Promise<void> {
	await hospital().writer.task('kernel.audit', {
		organization: actor.organization,
		user: actor.user,
		session: actor.session,
		action: 'read',
		purpose,
		patient,
		outcome: allow ? 'done' : 'denied',
		detail
	});
	if (!allow) throw new Denied();
}
