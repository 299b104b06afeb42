import type { OperationsNow, QuarantineItem } from '@tongping/domain/operations';

const EVERY_MS = 5000;

/** What the server answers: how it is doing, and what waits for a decision with the names of those who offered it. */
export interface OperationsAnswer {
	readonly now: OperationsNow;
	readonly items: readonly QuarantineItem[];
	/** by user id */
	readonly names: Readonly<Record<string, string>>;
}

/** Asked every five seconds while somebody looks. Marked as background: a page that is only open does not keep its session alive. */
export class OperationsFeed {
	answer: OperationsAnswer;
	/** epoch ms of this device since the server has not answered; null while it does */
	silentSince = $state<number | null>(null);

	constructor(first: OperationsAnswer) {
		this.answer = $state.raw(first);
	}

	watch(): () => void {
		const ask = (): void => {
			if (!document.hidden) void this.ask();
		};
		const timer = setInterval(ask, EVERY_MS);
		document.addEventListener('visibilitychange', ask);
		return () => {
			clearInterval(timer);
			document.removeEventListener('visibilitychange', ask);
		};
	}

	async ask(): Promise<void> {
		try {
			const response = await fetch('/api/operations', { headers: { 'x-background': '1' }, signal: AbortSignal.timeout(EVERY_MS) });
			if (!response.ok) throw new Error(String(response.status));
			this.answer = (await response.json()) as OperationsAnswer;
			this.silentSince = null;
		} catch {
			// Old numbers stay on the screen with their age: that the server does not answer is what must be seen.
			this.silentSince ??= Date.now();
		}
	}
}
