import { keepForeignFormatting } from '@tongping/domain/kernel';
import * as Y from 'yjs';
import type { Random } from '../../src/gate/random.ts';
import { closeCode, decodeFrame, step1Frame, step2Frame, updateFrame } from '../../src/protocol/index.ts';
import type { Line } from './network.ts';

export const ROOTS = ['a', 'b'] as const;
/** A word nobody else writes: its author, the section it was meant for, its number. */
export const WORD = /⟦([\w-]+)\|([\w-]+)\|(\d+)⟧/gu;
export const wordsIn = (doc: Y.Doc): string[] => ROOTS.flatMap((root) => doc.getArray<string>(`${root}:log`).toArray());

/** A person at a screen: types, goes offline, comes back, closes the tab, and remembers what the server promised. */
export class Client {
	readonly user: string;
	doc: Y.Doc;
	line: Line | null = null;
	readonly acknowledged = new Set<string>();
	readonly refused = new Set<string>();
	/** words of others that stood on this screen */
	readonly seen = new Set<string>();
	readonly faults: string[] = [];
	synced = false;
	private opened = false;
	/** words of each frame that is still unanswered, in send order */
	private owed: (readonly string[])[] = [];
	private unanswered = new Set<string>();
	private undo: Y.UndoManager;
	private written: number;
	private last: Uint8Array | null = null;
	private readonly random: Random;
	private heardAt = 0;
	/** this tab's own sections; rights may say otherwise by now */
	readonly sections: readonly string[];

	constructor(user: string, tab: number, sections: readonly string[], random: Random) {
		this.user = user;
		this.written = tab * 1_000_000;
		this.sections = sections;
		this.random = random;
		this.doc = new Y.Doc();
		this.undo = this.open();
	}

	private open(): Y.UndoManager {
		const { doc } = this;
		this.last = null;
		doc.clientID = this.random.below(2 ** 32);
		keepForeignFormatting(doc);
		doc.on('update', (update: Uint8Array, origin: unknown) => {
			if (origin === 'server') return;
			this.last = update;
			this.send(
				updateFrame(update),
				[...textOf(update).matchAll(WORD)].map(([word]) => word)
			);
		});
		return new Y.UndoManager(doc.getText(`${this.sections[0] ?? 'a'}:text`), { captureTimeout: 0 });
	}

	get connected(): boolean {
		return this.line !== null;
	}
	get state(): string {
		return `${this.line === null ? 'offline' : this.line.dead ? 'half open' : 'online'}${this.synced ? '' : ', never synced'}, ${String(this.owed.length)} owed`;
	}
	/** everything this person wrote on this screen has been answered */
	get settled(): boolean {
		return this.synced && this.owed.length === 0;
	}

	connect(line: Line, now: () => number): void {
		this.line = line;
		this.opened = false;
		this.synced = false;
		this.owed = [];
		this.heardAt = now();
		line.onMessage = (message) => {
			this.heardAt = now();
			if (this.line === line) this.hear(message);
		};
		line.onClosed = (code) => {
			if (this.line === line) this.lost(code);
		};
	}
	/** The server has let this line in. */
	enter(line: Line): void {
		if (this.line !== line) return;
		this.opened = true;
		line.up(step1Frame(Y.encodeStateVector(this.doc)));
	}
	/** A y-websocket client that hears nothing for thirty seconds connects again. */
	isDeaf(now: number): boolean {
		return this.line !== null && now - this.heardAt > 30_000;
	}
	disconnect(): void {
		this.line?.hangUp();
		this.line = null;
	}
	private lost(code: number): void {
		this.line = null;
		if (code === closeCode.forbidden || code === closeCode.malformed || code === closeCode.tooManyRefusals) this.startOver();
	}
	/** The tab is closed: what was not acknowledged is gone with it unless it is kept on this machine. */
	closeTab(kept: boolean): void {
		this.disconnect();
		const state = Y.encodeStateAsUpdate(this.doc);
		this.doc = new Y.Doc();
		this.undo = this.open();
		if (kept) Y.applyUpdate(this.doc, state, 'server');
		else this.unanswered.clear();
	}
	/** After a refusal the history has a hole: drop it, rejoin under a new clientID. */
	private startOver(): void {
		for (const word of this.unanswered) this.refused.add(word);
		this.unanswered.clear();
		this.line?.hangUp();
		this.line = null;
		this.doc = new Y.Doc();
		this.undo = this.open();
	}

	private send(frame: Uint8Array, words: readonly string[]): void {
		for (const word of words) this.unanswered.add(word);
		if (this.line === null || !this.opened) return;
		this.owed.push(words);
		this.line.up(frame);
	}

	private hear(data: Uint8Array): void {
		const frame = decodeFrame(data);
		switch (frame?.kind) {
			case 'step1': {
				const diff = Y.encodeStateAsUpdate(this.doc, frame.stateVector);
				// Only words the server does not know: all in this diff are ours.
				this.send(
					step2Frame(diff),
					[...textOf(diff).matchAll(WORD)].map(([word]) => word).filter((word) => word.startsWith(`⟦${this.user}|`))
				);
				return;
			}
			case 'step2':
				this.synced = true;
				this.take(frame.update);
				return;
			case 'update':
				this.take(frame.update);
				return;
			case 'ack':
				if (frame.count > this.owed.length) this.faults.push(`${String(frame.count)} acknowledged, ${String(this.owed.length)} owed`);
				for (const words of this.owed.splice(0, frame.count))
					for (const word of words) {
						this.acknowledged.add(word);
						this.unanswered.delete(word);
					}
				return;
			case 'refused':
				if (frame.count > this.owed.length) this.faults.push(`${String(frame.count)} refused, ${String(this.owed.length)} owed`);
				this.startOver();
				return;
			default:
		}
	}
	private take(update: Uint8Array): void {
		try {
			Y.applyUpdate(this.doc, update, 'server');
		} catch (error) {
			this.faults.push(`an update could not be applied: ${String(error)}`);
		}
		if (this.doc.store.pendingStructs !== null) this.faults.push('an update waits for one that did not come');
		for (const word of wordsIn(this.doc)) if (!word.startsWith(`⟦${this.user}|`)) this.seen.add(word);
	}

	type(): void {
		const { random, doc } = this;
		const section = random.pick(this.sections);
		const text = doc.getText(`${section}:text`);
		switch (random.below(8)) {
			case 0:
				if (text.length > 0) text.delete(random.below(text.length), 1);
				return;
			case 1:
				this.undo.undo();
				return;
			case 2:
				text.insert(random.below(text.length + 1), random.pick(['体温', '37.8', '\n', 'x']));
				return;
			case 3:
				if (text.length > 2) text.format(random.below(text.length - 1), 1, { bold: random.pick([true, null]) });
				return;
			default:
				doc.getArray<string>(`${section}:log`).push([`⟦${this.user}|${section}|${String(this.written++)}⟧`]);
		}
	}
	/** The same frame once more, as a shaky program might. */
	repeat(): void {
		if (this.last !== null && this.line !== null && this.synced) this.send(updateFrame(this.last), []);
	}
	/** Bytes of one's own making. */
	forge(update: Uint8Array): void {
		if (this.line === null || !this.opened) return;
		this.owed.push([]);
		this.line.up(updateFrame(update));
	}
}
const decoder = new TextDecoder();
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);
