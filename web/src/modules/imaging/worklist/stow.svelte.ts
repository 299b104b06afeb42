import { ofThisPage } from '#kernel/whose-page.ts';

export interface UploadRow {
	readonly file: File;
	readonly name: string;
	readonly state: 'waiting' | 'sending' | 'stored' | 'known' | 'refused' | 'unreachable';
	readonly reason: string | null;
	readonly notes: readonly string[];
}

const BATCH_BYTES = 24 * 2 ** 20;
const BATCH_FILES = 40;

/** Everything inside what was dropped: files, and folders to any depth. */
export async function filesOf(transfer: DataTransfer): Promise<readonly File[]> {
	const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
	return entries.length === 0 ? [...transfer.files] : (await Promise.all(entries.map(walk))).flat();
}
// By what the entry says it is: what browsers hand out is not always an instance of the interface of that name.
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
async function walk(entry: FileSystemEntry): Promise<readonly File[]> {
	if (isFile(entry)) return [await new Promise<File>((done, fail) => entry.file(done, fail))];
	if (!isFolder(entry)) return [];
	const reader = entry.createReader();
	const found: FileSystemEntry[] = [];
	// A directory reader hands out its entries in portions and ends with an empty one.
	for (;;) {
		const some = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
		if (some.length === 0) break;
		found.push(...some);
	}
	return (await Promise.all(found.map(walk))).flat();
}

/** Files on their way into the hospital by STOW-RS, a few megabytes at a time, each with its answer. */
export class Upload {
	rows = $state.raw<readonly UploadRow[]>([]);
	running = $state(false);
	readonly done = $derived(this.rows.filter(({ state }) => state !== 'waiting' && state !== 'sending').length);
	readonly counts = $derived({
		stored: this.rows.filter(({ state }) => state === 'stored').length,
		known: this.rows.filter(({ state }) => state === 'known').length,
		refused: this.rows.filter(({ state }) => state === 'refused' || state === 'unreachable').length
	});
	readonly #finished: () => void;
	constructor(finished: () => void) {
		this.#finished = finished;
	}

	add(files: readonly File[]): void {
		this.rows = [...this.rows, ...files.map((file): UploadRow => ({ file, name: file.name, state: 'waiting', reason: null, notes: [] }))];
		void this.#run();
	}
	again(): void {
		this.rows = this.rows.map((row) => (row.state === 'unreachable' ? { ...row, state: 'waiting' } : row));
		void this.#run();
	}
	clear(): void {
		this.rows = [];
	}

	#set(index: number, change: Partial<UploadRow>): void {
		this.rows = this.rows.map((row, at) => (at === index ? { ...row, ...change } : row));
	}
	async #run(): Promise<void> {
		if (this.running) return;
		this.running = true;
		for (let batch = this.#batch(); batch.length > 0; batch = this.#batch()) await this.#send(batch);
		this.running = false;
		this.#finished();
	}
	#batch(): readonly number[] {
		const batch: number[] = [];
		let bytes = 0;
		for (const [index, row] of this.rows.entries()) {
			if (row.state !== 'waiting') continue;
			if (batch.length > 0 && (bytes + row.file.size > BATCH_BYTES || batch.length >= BATCH_FILES)) break;
			batch.push(index);
			bytes += row.file.size;
		}
		return batch;
	}
	async #send(batch: readonly number[]): Promise<void> {
		for (const index of batch) this.#set(index, { state: 'sending' });
		const boundary = `tongping-${crypto.randomUUID()}`;
		const parts: BlobPart[] = [];
		for (const index of batch) {
			const row = this.rows[index];
			// The name goes along only to be shown in the answer; it is never a path on the server.
			if (row)
				parts.push(`--${boundary}\r\nContent-Type: application/dicom\r\nContent-Location: ${index}/${encodeURIComponent(row.name)}\r\n\r\n`, row.file, '\r\n');
		}
		parts.push(`--${boundary}--\r\n`);
		try {
			const response = await fetch('/dicomweb/studies', {
				method: 'POST',
				headers: { 'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}`, accept: 'application/json', ...ofThisPage() },
				body: new Blob(parts)
			});
			this.#read(batch, response.status, await response.json());
		} catch {
			for (const index of batch) this.#set(index, { state: 'unreachable' });
		}
	}
	/** The server answers file by file, as each is done; the number in front of the name says which is meant. */
	#read(batch: readonly number[], status: number, answer: unknown): void {
		const files: unknown = typeof answer === 'object' && answer !== null && 'files' in answer ? answer.files : null;
		const outcomes = new Map<number, unknown>();
		if (Array.isArray(files))
			for (const file of files as readonly { readonly name?: unknown; readonly outcome?: unknown }[])
				outcomes.set(parseInt(String(file.name), 10), file.outcome);
		for (const index of batch) {
			const outcome = outcomes.get(index);
			if (typeof outcome !== 'object' || outcome === null || !('kind' in outcome)) {
				this.#set(index, { state: 'unreachable', reason: String(status) });
				continue;
			}
			const reason = 'reason' in outcome && typeof outcome.reason === 'string' ? outcome.reason : null;
			const notes = 'notes' in outcome && Array.isArray(outcome.notes) ? outcome.notes.filter((note): note is string => typeof note === 'string') : [];
			this.#set(index, { state: outcome.kind === 'stored' || outcome.kind === 'known' ? outcome.kind : 'refused', reason, notes });
		}
	}
}
