import { decodeMail, encodeMessages, HOLD_MS, HTTP_ROOT, type Goodbye, type Mail } from '@tongping/sync-server/protocol/http-channel';

const LOST: Goodbye = { code: 1006, reason: 'the server cannot be reached' };
const TRIES = 3;
const AGAIN_MS = 400;
const REQUEST_BYTES = 512 << 10;
/** What a browser sends even while the page is being left. */
const KEEPALIVE_BYTES = 32 << 10;

export interface HttpEars {
	opened(): void;
	message(data: Uint8Array): void;
	closed(goodbye: Goodbye): void;
}

const post = (url: string, body: BodyInit | null, { keepalive = false, signal }: { readonly keepalive?: boolean; readonly signal?: AbortSignal } = {}) =>
	fetch(url, {
		method: 'POST',
		body,
		keepalive,
		credentials: 'same-origin',
		headers: { 'content-type': 'application/octet-stream', 'x-background': '1' },
		...(signal === undefined ? {} : { signal })
	});

async function goodbyeOf(response: Response): Promise<Goodbye> {
	const said = (await response.json().catch(() => null)) as Partial<Goodbye> | null;
	return typeof said?.code === 'number' ? { code: said.code, reason: said.reason ?? '' } : { code: 1011, reason: `HTTP ${String(response.status)}` };
}

/** One document over plain requests. Messages go out in order, one request at a time; a request that got lost is repeated and taken once. */
export class HttpLine {
	readonly #box: Letterbox;
	readonly #ears: HttpEars;
	readonly #url: URL;
	#channel: string | null = null;
	#outgoing: Uint8Array[] = [];
	#sending = false;
	#next = 0;
	received = 0;
	#over = false;

	/** `url`: the address of the document for WebSockets */
	constructor(url: URL, ears: HttpEars) {
		this.#ears = ears;
		this.#url = new URL(url);
		this.#url.protocol = url.protocol === 'wss:' ? 'https:' : 'http:';
		this.#url.pathname = url.pathname.replace(/^\/sync\//u, HTTP_ROOT);
		this.#box = letterboxOf(this.#url);
		this.#open().catch(() => {
			this.end(LOST);
		});
	}

	async #open(): Promise<void> {
		const response = await post(this.#url.href, null);
		if (this.#over) return;
		if (!response.ok) {
			this.end(await goodbyeOf(response));
			return;
		}
		this.#channel = ((await response.json()) as { readonly channel: string }).channel;
		this.#box.add(this.#channel, this);
		this.#ears.opened();
		this.#pump();
	}

	#at(path: string, parameters: Readonly<Record<string, string>>): string {
		const url = new URL(HTTP_ROOT + path, this.#url);
		url.search = this.#url.search;
		for (const [name, value] of Object.entries({ ...parameters, channel: this.#channel! })) url.searchParams.set(name, value);
		return url.href;
	}

	get backlog(): number {
		return this.#outgoing.reduce((sum, { length }) => sum + length, 0);
	}

	send(message: Uint8Array): void {
		if (this.#over) return;
		this.#outgoing.push(message.slice());
		this.#pump();
	}

	#pump(): void {
		if (this.#sending || this.#over || this.#channel === null || this.#outgoing.length === 0) return;
		this.#sending = true;
		this.#sendNext().then(
			() => {
				this.#sending = false;
				this.#pump();
			},
			() => {
				this.end(LOST);
			}
		);
	}

	async #sendNext(): Promise<void> {
		// What is typed in one turn is one request.
		await Promise.resolve();
		let bytes = 0;
		let count = 0;
		for (const { length } of this.#outgoing) {
			if (count > 0 && bytes + length > REQUEST_BYTES) break;
			bytes += length;
			count++;
		}
		const body = encodeMessages(this.#outgoing.splice(0, count));
		const url = this.#at('send', { n: String(this.#next++) });
		for (let attempt = 1; !this.#over; attempt++) {
			try {
				const response = await post(url, body, { keepalive: body.length < KEEPALIVE_BYTES });
				if (!response.ok) this.end(await goodbyeOf(response));
				return;
			} catch (error) {
				if (attempt === TRIES) throw error;
				await new Promise((resolve) => setTimeout(resolve, AGAIN_MS * attempt));
			}
		}
	}

	take({ first, messages, closed }: Mail): void {
		for (const [at, message] of messages.entries()) {
			if (first + at < this.received || this.#over) continue;
			this.received = first + at + 1;
			this.#ears.message(message);
		}
		if (closed !== null) this.end(closed);
	}

	/** The server, or the way to it, ended it. */
	end(goodbye: Goodbye): void {
		if (this.#over) return;
		this.#over = true;
		if (this.#channel !== null) this.#box.drop(this.#channel);
		this.#ears.closed(goodbye);
	}

	/** The page ends it; what was handed over before is still sent. */
	close(): void {
		if (this.#over) return;
		const [channel, rest] = [this.#channel, this.#outgoing.splice(0)];
		this.#over = true;
		if (channel === null) return;
		this.#box.drop(channel);
		const farewell = rest.length === 0 ? Promise.resolve() : post(this.#at('send', { n: String(this.#next) }), encodeMessages(rest), { keepalive: true });
		farewell.then(() => post(this.#at('close', {}), null, { keepalive: true })).catch(() => undefined);
	}
}

/** One waiting request for all documents of a page: a browser opens no more than six connections to a server. */
class Letterbox {
	readonly #lines = new Map<string, HttpLine>();
	readonly #url: string;
	#asking: AbortController | null = null;
	#running = false;

	constructor(url: string) {
		this.#url = url;
	}

	add(channel: string, line: HttpLine): void {
		this.#lines.set(channel, line);
		if (this.#running) this.#asking?.abort();
		else void this.#run();
	}
	drop(channel: string): void {
		this.#lines.delete(channel);
		this.#asking?.abort();
	}

	async #run(): Promise<void> {
		this.#running = true;
		for (let failed = 0; this.#lines.size > 0;) {
			try {
				await this.#ask();
				failed = 0;
			} catch {
				if (++failed >= TRIES) for (const line of [...this.#lines.values()]) line.end(LOST);
				else await new Promise((resolve) => setTimeout(resolve, AGAIN_MS * failed));
			}
		}
		this.#running = false;
	}

	async #ask(): Promise<void> {
		const asking = (this.#asking = new AbortController());
		const signal = AbortSignal.any([asking.signal, AbortSignal.timeout(HOLD_MS * 1.5)]);
		const body = JSON.stringify({ channels: Object.fromEntries([...this.#lines].map(([channel, { received }]) => [channel, received])) });
		try {
			const response = await post(this.#url, body, { signal });
			if (!response.ok) {
				const goodbye = await goodbyeOf(response);
				for (const line of [...this.#lines.values()]) line.end(goodbye);
				return;
			}
			for (const mail of decodeMail(new Uint8Array(await response.arrayBuffer()))) this.#lines.get(mail.channel)?.take(mail);
		} catch (error) {
			// Another set of documents is asked for.
			if (!asking.signal.aborted) throw error;
		}
	}
}

const boxes = new Map<string, Letterbox>();
function letterboxOf(url: URL): Letterbox {
	const at = new URL(`${HTTP_ROOT}receive`, url);
	// The session is a cookie; what a test names in the address belongs to it.
	for (const [name, value] of url.searchParams) if (!['v', 'v2', 'live', 'as'].includes(name)) at.searchParams.set(name, value);
	let box = boxes.get(at.href);
	if (box === undefined) boxes.set(at.href, (box = new Letterbox(at.href)));
	return box;
}
