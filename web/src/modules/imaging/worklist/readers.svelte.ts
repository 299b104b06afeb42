import type { Person } from '#ui/faces.ts';

type Readers = Readonly<Record<string, readonly Person[]>>;
const EVERY_MS = 3_000;

/** Who reads what, asked every few seconds while somebody looks at the list. */
export class WhoReads {
	readers = $state.raw<Readers>({});
	watch(): () => void {
		const timer = setInterval(() => void this.#ask(), EVERY_MS);
		void this.#ask();
		return () => clearInterval(timer);
	}
	async #ask(): Promise<void> {
		if (document.hidden) return;
		try {
			const response = await fetch('/imaging/readers');
			const answer: unknown = response.ok ? await response.json() : null;
			this.readers = typeof answer === 'object' && answer !== null && 'readers' in answer ? (answer.readers as Readers) : {};
		} catch {
			// Unknown is shown as unknown: an old face would say that somebody reads who has long left.
			this.readers = {};
		}
	}
}
