import { contentHash, contentOf, ContentNotAllowed, isEmpty, NOTE_KIND, NOTE_LIVE_VERSION, TEMPLATES, type NoteType } from '@tongping/domain/clinical-document';
import type { Awareness } from 'y-protocols/awareness';
import type { Doc } from 'yjs';
import { joinLive, type LiveRoom } from '#kernel/live';
import { slotOf } from './editor/section-editor.ts';

/** Somebody else in this note: where their caret is, and whether they wrote within the last two seconds. */
export interface Present {
	readonly id: string;
	readonly name: string;
	readonly role: string;
	readonly slot: number;
	readonly root: string | null;
	readonly typing: boolean;
}

export type SaveStatus =
	| { readonly kind: 'connecting' }
	| { readonly kind: 'saved'; readonly at: number | null }
	| { readonly kind: 'saving' }
	| { readonly kind: 'offline'; readonly waiting: number }
	| { readonly kind: 'refused'; readonly count: number }
	| { readonly kind: 'read-only' }
	| { readonly kind: 'sealed' };

/** Words the server did not take, kept for their author. */
export interface RefusedWords {
	readonly id: string;
	readonly root: string | null;
	readonly text: string;
	readonly reason: string;
}

interface Here {
	readonly root: string | null;
	readonly typed: number;
}
interface Stamped {
	readonly user?: { readonly id?: string; readonly name?: string; readonly role?: string; readonly colour?: number };
	readonly here?: Here;
}

const TYPING_MS = 2000;

/** One open note: its live document, who is in it, what of it is on disk, and what was refused. */
export class NoteRoom {
	readonly note: string;
	readonly type: NoteType;
	readonly #live: LiveRoom;
	readonly #leave: (() => void)[] = [];
	readonly #typed = new Map<number, { typed: number; until: number }>();
	#mine = 0;

	people = $state.raw<readonly Present[]>([]);
	focused = $state<string | null>(null);
	missing = $state.raw<readonly string[]>([]);
	/** hash of what the screen shows; null while something in it may not be signed */
	hash = $state<string | null>(null);

	constructor(note: string, type: NoteType, user: string) {
		this.note = note;
		this.type = type;
		this.#live = joinLive(NOTE_KIND, note, { version: NOTE_LIVE_VERSION, persist: true, user });
	}
}
