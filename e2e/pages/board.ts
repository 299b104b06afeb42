import { expect, type Locator, type Page } from '@playwright/test';

declare global {
	interface Window {
		frames0?: { readonly at: number; readonly faults: string[]; count: number };
	}
}

/** The bed board as a person works with it. */
export class Board {
	readonly page: Page;

	constructor(page: Page) {
		this.page = page;
	}

	async open(address = '/'): Promise<void> {
		await this.page.goto(address);
		await expect(this.page.getByTestId('bed').first()).toBeVisible();
		await this.live();
	}

	/** Waits until the board is joined: before that moves are closed. */
	async live(): Promise<void> {
		await expect(this.page.getByTestId('connection')).toHaveAttribute('data-level', 'live', { timeout: 20_000 });
	}

	bed(number: string): Locator {
		return this.page.locator(`[data-testid="bed"][data-number="${number}"]`);
	}

	name(number: string): Locator {
		return this.bed(number).getByTestId('patient-name');
	}

	async free(): Promise<string[]> {
		return this.page
			.locator('[data-testid="bed"]')
			.evaluateAll((beds) =>
				beds
					.filter((bed) => bed.getAttribute('data-stay') === null && bed.getAttribute('aria-label')?.includes('空床'))
					.map((bed) => bed.getAttribute('data-number') ?? '')
			);
	}

	async taken(): Promise<{ readonly bed: string; readonly name: string }[]> {
		return this.page
			.locator('[data-testid="bed"][data-stay]')
			.evaluateAll((beds) =>
				beds.map((bed) => ({ bed: bed.getAttribute('data-number') ?? '', name: bed.querySelector('[data-testid="patient-name"]')?.textContent ?? '' }))
			);
	}

	/** Lifts the card and holds it over the other bed. */
	async carry(from: string, to: string): Promise<void> {
		const card = this.bed(from);
		await card.scrollIntoViewIfNeeded();
		const start = await card.boundingBox();
		if (start === null) throw new Error(`bed ${from} is not on the screen`);
		await this.page.mouse.move(start.x + 40, start.y + 60);
		await this.page.mouse.down();
		await this.page.mouse.move(start.x + 50, start.y + 66, { steps: 3 });
		const target = await this.bed(to).boundingBox();
		if (target === null) throw new Error(`bed ${to} is not on the screen`);
		await this.page.mouse.move(target.x + target.width / 2, target.y + target.height / 2, { steps: 6 });
	}

	async drop(): Promise<void> {
		await this.page.mouse.up();
	}

	/** Looks at every painted frame from now on: a bed with two names, or a patient in two places, is a fault that stays in the list. */
	async watchFrames(): Promise<void> {
		await this.page.evaluate(() => {
			const record = { at: Date.now(), faults: [] as string[], count: 0 };
			window.frames0 = record;
			const look = (): void => {
				record.count++;
				const places = new Map<string, string[]>();
				for (const bed of document.querySelectorAll<HTMLElement>('[data-testid="bed"]')) {
					const names = [...bed.querySelectorAll('[data-testid="patient-name"]')].map((name) => (name as HTMLAnchorElement).pathname);
					if (names.length > 1) record.faults.push(`bed ${bed.dataset['number'] ?? ''} shows ${String(names.length)} patients`);
					for (const name of names) places.set(name, [...(places.get(name) ?? []), bed.dataset['number'] ?? '']);
				}
				for (const [name, beds] of places) if (beds.length > 1) record.faults.push(`${name} lies in ${beds.join(' and ')}`);
			};
			new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
			const frame = (): void => {
				look();
				requestAnimationFrame(frame);
			};
			requestAnimationFrame(frame);
		});
	}

	async frames(): Promise<{ readonly faults: readonly string[]; readonly count: number }> {
		return this.page.evaluate(() => ({ faults: window.frames0?.faults ?? ['nobody looked'], count: window.frames0?.count ?? 0 }));
	}
}
