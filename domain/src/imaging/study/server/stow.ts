import { open, unlink, type FileHandle } from 'node:fs/promises';
import type { Actor } from '../../../kernel/index.ts';
import { hospital } from '../../../kernel/server/index.ts';
import type { DicomJson } from '../dicom/json.ts';
import type { FileOutcome, FileReason, ImportSummary } from '../reasons.ts';
import { LIMITS } from './ingest/limits.ts';
import { Import, scratchFile } from './ingest/receive.ts';
import { BadMultipart, boundaryOf, readMultipart, type MultipartLimits, type PartTarget } from './multipart.ts';

/** STOW-RS (PS3.18 10.5). Each part goes to a scratch file as it arrives; the ingest thread reads one while the next is received. */
export const STOW_LIMITS: MultipartLimits = { parts: 5000, headerBytes: 8192, partBytes: LIMITS.fileBytes, totalBytes: 4 * 1024 * 1024 * 1024 };
const AT_ONCE = 8;

/** PS3.18 table I.2-2 and PS3.4 table B.2-1. */
const FAILURE: Partial<Record<FileReason, number>> = {
	'too-large': 0xa700,
	bomb: 0xa700,
	'pixel-size-implausible': 0xa700,
	'same-uid-other-bytes': 0x0111,
	'uid-conflict': 0x0117,
	'uid-invalid': 0x0117,
	'uid-missing': 0xa900,
	'patient-differs-in-study': 0xa900,
	'other-study': 0xa900,
	'unsupported-transfer-syntax': 0x0122
};
const TOO_BIG = new Set<FileReason>(['too-large', 'bomb', 'pixel-size-implausible']);

function partName(headers: ReadonlyMap<string, string>, index: number): string {
	const named = headers.get('content-location') ?? /filename="([^"]*)"/u.exec(headers.get('content-disposition') ?? '')?.[1];
	if (named === undefined) return `#${index}`;
	let text = named;
	try {
		text = decodeURIComponent(named);
	} catch (error) {
		if (!(error instanceof URIError)) throw error;
	}
	return text
		.replace(/[\p{Cc}\p{Cf}]/gu, '')
		.toWellFormed()
		.slice(0, 200);
}

class ScratchTarget implements PartTarget {
	readonly #path: string;
	readonly #file: FileHandle;
	readonly #done: (path: string, state: 'whole' | 'too-large') => Promise<void>;
	#held: Buffer[] = [];
	#size = 0;

