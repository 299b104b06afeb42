import { randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditHead } from './audit.ts';
import { BadStamp, readStamp, stampRequest } from './timestamp.ts';
import type { Troubles } from './troubles.ts';

/** Append-only lines, one a head: on another machine nobody of this one can change them. */
export const COPY = 'tongping-audit-heads.jsonl';
const WITHIN_MS = 20_000;
const AT_STOP_MS = 3000;
const LONGEST_ANSWER = 64 * 1024;

export interface OutsideSettings {
	/** folder for the copy, best a mount of another machine; null: off */
	readonly dir: string | null;
	/** address of a time-stamp authority (RFC 3161); null: off */
	readonly authority: string | null;
}
interface Place {
	readonly on: boolean;
	/** the last head that arrived there */
	readonly head: AuditHead | null;
	readonly failedSince: number | null;
}
/** For those who keep the server running: what is outside, and what is not. */
export interface AnchorState {
	readonly copy: Place;
	readonly stamp: Place;
}

export interface OutsidePorts {
	/** anchors all live documents that changed and says where the audit ends now */
	anchor(): Promise<AuditHead>;
	/** hash of this row of the audit here, null if there is none; unset: what is outside is not looked at */
	hashAt?(position: number): Promise<string | null>;
	store(stamp: { readonly position: number; readonly hash: string; readonly authority: string; readonly response: Uint8Array }): Promise<void>;
	readonly troubles: Pick<Troubles, 'set'>;
}

/** One head after the other, each minute, to the places outside. What fails is tried again with the next head, which covers it. */
export class Anchoring {
	readonly #ports: OutsidePorts;
	readonly #settings: OutsideSettings;
	readonly #places: { copy: Place; stamp: Place };
	#timer: NodeJS.Timeout | null = null;
	#running: Promise<void> | null = null;

	constructor(settings: OutsideSettings, ports: OutsidePorts) {
		this.#ports = ports;
		this.#settings = settings;
		const place = (on: boolean): Place => ({ on, head: null, failedSince: null });
		this.#places = { copy: place(settings.dir !== null), stamp: place(settings.authority !== null) };
	}

	get state(): AnchorState {
		return { ...this.#places };
	}

	start(everyMs = 60_000): void {
		this.#timer = setInterval(() => {
			void this.once();
		}, everyMs);
		this.#timer.unref();
	}

	/** Ends with what stands now outside, so that an orderly stop leaves nothing uncovered; a place that is slow is not waited for. */
	async stop(): Promise<void> {
		if (this.#timer !== null) clearInterval(this.#timer);
		const last = (this.#running ?? Promise.resolve()).then(() => this.once());
		await Promise.race([
			last,
			new Promise((resolve) => {
				setTimeout(resolve, AT_STOP_MS).unref();
			})
		]);
	}

	/** Never rejects: a place that cannot be reached is a trouble, not a fault of whoever asked. */
	once(): Promise<void> {
		this.#running ??= this.#all().finally(() => {
			this.#running = null;
		});
		return this.#running;
	}

	async #all(): Promise<void> {
		let head: AuditHead;
		try {
			head = await this.#ports.anchor();
		} catch {
			// The disk takes no writes: that is a trouble of its own, already told.
			return;
		}
		const { dir, authority } = this.#settings;
		await Promise.all([
			dir === null
				? null
				: this.#to('copy', 'anchor-copy', head, async () => {
						await this.#compare(dir);
						await appendHead(dir, head);
					}),
			authority === null
				? null
				: this.#to('stamp', 'anchor-stamp', head, async () => {
						await this.#ports.store({ position: head.position, hash: head.hash, authority, response: await stamped(authority, head.hash) });
					})
		]);
	}

	/** What was kept outside must still be what stands here: otherwise somebody changed the past, here or there, or this is an older state. */
	async #compare(dir: string): Promise<void> {
		const { hashAt, troubles } = this.#ports;
		if (hashAt === undefined) return;
		const heads = await newestHeads(dir);
		const own = this.#places.copy.head;
		let differs = own !== null && heads.at(-1)?.hash !== own.hash ? own.position : null;
		for (const { position, hash } of heads) if (differs === null && (await hashAt(position)) !== hash) differs = position;
		troubles.set('anchor-differs', differs === null ? null : { position: differs });
	}

	async #to(place: 'copy' | 'stamp', trouble: 'anchor-copy' | 'anchor-stamp', head: AuditHead, bring: () => Promise<void>): Promise<void> {
		const before = this.#places[place];
		if (head.position === 0 || (before.failedSince === null && before.head?.position === head.position)) return;
		let late: NodeJS.Timeout | undefined;
		try {
			await Promise.race([
				bring(),
				new Promise((_resolve, reject) => {
					late = setTimeout(() => {
						reject(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
					}, WITHIN_MS);
				})
			]);
			this.#places[place] = { on: true, head, failedSince: null };
			this.#ports.troubles.set(trouble, null);
		} catch (error) {
			this.#places[place] = { ...before, failedSince: before.failedSince ?? Date.now() };
			this.#ports.troubles.set(trouble, { code: codeOf(error), position: head.position });
		} finally {
			clearTimeout(late);
		}
	}
}

