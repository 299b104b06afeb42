import type { PaletteEntry } from '#ui/palette.ts';

interface Found {
	readonly patient: string;
	readonly mrn: string;
	readonly name: string;
	readonly initials: string;
	readonly pinyin: string;
	readonly ward: string | null;
	readonly bed: string | null;
}
const PAUSE_MS = 180;

/** Patients of the whole house for the palette, asked of the server while somebody types. What was typed leaves this window only in the body of that request. */
export class PatientSearch {
	#found = $state.raw<readonly Found[]>([]);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#asked: AbortController | undefined;

	search(text: string): void {
		clearTimeout(this.#timer);
		this.#asked?.abort();
		const wanted = text.trim();
		// One letter finds half the house; one Chinese character or one figure is a surname or a bed.
		if (wanted.length < 2 && /^[a-z]?$/i.test(wanted)) {
			this.#found = [];
			return;
		}
		this.#timer = setTimeout(() => void this.#ask(wanted), PAUSE_MS);
	}

	async #ask(text: string): Promise<void> {
		const asked = new AbortController();
		this.#asked = asked;
		// Without a server the palette still finds those on the page; the connection state says the rest.
		const response = await fetch('/api/patients', {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ text }),
			signal: asked.signal
		}).catch(() => null);
		if (response?.ok !== true) return;
		const { patients } = (await response.json()) as { readonly patients: readonly Found[] };
		if (!asked.signal.aborted) this.#found = patients;
	}

	/** Those found, without the ones the page itself offers already. */
	entries(shown: readonly PaletteEntry[], group: string, open: (patient: string) => void): readonly PaletteEntry[] {
		const here = new Set(shown.flatMap((entry) => entry.also ?? []));
		return this.#found
			.filter((found) => !here.has(found.mrn))
			.map((found) => ({
				id: `patient-${found.patient}`,
				group,
				label: `${found.bed ?? ''} ${found.name}`.trim(),
				detail: [found.ward, found.mrn].filter((part) => part !== null).join(' '),
				also: [found.name, found.initials, found.pinyin.replaceAll(' ', ''), found.mrn, ...(found.bed === null ? [] : [found.bed, String(Number(found.bed))])],
				run: () => {
					open(found.patient);
				}
			}));
	}
}
