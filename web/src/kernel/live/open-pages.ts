/** Which open pages of this browser answer for kept edits: each holds a lock the browser takes back when the page dies. */
export interface OpenPages {
	alive(): Promise<ReadonlySet<string>>;
	/** Calls back when that page is gone. */
	whenGone(tab: string, then: () => void): void;
	release(): void;
}

const PREFIX = 'tongping-live:';

export function openPage(tab: string): OpenPages {
	// Without locks (an old browser) every page answers for everything, as if it were alone.
	if (typeof navigator === 'undefined' || (navigator.locks as LockManager | undefined) === undefined)
		return { alive: async () => new Set(), whenGone: () => undefined, release: () => undefined };
	const over = new AbortController();
	let release = (): void => undefined;
	const hold = new Promise<void>((resolve) => {
		release = resolve;
	});
	const ended = (error: unknown): void => {
		if (!over.signal.aborted) console.error('page locks', error);
	};
	navigator.locks.request(`${PREFIX}${tab}`, () => hold).catch(ended);
	return {
		async alive() {
			const { held = [], pending = [] } = await navigator.locks.query();
			// Those that only wait for a page to go ask for a shared lock.
			return new Set(
				[...held, ...pending]
					.filter(({ name, mode }) => mode === 'exclusive' && name?.startsWith(PREFIX) === true)
					.map(({ name }) => name!.slice(PREFIX.length))
			);
		},
		whenGone(other, then) {
			navigator.locks
				.request(`${PREFIX}${other}`, { mode: 'shared', signal: over.signal }, () => {
					then();
				})
				.catch(ended);
		},
		release() {
			over.abort();
			release();
		}
	};
}
