import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpLine } from './http-channel-line.ts';
import type { Sync } from './index.ts';
import type { SyncPorts } from './ports.ts';
import { decodeMessages, encodeMail, HOLD_MS, HTTP_ROOT, type Goodbye, type Mail } from './protocol/http-channel.ts';
import { closeCode } from './protocol/index.ts';

/** Messages are as large as over a WebSocket; a request holds a few. */
export interface HttpLimits {
	readonly frameBytes: number;
	readonly requestBytes: number;
	readonly channelsPerSession: number;
	readonly channels: number;
	/** a client that asks for nothing this long is gone */
	readonly silenceMs: number;
	readonly holdMs: number;
}
const defaults: HttpLimits = { frameBytes: 1 << 20, requestBytes: 2 << 20, channelsPerSession: 32, channels: 5000, silenceMs: 45_000, holdMs: HOLD_MS };
const SWEEP_MS = 5000;
const TOO_BIG = 1009;

interface Waiter {
	readonly channels: ReadonlySet<string>;
	answer(): void;
}
class Answered extends Error {
	readonly status: number;
	readonly goodbye: Goodbye;
	constructor(status: number, goodbye: Goodbye) {
		super(goodbye.reason);
		this.status = status;
		this.goodbye = goodbye;
	}
}
const signedOut = (): Answered => new Answered(401, { code: closeCode.signedOut, reason: 'signed out' });
const gone = (): Answered => new Answered(410, { code: closeCode.goingAway, reason: 'this channel is over' });

/** Live documents over plain requests: who asks is judged anew at every one, the rest is what a room knows of any line. */
export class HttpChannels {
	readonly #sync: Pick<Sync, 'enter' | 'attach'>;
	readonly #ports: Pick<SyncPorts, 'authenticate' | 'originAllowed' | 'alarm'>;
	readonly #limits: HttpLimits;
	readonly #lines = new Map<string, HttpLine>();
	readonly #waiters = new Set<Waiter>();
	readonly #sweep: NodeJS.Timeout;

