import { inflateSync } from 'fflate';
import * as decoding from 'lib0/decoding';
import type { Awareness } from 'y-protocols/awareness';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { keepForeignFormatting, liveName } from '@tongping/domain/kernel';
import { closeCode, messageType, step1Frame, type AdmissionNotice } from '@tongping/sync-server/protocol';
import { eitherSocket } from './either-socket.ts';
import { KeptEdits, type Unkept } from './kept-edits.ts';
import { Epoch } from './epoch.ts';
import { Ledger } from './ledger.ts';
import { openPage, type OpenPages } from './open-pages.ts';
import { Pulse, type PulseParts } from './pulse.ts';
import { textOf } from './refused-text.ts';
import { stateOf, type Facts, type LiveState } from './state.ts';
import type { Vault } from './vault.ts';
import { Ways } from './ways.ts';
import { watchedLine } from './line.ts';

export interface RoomParts {
	readonly kind: string;
	readonly id: string;
	readonly version: number;
	readonly user: string;
	/** `ws(s)://host/sync` */
	readonly url: string;
	/** keeps unsent edits; null for rooms whose edits end with the page */
	readonly vault: Vault | null;
	readonly socket: typeof WebSocket;
	/** what is known about the way to the server; shared by the documents of a page */
	readonly ways?: Ways;
	/** what wakes a page; a browser's own where it is not named */
	readonly page?: { readonly window: EventTarget; readonly document: EventTarget & { readonly hidden: boolean } };
	/** further URL parameters (tests name their session here) */
	readonly params?: Readonly<Record<string, string>>;
}

const RETRY_SIGNED_OUT_MS = 15_000;
const SLOWEST_RETRY_MS = 30_000;
/** Origin of edits that were made before this page was opened. */
const RESTORED = Symbol('restored');

/** One live document as this page has it. After a refusal `doc` and `awareness` are new objects: bind editors inside `{#key room.doc}`. */
export class LiveRoom {
	readonly kind: string;
	readonly id: string;
	doc = $state.raw(new Y.Doc());
	awareness = $state.raw<Awareness>(null as never);
	/** what this person may do here now; null until the server has said it */
	admission = $state.raw<AdmissionNotice | null>(null);
	/** when the server was last heard, epoch ms of this device; null before the first time */
	asOf = $state<number | null>(null);
	/** why the newest words would not survive a reload, if so: only this page holds them */
	unkept = $state.raw<Unkept>(null);
	/** What is known now; `#shown` is the same for the screen. Kept apart so that an edit made inside an effect does not tie that effect to this room. */
	#facts: Facts = { link: 'connecting', synced: false, unacked: 0, full: false, savedAt: null, offlineSince: Date.now(), refused: null, notice: null };
	#shown = $state.raw(this.#facts);
	readonly #parts: RoomParts;
	readonly #name: string;
	readonly #ledger = new Ledger();
	readonly #epoch = new Epoch();
	/** what this page held when a restored server sent it back, until the document has been read again */
	#before: { readonly update: Uint8Array; readonly mine: ReadonlySet<number> } | null = null;
	#provider: WebsocketProvider | null = null;
	#restored = false;
	/** what was kept has been looked for; the line may be opened */
	#begun = false;
	#refusedKey: string | null = null;
	readonly #pulse: Pulse;
	readonly #window: EventTarget | null;
	/** `performance.now()` of the last word of the server */
	#heardAt = 0;
	readonly #kept: KeptEdits | null;
	readonly #pages: OpenPages | null;
	#keepingRefused: Promise<void> = Promise.resolve();
	#gone = false;
	#retry: ReturnType<typeof setTimeout> | null = null;

