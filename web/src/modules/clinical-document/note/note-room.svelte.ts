import { contentHash, contentOf, ContentNotAllowed, isEmpty, NOTE_KIND, NOTE_LIVE_VERSION, TEMPLATES, type NoteType } from '@tongping/domain/clinical-document';
import { untrack } from 'svelte';
import type { Awareness } from 'y-protocols/awareness';
import type { Doc } from 'yjs';
import { joinLive, type LiveRoom, type LiveState } from '#kernel/live';

/** Somebody else in this note: where their caret is, and whether they wrote within the last two seconds. */
export interface Present {
	readonly id: string;
	readonly name: string;
	readonly role: string;
	readonly slot: number;
	readonly root: string | null;
	readonly typing: boolean;
}

/** What a person tells the others; who it is comes from the server's stamp. */
interface Here {
	readonly root: string | null;
	/** counts up with every burst of typing */
	readonly typed: number;
}
interface Stamped {
	readonly user?: { readonly id?: string; readonly name?: string; readonly role?: string; readonly colour?: number };
	readonly here?: Here;
}

const TYPING_MS = 2000;
const LOOK_MS = 120;

/** One open note: its live document, who is in it, what of it is on disk, and what was refused. Made in a component's init. */
export class NoteRoom {
	readonly note: string;
	readonly type: NoteType;
	readonly #live: LiveRoom;
	readonly #typing = new Map<number, { readonly typed: number; readonly until: number }>();
	#typed = 0;
	#typedAt = 0;
	#lastRoot: string | null = null;

	people = $state.raw<readonly Present[]>([]);
	focused = $state<string | null>(null);
	/** required sections without a word */
	missing = $state.raw<readonly string[]>([]);
	/** hash of what the screen shows; null while something in it may not be signed */
	hash = $state<string | null>(null);

	constructor(note: string, type: NoteType, user: string) {
		this.note = note;
		this.type = type;
		this.#live = joinLive(NOTE_KIND, note, { version: NOTE_LIVE_VERSION, persist: true, user });
		// A refusal gives the room a new document and a new presence.
		$effect(() => {
			const { doc } = this.#live;
			return untrack(() => this.#watchWords(doc));
		});
		$effect(() => {
			const { awareness } = this.#live;
			return untrack(() => this.#watchPeople(awareness));
		});
	}

	get doc(): Doc {
		return this.#live.doc;
	}
	get awareness(): Awareness {
		return this.#live.awareness;
	}
	get status(): LiveState {
		return this.#live.state;
	}
	/** why the newest words would not survive closing this page, if so */
	get unkept(): LiveRoom['unkept'] {
		return this.#live.unkept;
	}
	/** every word on the screen is on the server's disk, and the server is in reach */
	get settled(): boolean {
		return this.status.kind === 'saved';
	}
	/** the sections this person may write now; null until the server has said */
	get writes(): readonly string[] | null {
		const { admission, status } = { admission: this.#live.admission, status: this.status };
		if (status.kind === 'denied') return [];
		if (admission === null) return null;
		if (admission.why !== null || admission.sealed) return [];
		return admission.writes === '*' ? TEMPLATES[this.type].sections.map((s) => s.root) : admission.writes;
	}
	/** changes whenever the server says what this person may do */
	get rights(): string {
		return JSON.stringify(this.#live.admission);
	}
	get refused(): { readonly reason: string; readonly text: string; readonly root: string | null } | null {
		const { status } = this;
		return status.kind === 'refused' ? { reason: status.reason, text: status.text, root: this.#lastRoot } : null;
	}
	letGo(): void {
		this.#live.dismiss();
	}

	focus(root: string | null): void {
		this.focused = root;
		if (root !== null) this.#lastRoot = root;
		this.#tell();
	}
	typed(root: string): void {
		this.#lastRoot = root;
		const now = Date.now();
		if (now - this.#typedAt < 500) return;
		this.#typedAt = now;
		this.#typed++;
		this.#tell();
	}
	#tell(): void {
		const here: Here = { root: this.focused, typed: this.#typed };
		this.awareness.setLocalStateField('here', here);
	}

	#watchWords(doc: Doc): () => void {
		let timer: ReturnType<typeof setTimeout> | undefined;
		const look = (): void => {
			timer = undefined;
			this.#look(doc);
		};
		const soon = (): void => {
			// Until it is computed again nobody signs by an old hash.
			timer ??= setTimeout(look, LOOK_MS);
		};
		look();
		doc.on('update', soon);
		return () => {
			clearTimeout(timer);
			doc.off('update', soon);
		};
	}

	#look(doc: Doc): void {
		try {
			const content = contentOf(doc, this.type);
			this.hash = contentHash(content);
			this.missing = TEMPLATES[this.type].sections.filter((s) => s.required && isEmpty(content.sections[s.root] ?? [])).map((s) => s.root);
		} catch (error) {
			if (!(error instanceof ContentNotAllowed)) throw error;
			this.hash = null;
			this.missing = [error.section];
		}
	}
	/** The hash of this very moment, for the one who signs. */
	hashNow(): string | null {
		this.#look(this.doc);
		return this.hash;
	}

	#watchPeople(awareness: Awareness): () => void {
		let timer: ReturnType<typeof setTimeout> | undefined;
		const look = (): void => {
			clearTimeout(timer);
			const now = Date.now();
			const people = this.#present(awareness, now);
			this.people = people;
			if (people.some((person) => person.typing)) timer = setTimeout(look, TYPING_MS / 4);
		};
		awareness.on('change', look);
		look();
		return () => {
			clearTimeout(timer);
			awareness.off('change', look);
		};
	}

	#present(awareness: Awareness, now: number): readonly Present[] {
		const found = new Map<string, Present>();
		for (const [client, state] of awareness.getStates() as Map<number, Stamped>) {
			const { user, here } = state;
			if (client === awareness.clientID || user?.id === undefined) continue;
			const before = this.#typing.get(client);
			const typed = here?.typed ?? 0;
			if (before === undefined || before.typed !== typed) this.#typing.set(client, { typed, until: before === undefined ? 0 : now + TYPING_MS });
			const typing = (this.#typing.get(client)?.until ?? 0) > now;
			// One person at two screens is one face: the one that is in a section.
			if (found.get(user.id)?.root != null && here?.root == null) continue;
			found.set(user.id, {
				id: user.id,
				name: user.name ?? '',
				role: user.role ?? '',
				slot: user.colour ?? 0,
				root: here?.root ?? null,
				typing: typing && here?.root != null
			});
		}
		return [...found.values()];
	}

	close(): void {
		this.#live.destroy();
	}
}
