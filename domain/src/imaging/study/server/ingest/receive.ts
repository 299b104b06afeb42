import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, lstatSync, mkdirSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Actor } from '../../../../kernel/index.ts';
import { tables } from '../../../../kernel/server/module.ts';
import { hospital } from '../../../../kernel/server/index.ts';
import type { FileOutcome, FileReason, ImportedFile, ImportSummary } from '../../reasons.ts';
import { receiveStudy } from '../../study.ts';
import { storeInstance, type StoreInput, type Stored } from '../store.ts';
import type { StudyTables } from '../tables.ts';
import { blobPath } from './blobs.ts';
import type { Examined } from './examine.ts';
import { LIMITS } from './limits.ts';
import { IngestThread } from './thread.ts';

const threads = new Map<string, IngestThread>();
const ABANDONED_MS = 3_600_000;

/** A new file name in the scratch folder of the data directory. Nothing the sender chose is part of it. */
export function scratchFile(dataDir: string): string {
	const folder = join(dataDir, 'incoming');
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	return join(folder, randomUUID());
}

function threadOf(dataDir: string): IngestThread {
	const existing = threads.get(dataDir);
	if (existing !== undefined) return existing;
	const folder = join(dataDir, 'incoming');
	// What a crash has left half received.
	for (const name of existsSync(folder) ? readdirSync(folder) : [])
		if (statSync(join(folder, name)).mtimeMs < Date.now() - ABANDONED_MS) unlinkSync(join(folder, name));
	const thread = new IngestThread(dataDir);
	threads.set(dataDir, thread);
	return thread;
}

/** Ends the ingest thread of a data folder; the next file starts a new one. */
export async function closeIngest(dataDir: string): Promise<void> {
	await threads.get(dataDir)?.close();
	threads.delete(dataDir);
}

const refusedFile = (reason: FileReason, detail = ''): FileOutcome => ({ kind: 'refused', reason, detail, sopUid: null, sopClass: null });

/** One import: files in, an outcome each, and at the end the studies announced. */
export class Import {
	readonly #actor: Actor;
	readonly #onlyStudy: string | null;
	readonly #files: ImportedFile[] = [];
	readonly #studies = new Set<string>();
	readonly #started = performance.now();
	#bytes = 0;

	/** `onlyStudy`: files of any other StudyInstanceUID are refused (STOW to one study). */
	constructor(actor: Actor, onlyStudy: string | null = null) {
		this.#actor = actor;
		this.#onlyStudy = onlyStudy;
	}

	/** Takes a finished scratch file; it is gone afterwards. */
	async take(path: string): Promise<FileOutcome> {
		const { dataDir } = hospital();
		const result = await threadOf(dataDir).examine(path);
		if (result.kind === 'refused') return result;
		const outcome =
			this.#onlyStudy !== null && result.studyUid !== this.#onlyStudy
				? ({ kind: 'refused', reason: 'other-study', detail: '' } as const)
				: await this.#store(result);
		if (outcome.kind === 'refused') {
			await this.#forget(dataDir, result);
			return { ...outcome, sopUid: result.sopUid, sopClass: result.sopClass };
		}
		this.#studies.add(outcome.study);
		this.#bytes += result.bytes;
		const { studyUid, seriesUid, sopUid, sopClass, notes } = result;
		return { kind: outcome.kind, study: outcome.study, studyUid, seriesUid, sopUid, sopClass, notes };
	}

	/** `name` is only ever shown. */
	async list(name: string, take: () => Promise<FileOutcome>): Promise<FileOutcome> {
		const outcome = await take();
		this.#files.push({ name, outcome });
		return outcome;
	}

	async #store(file: Examined): Promise<Stored> {
		const input: StoreInput = { organization: this.#actor.organization, user: this.#actor.user, file };
		return (await hospital().writer.task(storeInstance.name, input)) as Stored;
	}

	/** Bytes of a refused file leave the store unless an accepted instance has the very same. */
	async #forget(dataDir: string, file: Examined): Promise<void> {
		for (const sha256 of file.newBlobs) {
			const used = await tables<StudyTables>(hospital().reader)
				.selectFrom('imaging_instance')
				.select('id')
				.where((e) => e.or([e('blob', '=', sha256), e('served', '=', sha256)]))
				.executeTakeFirst();
			if (used === undefined && existsSync(blobPath(dataDir, sha256))) unlinkSync(blobPath(dataDir, sha256));
		}
	}

	/** Announces the studies, which matches those whose identifiers agree, and answers what became of every file. */
	async finish(): Promise<ImportSummary> {
		for (const study of this.#studies) await hospital().writer.execute({ actor: this.#actor, command: receiveStudy.name, input: { study } });
		const count = (kind: FileOutcome['kind']): number => this.#files.filter((file) => file.outcome.kind === kind).length;
		return {
			files: this.#files,
			stored: count('stored'),
			known: count('known'),
			refused: count('refused'),
			studies: [...this.#studies],
			bytes: this.#bytes,
			ms: Math.round(performance.now() - this.#started)
		};
	}
}

export interface ImportProgress {
	readonly done: number;
	readonly total: number;
	readonly file: ImportedFile;
}

/** Every regular file below a folder, in name order; links are listed but never followed. */
function filesBelow(folder: string): { readonly path: string; readonly kind: 'file' | 'link' | 'other' }[] {
	const found: { path: string; kind: 'file' | 'link' | 'other' }[] = [];
	const walk = (path: string): void => {
		const entry = lstatSync(path);
		if (entry.isDirectory()) for (const name of readdirSync(path).sort()) walk(join(path, name));
		else found.push({ path, kind: entry.isSymbolicLink() ? 'link' : entry.isFile() ? 'file' : 'other' });
	};
	walk(folder);
	return found;
}

/**
 * Imports a folder (or one file) into the open hospital. Every file ends in the list with what became of it; a file that cannot be read
 * is refused like any other. Rejects only when the store itself cannot be written.
 */
export async function importDicom(
	folder: string,
	{ actor, onProgress }: { readonly actor: Actor; readonly onProgress?: (progress: ImportProgress) => void }
): Promise<ImportSummary> {
	const job = new Import(actor);
	const found = filesBelow(folder);
	const { dataDir } = hospital();
	for (const [index, { path, kind }] of found.entries()) {
		const name = relative(folder, path) || path;
		const outcome = await job.list(name, async () => {
			if (kind === 'link') return refusedFile('link');
			if (kind === 'other') return refusedFile('unreadable');
			if (statSync(path).size > LIMITS.fileBytes) return refusedFile('too-large');
			const scratch = scratchFile(dataDir);
			try {
				copyFileSync(path, scratch);
			} catch (error) {
				const { code } = error as NodeJS.ErrnoException;
				if (code === 'EACCES' || code === 'EPERM') return refusedFile('unreadable', code);
				throw error;
			}
			return job.take(scratch);
		});
		onProgress?.({ done: index + 1, total: found.length, file: { name, outcome } });
	}
	return job.finish();
}