	constructor(parts: RoomParts) {
		this.kind = parts.kind;
		this.id = parts.id;
		this.#parts = parts;
		this.#name = liveName(parts.kind, parts.id);
		const { vault } = parts;
		this.#pages = vault === null ? null : openPage(vault.tab);
		this.#pages?.watch(() => void this.#adopt());
		this.#kept =
			vault === null
				? null
				: new KeptEdits(
						vault,
						this.#name,
						() => this.#ledger.waiting,
						(why) => {
							this.unkept = why;
						}
					);
		this.#begin(this.doc);
		void this.#restore().finally(() => {
			this.#begun = true;
			if (!this.#gone) this.#provider?.connect();
		});
		const { window, document } = parts.page ?? {
			window: typeof addEventListener === 'function' ? globalThis : null,
			document: typeof globalThis.document === 'object' ? globalThis.document : null
		};
		this.#window = window;
		window?.addEventListener('offline', this.#onOffline);
		window?.addEventListener('tongping:signed-in', this.#onSignedIn);
		this.#pulse = new Pulse(this.#pulseOf(window, document));
	}

	get state(): LiveState {
		return stateOf(this.#shown);
	}

	/** May anything be written here now? */
	get writable(): boolean {
		return this.admission !== null && this.admission.why === null && this.#shown.link !== 'denied';
	}

	mayWrite(root: string): boolean {
		return this.writable && (this.admission!.writes === '*' || this.admission!.writes.includes(root));
	}

	#know(facts: Partial<Facts>): void {
		this.#facts = { ...this.#facts, ...facts };
		this.#shown = this.#facts;
	}

	#begin(doc: Y.Doc): void {
		keepForeignFormatting(doc);
		// Before the provider's own listener, so that an edit is on the ledger before its frame is counted.
		doc.on('update', (update: Uint8Array, origin: unknown) => {
			if (this.#provider !== provider || origin === provider || origin === RESTORED) return;
			this.#epoch.typed(doc.clientID);
			this.#say(provider);
			this.#edited(update);
		});
		const { url, socket, version, user, params } = this.#parts;
		const provider = new WebsocketProvider(url, this.#name, doc, {
			connect: false,
			disableBc: true,
			params: { ...params, v: String(version), live: '1', as: user, v2: '2' },
			WebSocketPolyfill: watchedLine(eitherSocket(socket, this.#parts.ways ?? new Ways()), {
				sending: (kind) => {
					this.#ledger.sent(kind);
				},
				unsendable: () => {
					queueMicrotask(() => {
						if (provider === this.#provider) this.#refuse('too-large');
					});
				},
				heard: () => {
					this.asOf = Date.now();
					this.#heardAt = performance.now();
					// The device was said to be offline, but this very socket still speaks.
					if (this.#facts.link === 'offline' && this.#provider?.wsconnected === true) this.#know({ link: 'open' });
				}
			})
		});
		this.#provider = provider;
		this.awareness = provider.awareness;
		provider.messageHandlers[messageType.ack] = (_encoder, decoder) => {
			const stored = decoding.readVarUint(decoder) === 1;
			const count = decoding.readVarUint(decoder);
			if (stored) this.#acked(count);
			else this.#notTaken(count, decoding.readVarString(decoder));
		};
		const begin = (whole: Uint8Array): void => {
			Y.applyUpdateV2(provider.doc, whole, provider);
			provider.synced = true;
		};
		provider.messageHandlers[messageType.snapshot] = (_encoder, decoder) => {
			begin(decoding.readVarUint8Array(decoder));
		};
		provider.messageHandlers[messageType.packed] = (_encoder, decoder) => {
			begin(inflateSync(decoding.readVarUint8Array(decoder)));
		};
		provider.messageHandlers[messageType.admission] = (_encoder, decoder) => {
			this.admission = JSON.parse(decoding.readVarString(decoder)) as AdmissionNotice;
			this.#know({ notice: this.admission });
			this.#epoch.heard(this.admission.epoch);
			this.#say(provider);
		};
		provider.on('status', ({ status }) => {
			if (provider !== this.#provider) return;
			if (status === 'connected') this.#know({ link: 'open' });
			else if (status === 'disconnected') this.#lost();
		});
		provider.on('sync', (synced: boolean) => {
			if (provider !== this.#provider) return;
			this.#know({ synced });
			if (synced) this.#missAfterRestore(doc);
			if (synced) void this.#kept?.retry();
			// The key may have been out of reach when the page opened.
			if (synced && !this.#restored) this.#restoreLate(provider);
		});
		provider.on('connection-close', () => {
			if (provider !== this.#provider) return;
			this.#lost();
			// Full jitter: a ward's screens must not come back in the same instant.
			provider.maxBackoffTime = 100 + Math.random() * (Math.min(SLOWEST_RETRY_MS, 400 * 2 ** Math.min(provider.wsUnsuccessfulReconnects, 10)) - 100);
		});
		provider.on('closed', ({ code }) => {
			if (provider !== this.#provider) return;
			if (code === closeCode.signedOut) this.#signedOut(provider);
			else if (code === closeCode.restored) this.#anew();
			else this.#know({ link: 'denied' });
		});
	}

	/** What the next connection says of this page. */
	#say(provider: WebsocketProvider): void {
		Object.assign(provider.params, this.#epoch.params);
	}

	/**
	 * The server was restored and has what it may believe of this page; words of others were set aside for an administrator. What it has
	 * not confirmed goes back to its author; the document is read again.
	 */
	#anew(): void {
		if (this.#ledger.size > 0) {
			this.#refuse('restored');
			return;
		}
		this.#before = { update: Y.encodeStateAsUpdate(this.doc), mine: this.#epoch.mine };
		this.#replace();
	}

	/** Own words that hung on words the server has lost wait with them: their author is told which, and can copy them. */
	#missAfterRestore(doc: Y.Doc): void {
		const before = this.#before;
		this.#before = null;
		if (before === null) return;
		const text = textOf([Y.diffUpdate(before.update, Y.encodeStateVector(doc))], (client) => before.mine.has(client));
		if (text === '') return;
		const refused = { reason: 'set-aside', text: [this.#facts.refused?.text ?? '', text].filter((words) => words !== '').join('\n') };
		this.#keepRefused(refused, []);
		this.#know({ refused });
	}

	#lost(): void {
		this.#ledger.disconnected();
		if (this.#facts.full) this.#know({ full: false });
		const { link } = this.#facts;
		if (link === 'open' || link === 'connecting')
			this.#know({ link: 'offline', synced: false, offlineSince: link === 'open' ? Date.now() : this.#facts.offlineSince });
	}

	#signedOut(provider: WebsocketProvider): void {
		this.#know({ link: 'signed-out', synced: false });
		this.#window?.dispatchEvent(new Event('tongping:signed-out'));
		this.#retry = setTimeout(() => {
			if (provider === this.#provider && !this.#gone) provider.connect();
		}, RETRY_SIGNED_OUT_MS);
	}

	#edited(update: Uint8Array): void {
		const key = this.#parts.vault?.newKey() ?? '';
		this.#ledger.edited({ key, update });
		this.#kept?.keep(key, update);
		this.#know({ unacked: this.#ledger.size });
	}

	/** edits that would be gone with this page */
	get unkeptEdits(): number {
		return this.#kept?.unkept ?? 0;
	}

	#acked(count: number): void {
		const { safe, diff } = this.#ledger.acked(count);
		const why = this.admission?.why ?? null;
		if (diff && safe.length > 0 && why !== null) {
			// Rights ended while we were away: what a diff may not delete was dropped, so this page no longer shows the truth.
			this.#giveBack(
				why,
				safe.map((edit) => edit.update),
				safe.map((edit) => edit.key)
			);
			return;
		}
		void this.#kept?.forget(safe.map((edit) => edit.key));
		this.#know({ unacked: this.#ledger.size, ...(diff ? { full: false } : {}), ...(safe.length > 0 ? { savedAt: Date.now() } : {}) });
	}

	#notTaken(count: number, reason: string): void {
		if (reason !== 'storage-full') {
			this.#refuse(reason);
			return;
		}
		// Nothing is wrong with these words: the server asks for them when it can store them.
		this.#ledger.heldBack(count);
		this.#know({ full: true });
	}

	/** After a refusal this history has a hole no later edit can pass: the words go back to their author and the room is joined anew. */
	#refuse(reason: string): void {
		const { waiting } = this.#ledger;
		this.#giveBack(
			reason,
			waiting.map((edit) => edit.update),
			waiting.map((edit) => edit.key)
		);
	}

	#giveBack(reason: string, updates: readonly Uint8Array[], keys: readonly string[]): void {
		const before = this.#facts.refused;
		const text = [before?.text ?? '', textOf(updates)].filter((words) => words !== '').join('\n');
		const refused = { reason, text };
		this.#keepRefused(refused, keys);
		this.#know({ refused });
		this.#replace();
	}

	/** This history is thrown away; a new document is read from the server. */
	#replace(): void {
		this.#ledger.clear();
		this.#epoch.anew();
		const provider = this.#provider;
		this.#provider = null;
		this.#know({ unacked: 0, full: false, link: 'connecting', synced: false });
		// The frame that refused is still being handled: y-websocket must not lose its socket under its feet.
		queueMicrotask(() => {
			provider?.destroy();
			if (this.#gone) return;
			const doc = new Y.Doc();
			this.#begin(doc);
			this.doc = doc;
			this.#provider!.connect();
		});
	}

	/** Only when the words are kept in their new form are the old copies deleted. */
	#keepRefused(refused: { readonly reason: string; readonly text: string }, keys: readonly string[]): void {
		const { vault } = this.#parts;
		if (vault === null) return;
		const old = this.#refusedKey;
		const key = (this.#refusedKey = vault.newKey());
		this.#keepingRefused = vault
			.keep(this.#name, key, 'refused', new TextEncoder().encode(JSON.stringify(refused)))
			.then(() => Promise.all([this.#kept?.forget(keys), old === null ? undefined : vault.forget([old])]))
			.then(
				() => undefined,
				(error: unknown) => {
					console.error('refused words are not kept on this device', error);
				}
			);
	}

	/** The refused words have been copied or thrown away by their author. */
	dismiss(): void {
		const key = this.#refusedKey;
		this.#refusedKey = null;
		this.#know({ refused: null });
		const { vault } = this.#parts;
		if (key === null || vault === null) return;
		void this.#keepingRefused
			.then(() => vault.forget([key]))
			.catch((error: unknown) => {
				console.error('refused words could not be deleted from this device', error);
			});
	}

	/** Edits of an earlier page, crash or session come back before the first connection, so that the first diff carries them. */
	async #restore(): Promise<void> {
		const { vault } = this.#parts;
		if (vault === null) {
			this.#restored = true;
			return;
		}
		try {
			await vault.open();
			const { entries, unreadable } = await vault.entries(this.#name, await this.#pages!.alive());
			if (unreadable > 0) console.error(`${String(unreadable)} kept edits cannot be opened with this key`);
			if (this.#gone) return;
			for (const { key, kind, edits, data } of entries) {
				if (kind === 'edit') {
					if (this.#ledger.has(key)) continue;
					this.#ledger.edited({ key, update: data, edits });
					this.#kept!.found(key);
					this.#epoch.found(data);
					Y.applyUpdate(this.doc, data, RESTORED);
				} else if (key !== this.#refusedKey) {
					this.#refusedKey = key;
					this.#know({ refused: JSON.parse(new TextDecoder().decode(data)) as { reason: string; text: string } });
				}
			}
			this.#restored = true;
			this.#know({ unacked: this.#ledger.size });
		} catch (error) {
			console.error('kept edits cannot be read yet', error);
		}
	}

	/** Words of another open page are its own; what a closed one leaves behind is ours. */
	async #adopt(): Promise<void> {
		// What was not found yet is looked for when the line opens.
		if (!this.#restored || this.#gone) return;
		try {
			const orphaned = await this.#parts.vault!.isOrphaned(this.#name, await this.#pages!.alive());
			if (orphaned && this.#provider !== null) this.#restoreLate(this.#provider);
		} catch (error) {
			console.error('what a closed page left cannot be read yet', error);
		}
	}

	/** Applied while disconnected: a restored edit must go out in a diff, not as a frame of its own. */
	#restoreLate(provider: WebsocketProvider): void {
		provider.disconnect();
		void this.#restore().finally(() => {
			this.#restored = true;
			if (provider === this.#provider && !this.#gone) provider.connect();
		});
	}

	#pulseOf(window: EventTarget | null, document: (EventTarget & { readonly hidden: boolean }) | null): PulseParts {
		const provider = (): WebsocketProvider | null => this.#provider;
		const isDown = (): boolean => !['open', 'connecting', 'offline'].includes(this.#facts.link);
		return {
			window,
			document,
			heardAt: () => this.#heardAt,
			get link() {
				const { ws = null, wsconnected = false } = provider() ?? {};
				return ws === null ? 'none' : wsconnected ? 'open' : 'opening';
			},
			ask: () => {
				const { ws = null, doc } = provider() ?? {};
				if (ws !== null && doc !== undefined) ws.send(step1Frame(Y.encodeStateVector(doc)) as Uint8Array<ArrayBuffer>);
			},
			renew: () => {
				// Denied, signed out, or not yet restored: there the next try has its own time.
				if (this.#gone || isDown() || !this.#begun) return;
				provider()?.disconnect();
				provider()?.connect();
			}
		};
	}

	readonly #onOffline = (): void => {
		if (this.#facts.link === 'open') this.#know({ link: 'offline', offlineSince: Date.now() });
	};

	readonly #onSignedIn = (): void => {
		if (this.#facts.link === 'signed-out') this.#provider?.connect();
	};

	get isGone(): boolean {
		return this.#gone;
	}

	destroy(): void {
		if (this.#gone) return;
		this.#gone = true;
		this.#kept?.close();
		this.#pages?.release();
		if (this.#retry !== null) clearTimeout(this.#retry);
		this.#pulse.stop();
		this.#window?.removeEventListener('offline', this.#onOffline);
		this.#window?.removeEventListener('tongping:signed-in', this.#onSignedIn);
		const provider = this.#provider;
		this.#provider = null;
		provider?.destroy();
		this.doc.destroy();
	}

	leave(): void {
		this.destroy();
	}
}
