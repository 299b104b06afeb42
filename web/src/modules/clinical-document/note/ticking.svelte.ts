const EVERY_MS = 20_000;

/** The present, as the server's clock had it when the page was made; runs on while the page is seen. Made in a component's init. */
export class Ticking {
	now = $state(0);

	constructor(start: () => number) {
		this.now = start();
		$effect(() => {
			const ahead = start() - Date.now();
			// A page just loaded is seconds old at most; a clock further off than that is the workstation's, and then the server's counts.
			const tick = (): void => void (this.now = Date.now() + ahead);
			tick();
			const timer = setInterval(tick, EVERY_MS);
			return () => clearInterval(timer);
		});
	}
}
