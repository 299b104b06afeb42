/** What went wrong while fetching, in a form that a page can put into words. */
export class FetchProblem extends Error {
	readonly status: number | null;
	readonly attempts: number;
	constructor(status: number | null, attempts: number, cause?: unknown) {
		super(status === null ? 'the server could not be reached' : `the server answered ${status}`, { cause });
		this.status = status;
		this.attempts = attempts;
	}
}

export interface RetryOptions {
	readonly attempts?: number;
	readonly firstDelayMs?: number;
	readonly timeoutMs?: number;
	readonly fetch?: typeof fetch;
	readonly sleep?: (ms: number) => Promise<void>;
}

/** Only what may pass by itself is asked again; a refusal (400, 403, 404) stays a refusal. */
const mayPass = (status: number): boolean => status === 408 || status === 425 || status === 429 || status >= 500;
const LONGEST_DELAY_MS = 8_000;

/** Fetch with bounded retries: delays double from `firstDelayMs` with jitter, `Retry-After` in seconds is honoured up to 8 s. Throws FetchProblem. */
export async function fetchPatiently(url: string, init: RequestInit, options: RetryOptions = {}): Promise<Response> {
	const {
		attempts = 4,
		firstDelayMs = 200,
		timeoutMs = 20_000,
		fetch: ask = fetch,
		sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))
	} = options;
	for (let attempt = 1; ; attempt++) {
		const timeout = AbortSignal.timeout(timeoutMs);
		let status: number | null = null;
		let wanted = 0;
		try {
			const response = await ask(url, { ...init, credentials: 'same-origin', signal: init.signal ? AbortSignal.any([init.signal, timeout]) : timeout });
			if (response.ok) return response;
			status = response.status;
			wanted = Number(response.headers.get('retry-after') ?? 0) * 1000;
			await response.body?.cancel();
		} catch (problem) {
			if (init.signal?.aborted) throw problem;
			if (attempt >= attempts) throw new FetchProblem(null, attempt, problem);
		}
		if (status !== null && (!mayPass(status) || attempt >= attempts)) throw new FetchProblem(status, attempt);
		const delay = Math.max(Number.isFinite(wanted) ? wanted : 0, firstDelayMs * 2 ** (attempt - 1) * (0.75 + Math.random() / 2));
		await sleep(Math.min(delay, LONGEST_DELAY_MS));
	}
}
