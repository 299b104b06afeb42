/** What the command palette can offer. `find` decides by text, name and initials; search text stays in the window, never in an address. */
export interface PaletteEntry {
	readonly id: string;
	readonly group: string;
	readonly label: string;
	readonly detail?: string;
	/** further words it answers to: pinyin initials, bed number */
	readonly also?: readonly string[];
	readonly tag?: string;
	readonly key?: string;
	/** level bar shown before a person, 0 to 3 */
	readonly bar?: number;
	run(): void;
}

export function find(entries: readonly PaletteEntry[], typed: string, most = 12): PaletteEntry[] {
	const wanted = typed.trim().toLowerCase();
	if (wanted === '') return entries.slice(0, most);
	const rank = (entry: PaletteEntry): number => {
		const words = [entry.label.toLowerCase(), ...(entry.also ?? []).map((word) => word.toLowerCase())];
		if (words.some((word) => word === wanted)) return 0;
		if (words.some((word) => word.startsWith(wanted))) return 1;
		return words.some((word) => word.includes(wanted)) ? 2 : 3;
	};
	return entries
		.map((entry) => ({ entry, at: rank(entry) }))
		.filter((found) => found.at < 3)
		.sort((a, b) => a.at - b.at)
		.slice(0, most)
		.map((found) => found.entry);
}