	constructor(path: string, file: FileHandle, done: (path: string, state: 'whole' | 'too-large') => Promise<void>) {
		this.#path = path;
		this.#file = file;
		this.#done = done;
	}
	async write(bytes: Buffer): Promise<void> {
		// Gathered into larger writes; copied, because the network's buffer is used again.
		this.#held.push(Buffer.from(bytes));
		this.#size += bytes.length;
		if (this.#size >= 512 * 1024) await this.#flush();
	}
	async #flush(): Promise<void> {
		if (this.#size > 0) await this.#file.writeFile(Buffer.concat(this.#held));
		this.#held = [];
		this.#size = 0;
	}
	async end(state: 'whole' | 'too-large'): Promise<void> {
		await this.#flush();
		await this.#file.close();
		await this.#done(this.#path, state);
	}
	async abort(): Promise<void> {
		await this.#file.close();
		await unlink(this.#path);
	}
}

const sequenceItem = (outcome: FileOutcome, base: string): DicomJson => {
	if (outcome.kind === 'refused') {
		return {
			'00000902': { vr: 'LO', Value: [outcome.reason] },
			'00081150': outcome.sopClass === null ? { vr: 'UI' } : { vr: 'UI', Value: [outcome.sopClass] },
			'00081155': outcome.sopUid === null ? { vr: 'UI' } : { vr: 'UI', Value: [outcome.sopUid] },
			'00081197': { vr: 'US', Value: [FAILURE[outcome.reason] ?? 0xc000] }
		};
	}
	return {
		'00081150': { vr: 'UI', Value: [outcome.sopClass] },
		'00081155': { vr: 'UI', Value: [outcome.sopUid] },
		'00081190': { vr: 'UR', Value: [`${base}/studies/${outcome.studyUid}/series/${outcome.seriesUid}/instances/${outcome.sopUid}`] }
	};
};

/** 200 everything stored or known, 202 some refused, 409 all refused, 413 all refused for their size. */
export function stowStatus({ files }: ImportSummary): number {
	const refused = files.flatMap(({ outcome }) => (outcome.kind === 'refused' ? [outcome.reason] : []));
	if (refused.length === 0) return 200;
	if (refused.length < files.length) return 202;
	return refused.every((reason) => TOO_BIG.has(reason)) ? 413 : 409;
}

function answer(summary: ImportSummary, request: Request, base: string): Response {
	const status = stowStatus(summary);
	// Our own pages ask for the plain list with names and reasons.
	if (/application\/json/iu.test(request.headers.get('accept') ?? '')) return Response.json(summary, { status });
	const stored = summary.files.filter((file) => file.outcome.kind !== 'refused').map((file) => sequenceItem(file.outcome, base));
	const failed = summary.files.filter((file) => file.outcome.kind === 'refused').map((file) => sequenceItem(file.outcome, base));
	const body: DicomJson = {
		...(failed.length > 0 ? { '00081198': { vr: 'SQ', Value: failed } } : {}),
		...(stored.length > 0 ? { '00081199': { vr: 'SQ', Value: stored } } : {})
	};
	return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/dicom+json' } });
}

/** The body as chunks; a connection that breaks ends in `cut-short` and a body without end in `too-large`, not in a fault of ours. */
async function* chunks(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
	try {
		// Not `for await`: leaving it cancels the body, which cuts the connection before the refusal is out.
		const reader = body.getReader();
		for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
	} catch (error) {
		// The server itself stops a body longer than it takes at all, with a status of its own.
		const tooLong = error instanceof Error && 'status' in error && error.status === 413;
		throw Object.assign(new BadMultipart(tooLong ? 'too-large' : 'cut-short'), { cause: error });
	}
}

const STATUS: Readonly<Record<BadMultipart['fault'], number>> = {
	'not-multipart': 415,
	boundary: 400,
	headers: 400,
	'too-many-parts': 413,
	'too-large': 413,
	'cut-short': 400
};

export async function stow(actor: Actor, request: Request, onlyStudy: string | null, base: string, limits: MultipartLimits = STOW_LIMITS): Promise<Response> {
	const job = new Import(actor, onlyStudy);
	const running = new Set<Promise<unknown>>();
	let failed: unknown = null;
	let index = 0;
	const launch = (name: string, take: () => Promise<FileOutcome>): void => {
		const one: Promise<unknown> = job
			.list(name, take)
			.catch((error: unknown) => {
				failed ??= error;
			})
			.finally(() => running.delete(one));
		running.add(one);
	};
	try {
		const { boundary } = boundaryOf(request.headers.get('content-type') ?? '');
		if (request.body === null) throw new BadMultipart('cut-short');
		await readMultipart(chunks(request.body), boundary, limits, {
			async begin(headers) {
				const name = partName(headers, ++index);
				const type = (headers.get('content-type') ?? 'application/dicom').toLowerCase();
				if (!type.startsWith('application/dicom') || type.startsWith('application/dicom+')) {
					launch(name, async () => ({ kind: 'refused', reason: 'not-dicom', detail: '', sopUid: null, sopClass: null }));
					return null;
				}
				const path = scratchFile(hospital().dataDir);
				return new ScratchTarget(path, await open(path, 'wx', 0o600), async (finished, state) => {
					while (running.size >= AT_ONCE) await Promise.race(running);
					if (failed !== null) throw failed;
					if (state === 'whole') launch(name, () => job.take(finished));
					else {
						await unlink(finished);
						launch(name, async () => ({ kind: 'refused', reason: 'too-large', detail: '', sopUid: null, sopClass: null }));
					}
				});
			}
		});
	} catch (error) {
		await Promise.all(running);
		// What arrived whole before the break is stored and announced; the sender may send everything again.
		if (!(error instanceof BadMultipart)) throw error;
		const summary = await job.finish();
		return Response.json({ error: { code: error.fault }, ...summary }, { status: STATUS[error.fault] });
	}
	await Promise.all(running);
	if (failed !== null) throw failed;
	return answer(await job.finish(), request, base);
}
