/** Words for people who listen to the screen. One polite region for the whole page, said once each, in order. */
class Announcer {
	text = $state('');
	#queue: string[] = [];
	#timer: ReturnType<typeof setTimeout> | null = null;

	say(sentence: string): void {
		this.#queue.push(sentence);
		if (this.#timer !== null) return;
		this.#timer = setTimeout(() => {
			this.#next();
		}, 50);
	}

	#next(): void {
		// Moves that arrive together are read as one sentence; a flood keeps only the newest three.
		const words = this.#queue.splice(0).slice(-3).join(' ');
		this.text = words;
		this.#timer = setTimeout(() => {
			this.#timer = null;
			if (this.#queue.length > 0) this.#next();
		}, 700);
	}
}
export const announcer = new Announcer();
