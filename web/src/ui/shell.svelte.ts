import type { Connection } from './connection.ts';
import type { Person } from './faces.ts';
import type { PaletteEntry } from './palette.ts';

export interface ShortcutGroup {
	readonly title: string;
	readonly keys: readonly (readonly [keys: string, meaning: string])[];
}

/** What the page in view lends to the frame around it: its connection, who is here, what can be searched and pressed. Set in the browser only. */
class Shell {
	where = $state('');
	/** address of the board last seen on this page's life, with its filters */
	board = $state<string | null>(null);
	connection = $state.raw<Connection | null>(null);
	people = $state.raw<readonly Person[]>([]);
	entries = $state.raw<readonly PaletteEntry[]>([]);
	shortcuts = $state.raw<readonly ShortcutGroup[]>([]);

	/** Lends until the returned function is called (a page calls it when it goes). */
	lend(parts: { readonly where?: string; readonly entries?: readonly PaletteEntry[]; readonly shortcuts?: readonly ShortcutGroup[] }): () => void {
		if (parts.where !== undefined) this.where = parts.where;
		if (parts.entries !== undefined) this.entries = parts.entries;
		if (parts.shortcuts !== undefined) this.shortcuts = parts.shortcuts;
		return () => {
			if (parts.entries !== undefined && this.entries === parts.entries) this.entries = [];
			if (parts.shortcuts !== undefined && this.shortcuts === parts.shortcuts) this.shortcuts = [];
			if (parts.where !== undefined && this.where === parts.where) this.where = '';
		};
	}
}
export const shell = new Shell();
