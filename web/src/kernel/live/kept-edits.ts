import * as Y from 'yjs';
import type { Unacked } from './ledger.ts';
import type { Vault } from './vault.ts';

/** Why the newest words live in this page only: the device is full, or its storage or the key is out of reach. Null: everything is kept. */
export type Unkept = 'full' | 'unreachable' | null;

/** More rows than this become one. */
const ROWS = 200;
/** What one document may take on the device. */
const DOCUMENT_BUDGET = 24 << 20;
const AGAIN_MS = 3000;
const MERGED_AT_ONCE = 100;

/** In levels: Yjs merges many updates at once in quadratic time. */
export function mergedInLevels(updates: readonly Uint8Array[]): Uint8Array {
	let level = updates;
	while (level.length > 1) {
		const next: Uint8Array[] = [];
		for (let at = 0; at < level.length; at += MERGED_AT_ONCE) next.push(Y.mergeUpdates(level.slice(at, at + MERGED_AT_ONCE)));
		level = next;
	}
	return level[0]!;
}

interface Row {
	/** edits this row holds that are not confirmed yet; with the last of them it is deleted */
	readonly edits: Set<string>;
	readonly written: Promise<void>;
}

/**
 * The stored copies of one document's unconfirmed edits. Nothing confirmed stays on the device; what waits long is merged.
 * An edit that could not be stored makes a hole that later rows must not be behind: from then on everything that waits is stored as one.
 */
export class KeptEdits {
	readonly #vault: Vault;
	readonly #doc: string;
	readonly #waiting: () => readonly Unacked[];
	readonly #onUnkept: (why: Unkept) => void;
	readonly #rows = new Map<string, Row>();
	readonly #rowOf = new Map<string, string>();
	#unkept: Unkept = null;
	#gathering: Promise<void> | null = null;
	#again: ReturnType<typeof setTimeout> | null = null;
	#gone = false;

	constructor(vault: Vault, doc: string, waiting: () => readonly Unacked[], onUnkept: (why: Unkept) => void) {
		this.#vault = vault;
		this.#doc = doc;
		this.#waiting = waiting;
		this.#onUnkept = onUnkept;
	}

	/** how many edits only this page holds */
	get unkept(): number {
		return this.#unkept === null ? 0 : this.#waiting().filter(({ key }) => !this.#rowOf.has(key)).length;
	}

	/** An edit was made. Handed to the disk before this returns, unless it is very large. */
	keep(key: string, update: Uint8Array): void {
		if (this.#unkept !== null) return;
		const written = this.#vault.keep(this.#doc, key, 'edit', update);
		this.#add(key, [key], written);
		written.then(
			() => {
				if (this.#rows.size > ROWS) void this.#gather();
			},
			(error: unknown) => {
				this.#failed(error, [key]);
			}
		);
	}

	/** Found on the device, made by an earlier page. */
	found(key: string): void {
		this.#add(key, [key], Promise.resolve());
	}

	#add(row: string, edits: readonly string[], written: Promise<void>): void {
		written.catch(() => undefined);
		this.#rows.set(row, { edits: new Set(edits), written });
		for (const edit of edits) this.#rowOf.set(edit, row);
	}

	#failed(error: unknown, rows: readonly string[]): void {
		for (const row of rows) {
			for (const edit of this.#rows.get(row)?.edits ?? []) this.#rowOf.delete(edit);
			this.#rows.delete(row);
		}
		const why = error instanceof DOMException && error.name === 'QuotaExceededError' ? 'full' : 'unreachable';
		if (this.#unkept !== why) console.error('unsent edits are not kept on this device', error);
		this.#say(why);
		if (!this.#gone) this.#again ??= setTimeout(() => void this.retry(), AGAIN_MS);
	}

	#say(why: Unkept): void {
		if (this.#unkept === why) return;
		this.#unkept = why;
		this.#onUnkept(why);
	}

	/** The key may be in reach again, or space free: asked after every connection and every few seconds. */
	async retry(): Promise<void> {
		if (this.#again !== null) clearTimeout(this.#again);
		this.#again = null;
		if (this.#unkept !== null && !this.#gone) await this.#gather();
	}

	/** Everything that waits becomes one row in the place of all others. */
	#gather(): Promise<void> {
		this.#gathering ??= this.#gatherNow().finally(() => {
			this.#gathering = null;
		});
		return this.#gathering;
	}

	async #gatherNow(): Promise<void> {
		const before = [...this.#rows];
		const waiting = this.#waiting();
		if (waiting.length === 0) {
			this.#say(null);
			return;
		}
		const row = this.#vault.newKey();
		try {
			await Promise.allSettled(before.map(([, { written }]) => written));
			const data = mergedInLevels(waiting.map(({ update }) => update));
			if (data.length > DOCUMENT_BUDGET) throw new DOMException('more than one document may keep', 'QuotaExceededError');
			// Whoever answers for these rows next has perhaps read them already.
			if (this.#gone) return;
			const edits = waiting.reduce((sum, { edits: n = 1 }) => sum + n, 0);
			const old = before.map(([id]) => id);
			await this.#vault.merge(this.#doc, row, data, edits, old);
			for (const id of old) this.#rows.delete(id);
			// Some may have been confirmed while this was written.
			const still = new Set(this.#waiting().map(({ key }) => key));
			this.#add(
				row,
				waiting.map(({ key }) => key).filter((key) => still.has(key)),
				Promise.resolve()
			);
			if (this.#rows.get(row)!.edits.size === 0) await this.#drop([row]);
			const holes = this.#waiting().some(({ key }) => !this.#rowOf.has(key));
			if (!holes) this.#say(null);
			else if (!this.#gone) this.#again ??= setTimeout(() => void this.retry(), 0);
		} catch (error) {
			this.#failed(error, []);
		}
	}

	/** Confirmed by the server, or handed back to their author. */
	async forget(edits: readonly string[]): Promise<void> {
		const done: string[] = [];
		for (const edit of edits) {
			const id = this.#rowOf.get(edit);
			this.#rowOf.delete(edit);
			const row = id === undefined ? undefined : this.#rows.get(id);
			row?.edits.delete(edit);
			if (row !== undefined && row.edits.size === 0) done.push(id!);
		}
		const written = done.map((id) => this.#rows.get(id)!.written);
		for (const id of done) this.#rows.delete(id);
		if (this.#waiting().length === 0) this.#say(null);
		if (done.length === 0) return;
		await Promise.allSettled(written);
		await this.#drop(done);
	}

	async #drop(rows: readonly string[]): Promise<void> {
		for (const row of rows) this.#rows.delete(row);
		try {
			await this.#vault.forget(rows);
		} catch (error) {
			// Offered once more by the next page; the server knows them already.
			console.error('confirmed edits could not be deleted from this device', error);
		}
	}

	close(): void {
		this.#gone = true;
		if (this.#again !== null) clearTimeout(this.#again);
	}
}