const codeOf = (error: unknown): string => {
	const { code, cause } = error as { readonly code?: unknown; readonly cause?: { readonly code?: unknown } };
	return String(code ?? cause?.code ?? (error instanceof Error ? error.name : 'Error'));
};

const TAIL_BYTES = 64 * 1024;
/** The heads of the last hours; `npm run verify` looks at all of them. */
async function newestHeads(dir: string): Promise<readonly AuditHead[]> {
	let file;
	try {
		file = await open(join(dir, COPY), 'r');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
		throw error;
	}
	try {
		const { size } = await file.stat();
		const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, Math.max(0, size - TAIL_BYTES));
		return headsIn(buffer.toString('utf8', 0, bytesRead));
	} finally {
		await file.close();
	}
}

async function appendHead(dir: string, { at, position, hash }: AuditHead): Promise<void> {
	const file = await open(join(dir, COPY), 'a', 0o600);
	try {
		await file.appendFile(`${JSON.stringify({ at, position, hash })}\n`);
		await file.datasync();
	} finally {
		await file.close();
	}
}

const LINE = /\{"at":\d+,"position":\d+,"hash":"[0-9a-f]{64}"\}/gu;
/** The heads kept outside, oldest first. A line cut short by a broken connection says nothing; the one after it stands behind it. */
export async function readHeads(dir: string): Promise<readonly AuditHead[]> {
	return headsIn(await readFile(join(dir, COPY), 'utf8'));
}
const headsIn = (text: string): readonly AuditHead[] => [...text.matchAll(LINE)].map(([line]) => JSON.parse(line) as AuditHead);

/** Asks for a time-stamp and checks what came: granted, for this hash, to this question. */
export async function stamped(authority: string, imprint: string): Promise<Uint8Array> {
	const nonce = randomBytes(8);
	// Positive and of full length: DER would drop a leading zero, and the answers could not be compared.
	nonce[0] = (nonce[0]! & 0x7f) | 0x40;
	const answer = await fetch(authority, {
		method: 'POST',
		headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
		body: new Uint8Array(stampRequest(imprint, nonce)),
		redirect: 'error',
		signal: AbortSignal.timeout(WITHIN_MS)
	});
	if (!answer.ok) throw new BadStamp(`http-${answer.status}`);
	if (Number(answer.headers.get('content-length') ?? 0) > LONGEST_ANSWER) throw new BadStamp('too-long');
	const response = new Uint8Array(await answer.arrayBuffer());
	if (response.length > LONGEST_ANSWER) throw new BadStamp('too-long');
	const stamp = readStamp(response);
	if (stamp.imprint !== imprint) throw new BadStamp('other-imprint');
	if (stamp.nonce !== nonce.toString('hex')) throw new BadStamp('other-nonce');
	return response;
}
