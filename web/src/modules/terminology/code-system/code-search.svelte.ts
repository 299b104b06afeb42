import type { CodeSystemId, Concept } from '@tongping/domain/terminology';

type Found = { readonly kind: 'idle' | 'searching' | 'lost' } | { readonly kind: 'found'; readonly concepts: readonly Concept[] };
const WAIT_MS = 120;

/** What a diagnosis field knows while somebody types: only the answer to the newest question is ever shown. */
export class CodeSearch {
	typed = $state('');
	found = $state.raw<Found>({ kind: 'idle' });
	active = $state(0);
	readonly #system: CodeSystemId;
	readonly #pick: (concept: Concept) => void;
	#question = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(system: CodeSystemId, pick: (concept: Concept) => void) {
		this.#system = system;
		this.#pick = pick;
	}

	get concepts(): readonly Concept[] {
		return this.found.kind === 'found' ? this.found.concepts : [];
	}

	type(text: string): void {
		this.typed = text;
		this.active = 0;
		const question = ++this.#question;
		clearTimeout(this.#timer);
		if (text.trim() === '') {
			this.found = { kind: 'idle' };
			return;
		}
		this.#timer = setTimeout(() => void this.#ask(text, question), WAIT_MS);
	}

	async #ask(text: string, question: number): Promise<void> {
		if (this.found.kind !== 'found') this.found = { kind: 'searching' };
		const answer = await fetch('/api/terminology/search', {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ system: this.#system, text })
		})
			.then(async (response): Promise<Found> =>
				response.ok ? { kind: 'found', concepts: ((await response.json()) as { concepts: Concept[] }).concepts } : { kind: 'lost' }
			)
			.catch((): Found => ({ kind: 'lost' }));
		if (question === this.#question) this.found = answer;
	}

	choose(concept: Concept | undefined): void {
		if (concept === undefined) return;
		this.close();
		this.#pick(concept);
	}

	close(): void {
		this.#question++;
		clearTimeout(this.#timer);
		this.typed = '';
		this.found = { kind: 'idle' };
	}

	key(event: KeyboardEvent): void {
		const last = this.concepts.length - 1;
		if (event.key === 'ArrowDown') this.active = Math.min(last, this.active + 1);
		else if (event.key === 'ArrowUp') this.active = Math.max(0, this.active - 1);
		else if (event.key === 'Enter' && last >= 0) this.choose(this.concepts[this.active]);
		else if (event.key === 'Escape' && this.found.kind !== 'idle') this.close();
		else return;
		event.preventDefault();
	}
}
