/** Which open pages of this browser answer for kept edits: each holds a lock the browser takes back when the page dies. */
export interface OpenPages {
	alive(): Promise<ReadonlySet<string>>;
	/** Calls back every few seconds to look for what a page has left behind; also one that came and went between two looks. */
	watch(look: () => void): void;
	release(): void;
}

const PREFIX = 'tongping-live:';
const LOOK_MS = 2500;

export function openPage(tab: string): OpenPages {
	// Without locks (an old browser) every page answers for everything, as if it were alone.
	if (typeof navigator === 'undefined' || (navigator.locks as LockManager | undefined) === undefined)
		return { alive: async () => new Set(), watch: () => undefined, release: () => undefined };
	let release = (): void => undefined;
	const hold = new Promise<void>((resolve) => {
		release = resolve;
	});
	const failed = (error: unknown): void => {
		console.error('page locks', error);
	};
	let watching: ReturnType<typeof setInterval> | undefined;
	navigator.locks.request(`${PREFIX}${tab}`, () => hold).catch(failed);
	const alive = async (): Promise<ReadonlySet<string>> => {
		const { held = [], pending = [] } = await navigator.locks.query();
		return new Set([...held, ...pending].filter(({ name }) => name?.startsWith(PREFIX) === true).map(({ name }) => name!.slice(PREFIX.length)));
	};
	return {
		alive,
		watch(look) {
			watching = setInterval(look, LOOK_MS);
		},
		release() {
			clearInterval(watching);
			release();
		}
	};
}