	constructor(sync: Pick<Sync, 'enter' | 'attach'>, ports: Pick<SyncPorts, 'authenticate' | 'originAllowed' | 'alarm'>, limits: Partial<HttpLimits> = {}) {
		this.#sync = sync;
		this.#ports = ports;
		this.#limits = { ...defaults, ...limits };
		this.#sweep = setInterval(() => {
			this.#forgetSilent();
		}, SWEEP_MS);
		this.#sweep.unref();
	}

	get size(): number {
		return this.#lines.size;
	}

	/** False for paths that are not ours. */
	handle(request: IncomingMessage, response: ServerResponse): boolean {
		if (!request.url?.startsWith(HTTP_ROOT)) return false;
		this.#answer(request, response).catch((error: unknown) => {
			if (error instanceof Answered) say(response, error.status, error.goodbye);
			else {
				this.#ports.alarm('a request for a live document failed', error, {});
				say(response, 500, { code: closeCode.fault, reason: 'fault' });
			}
		});
		return true;
	}

	async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const url = new URL(request.url ?? '/', 'http://localhost');
		if (request.method !== 'POST') throw new Answered(405, { code: closeCode.malformed, reason: 'only POST' });
		// A page of another site can send a POST without asking; a browser always names it.
		const site = request.headers['sec-fetch-site'];
		if (!this.#ports.originAllowed(request) || (site !== undefined && site !== 'same-origin' && site !== 'none'))
			throw new Answered(403, { code: closeCode.forbidden, reason: 'foreign origin' });
		switch (url.pathname) {
			case `${HTTP_ROOT}send`:
				await this.#send(request, response, url);
				return;
			case `${HTTP_ROOT}receive`:
				await this.#receive(request, response);
				return;
			case `${HTTP_ROOT}close`: {
				const line = await this.#lineOf(request, url);
				line.terminate();
				this.#lines.delete(line.channel);
				response.writeHead(204).end();
				return;
			}
			default:
				await this.#open(request, response, url);
		}
	}

	async #open(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
		const asked = new URL(`/sync/${url.pathname.slice(HTTP_ROOT.length)}${url.search}`, url);
		const entrance = await this.#sync.enter(request, asked);
		if ('status' in entrance) throw new Answered(entrance.status, entrance);
		const { session } = entrance.actor;
		const mine = [...this.#lines.values()].filter((line) => line.session === session && line.open).length;
		if (mine >= this.#limits.channelsPerSession || this.#lines.size >= this.#limits.channels)
			throw new Answered(503, { code: closeCode.tooSlow, reason: 'too many channels' });
		const channel = randomBytes(16).toString('hex');
		const line = new HttpLine(channel, session, () => {
			this.#wake(channel);
		});
		this.#lines.set(channel, line);
		this.#sync.attach(line, entrance);
		response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify({ channel }));
	}

	/** A channel answers only to the session that opened it. */
	async #lineOf(request: IncomingMessage, url: URL): Promise<HttpLine> {
		const actor = await this.#ports.authenticate(request);
		const line = this.#lines.get(url.searchParams.get('channel') ?? '');
		if (actor === null) throw signedOut();
		if (line?.session !== actor.session) throw gone();
		line.touched();
		return line;
	}

	async #send(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
		const line = await this.#lineOf(request, url);
		const messages = decodeMessages(await bodyOf(request, this.#limits.requestBytes));
		if (messages === null) line.receiver?.onMisuse('malformed request');
		else if (messages.some(({ length }) => length > this.#limits.frameBytes)) line.close(TOO_BIG, 'too big');
		if (!line.open || messages === null) throw gone();
		if (!(await line.take(Number(url.searchParams.get('n')), messages))) throw new Answered(409, { code: closeCode.goingAway, reason: 'a request is missing' });
		response.writeHead(204).end();
	}

	async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const actor = await this.#ports.authenticate(request);
		if (actor === null) throw signedOut();
		const asked = askedFor(await bodyOf(request, this.#limits.requestBytes));
		const lines: (readonly [HttpLine, number])[] = [];
		const over: Mail[] = [];
		for (const [channel, from] of asked) {
			const line = this.#lines.get(channel);
			if (line?.session !== actor.session) over.push({ channel, first: from, messages: [], closed: gone().goodbye });
			else lines.push([line, from]);
		}
		const gather = (): readonly Mail[] => [
			...over,
			...lines.map(([line, from]) => line.mail(from)).filter(({ messages, closed }) => messages.length > 0 || closed !== null)
		];
		for (const [line] of lines) line.touched();
		let mail = gather();
		if (mail.length === 0) {
			await this.#until(new Set(asked.map(([channel]) => channel)), request);
			mail = gather();
		}
		for (const [line] of lines) line.touched();
		if (response.destroyed) return;
		response.writeHead(200, { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' }).end(encodeMail(mail));
		for (const { channel, closed } of mail) if (closed !== null) this.#lines.get(channel)?.terminate();
	}

	/** Until one of them has mail, the client has gone, or it is time to say that the line still stands. */
	#until(channels: ReadonlySet<string>, request: IncomingMessage): Promise<void> {
		return new Promise((resolve) => {
			const answer = (): void => {
				clearTimeout(timer);
				this.#waiters.delete(waiter);
				request.socket.off('close', answer);
				resolve();
			};
			const waiter: Waiter = { channels, answer };
			const timer = setTimeout(answer, this.#limits.holdMs);
			this.#waiters.add(waiter);
			request.socket.once('close', answer);
		});
	}

	#wake(channel: string): void {
		// What one turn says is one answer.
		setImmediate(() => {
			for (const waiter of [...this.#waiters]) if (waiter.channels.has(channel) && this.#lines.get(channel)?.hasMail === true) waiter.answer();
		});
	}

	#forgetSilent(): void {
		const now = performance.now();
		for (const line of this.#lines.values()) {
			if (now - line.seenAt < this.#limits.silenceMs) continue;
			line.terminate();
			this.#lines.delete(line.channel);
		}
	}

	close(): void {
		clearInterval(this.#sweep);
		for (const waiter of [...this.#waiters]) waiter.answer();
		for (const line of this.#lines.values()) line.terminate();
		this.#lines.clear();
	}
}

function say(response: ServerResponse, status: number, { code, reason }: Goodbye): void {
	if (response.headersSent || response.destroyed) return;
	response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify({ code, reason }));
}

async function bodyOf(request: IncomingMessage, most: number): Promise<Uint8Array> {
	const parts: Buffer[] = [];
	let length = 0;
	for await (const part of request as AsyncIterable<Buffer>) {
		length += part.length;
		if (length > most) throw new Answered(413, { code: TOO_BIG, reason: 'too big' });
		parts.push(part);
	}
	return Buffer.concat(parts);
}

function askedFor(body: Uint8Array): readonly (readonly [string, number])[] {
	let asked: unknown;
	try {
		asked = JSON.parse(Buffer.from(body).toString('utf8'));
	} catch {
		throw new Answered(400, { code: closeCode.malformed, reason: 'malformed' });
	}
	const channels = typeof asked === 'object' && asked !== null && 'channels' in asked ? asked.channels : null;
	const entries = typeof channels === 'object' && channels !== null ? Object.entries(channels as Readonly<Record<string, unknown>>) : [];
	if (entries.length === 0 || entries.length > 64 || entries.some(([, from]) => !Number.isSafeInteger(from)))
		throw new Answered(400, { code: closeCode.malformed, reason: 'malformed' });
	return entries as [string, number][];
}
