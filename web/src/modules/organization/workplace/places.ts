export interface NavigationItem {
	readonly route: string;
	readonly icon: string;
	readonly label: { readonly zh: string; readonly en: string };
}

const G_MS = 1200;
export const GO: Readonly<Record<string, string>> = { 'G B': '/', 'G I': '/imaging' };

/** `G`, then a letter within a moment: where to go. Returns what each key press asks for, if anything. */
export function goKeys(): (key: string, now: number) => string | null {
	let afterG = Number.NEGATIVE_INFINITY;
	return (key, now) => {
		const letter = key.toUpperCase();
		if (letter === 'G') {
			afterG = now;
			return null;
		}
		const waited = now - afterG < G_MS;
		if (waited) afterG = Number.NEGATIVE_INFINITY;
		return waited ? (GO[`G ${letter}`] ?? null) : null;
	};
}
