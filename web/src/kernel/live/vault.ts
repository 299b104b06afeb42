import { KeyStream, openQuick, sealQuick } from './key-stream.ts';

/** What lies on this device: unreadable without the key the server gives only to the author. */
export interface VaultRecord {
	readonly id: string;
	readonly user: string;
	readonly doc: string;
	readonly kind: 'edit' | 'refused';
	/** order in which it was made */
	readonly at: number;
	/** how many edits it holds */
	readonly edits: number;
	/** the open page that answers for it */
	readonly tab: string;
	readonly iv: Uint8Array<ArrayBuffer>;
	/** where in the key stream of `iv` it begins; null: sealed whole by AES-GCM */
	readonly from: number | null;
	readonly data: Uint8Array<ArrayBuffer>;
}

/** Where records lie: IndexedDB in browsers, memory in tests. */
export interface VaultStore {
	/** From now on a `put` is handed to the disk in the turn it is called. */
	open(): Promise<void>;
	put(record: VaultRecord): Promise<void>;
	/** One for many, in one transaction. */
	replace(record: VaultRecord, ids: readonly string[]): Promise<void>;
	list(user: string, doc: string): Promise<readonly VaultRecord[]>;
	/** edits and refusals of this person */
	count(user: string): Promise<number>;
	remove(ids: readonly string[]): Promise<void>;
}

export interface VaultEntry {
	readonly key: string;
	readonly kind: VaultRecord['kind'];
	readonly edits: number;
	readonly data: Uint8Array;
}
export interface VaultKey {
	readonly whole: CryptoKey;
	readonly stream: CryptoKey;
}

const encoder = new TextEncoder();

/** Two keys of different use from the one secret. */
export async function importVaultKey(base64: string): Promise<VaultKey> {
	const secret = await crypto.subtle.importKey(
		'raw',
		Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)),
		'HKDF',
		false,
		['deriveKey']
	);
	const derive = (name: string, usages: KeyUsage[]): Promise<CryptoKey> =>
		crypto.subtle.deriveKey(
			{ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: encoder.encode(`tongping vault ${name}`) },
			secret,
			{ name, length: 256 },
			false,
			usages
		);
	return { whole: await derive('AES-GCM', ['encrypt', 'decrypt']), stream: await derive('AES-CTR', ['encrypt']) };
}

/**
 * The unsent edits of one person on this device, under that person's key. The key lives in memory only; owner, document and
 * record are authenticated, so a record moved to another document or person does not open. What is typed is sealed and handed
 * to the disk within the key press, so that a reload in the next instant finds it.
 */
export class Vault {
	readonly tab: string;
	readonly #store: VaultStore;
	readonly #user: string;
	readonly #key: () => Promise<VaultKey>;
	#stream: KeyStream | null = null;
	#clock = 0;
	/** records that did not open: nobody here can take them over */
	readonly #closed = new Set<string>();

	constructor(store: VaultStore, user: string, key: () => Promise<VaultKey>, tab: string = crypto.randomUUID()) {
		this.#store = store;
		this.#user = user;
		this.#key = key;
		this.tab = tab;
	}

	#bound({ doc, id, kind }: { readonly doc: string; readonly id: string; readonly kind: string }): Uint8Array<ArrayBuffer> {
		return encoder.encode(`${this.#user}\n${doc}\n${kind}\n${id}`);
	}

	newKey(): string {
		return crypto.randomUUID();
	}

	/** Rejects while the key or the storage is out of reach; may be asked again. */
	async open(): Promise<void> {
		await this.#store.open();
		if (this.#stream === null) this.#stream = await KeyStream.of((await this.#key()).stream);
	}

	/** Order over pages, also where the clock of the device was set back. */
	#next(): number {
		return (this.#clock = Math.max(Date.now(), this.#clock + 0.001));
	}

	/** Resolves when it is on the disk. Up to a page of text it is sealed and queued before this returns. */
	keep(doc: string, id: string, kind: VaultRecord['kind'], data: Uint8Array, edits = 1): Promise<void> {
		const facts = { id, user: this.#user, doc, kind, at: this.#next(), edits, tab: this.tab };
		const pad = this.#stream?.take(data.length) ?? null;
		if (pad === null) return this.#sealed(facts, data).then((record) => this.#store.put(record));
		return this.#store.put({ ...facts, iv: pad.iv, from: pad.from, data: sealQuick(pad, this.#bound(facts), data) });
	}

	/** One record in the place of others. */
	async merge(doc: string, id: string, data: Uint8Array, edits: number, instead: readonly string[]): Promise<void> {
		const facts = { id, user: this.#user, doc, kind: 'edit' as const, at: this.#next(), edits, tab: this.tab };
		await this.#store.replace(await this.#sealed(facts, data), instead);
	}

	async #sealed(facts: Omit<VaultRecord, 'iv' | 'from' | 'data'>, data: Uint8Array): Promise<VaultRecord> {
		const { whole } = await this.#key();
		const iv = crypto.getRandomValues(new Uint8Array(12));
		const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: this.#bound(facts) }, whole, data.slice());
		return { ...facts, iv, from: null, data: new Uint8Array(sealed) };
	}

	/** Does anything lie here that no open page answers for? */
	async isOrphaned(doc: string, alive: ReadonlySet<string>): Promise<boolean> {
		return (await this.#store.list(this.#user, doc)).some(({ id, tab }) => tab !== this.tab && !alive.has(tab) && !this.#closed.has(id));
	}

	/**
	 * What no open page answers for, in the order it was made; this page answers for it from now on.
	 * A record that does not open (another key, damage) is left where it is.
	 */
	async entries(doc: string, alive: ReadonlySet<string> = new Set()): Promise<{ readonly entries: readonly VaultEntry[]; readonly unreadable: number }> {
		const records = await this.#store.list(this.#user, doc);
		const entries: VaultEntry[] = [];
		let unreadable = 0;
		if (records.length === 0) return { entries, unreadable };
		const key = await this.#key();
		for (const record of [...records].sort((a, b) => a.at - b.at)) {
			this.#clock = Math.max(this.#clock, record.at);
			if (record.tab !== this.tab && alive.has(record.tab)) continue;
			const data = await this.#opened(record, key);
			if (data === null) {
				unreadable++;
				this.#closed.add(record.id);
				continue;
			}
			if (record.tab !== this.tab) await this.#store.put({ ...record, tab: this.tab });
			entries.push({ key: record.id, kind: record.kind, edits: record.edits, data });
		}
		return { entries, unreadable };
	}

	async #opened(record: VaultRecord, key: VaultKey): Promise<Uint8Array | null> {
		const bound = this.#bound(record);
		if (record.from !== null) return openQuick(key.stream, record.iv, record.from, bound, record.data);
		try {
			return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: record.iv, additionalData: bound }, key.whole, record.data));
		} catch (error) {
			if (error instanceof DOMException && error.name === 'OperationError') return null;
			throw error;
		}
	}

	forget(keys: readonly string[]): Promise<void> {
		return this.#store.remove(keys);
	}
}
