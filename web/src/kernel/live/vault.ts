/** What lies on this device: unreadable without the key the server gives only to the author. */
export interface VaultRecord {
	readonly id: string;
	readonly user: string;
	readonly doc: string;
	readonly kind: 'edit' | 'refused';
	/** order in which it was made, over all tabs */
	readonly at: number;
	readonly iv: Uint8Array<ArrayBuffer>;
	readonly data: Uint8Array<ArrayBuffer>;
}

/** Where records lie: IndexedDB in browsers, memory in tests. */
export interface VaultStore {
	put(record: VaultRecord): Promise<void>;
	list(user: string, doc: string): Promise<readonly VaultRecord[]>;
	count(user: string): Promise<number>;
	remove(ids: readonly string[]): Promise<void>;
}

export interface VaultEntry {
	readonly key: string;
	readonly kind: VaultRecord['kind'];
	readonly data: Uint8Array;
}

const encoder = new TextEncoder();

export const importVaultKey = (base64: string): Promise<CryptoKey> =>
	crypto.subtle.importKey(
		'raw',
		Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)),
		'AES-GCM',
		false,
		['encrypt', 'decrypt']
	);

/**
 * The unsent edits of one person on this device, AES-256-GCM under that person's key. The key lives in memory only; owner,
 * document and record are authenticated, so a record moved to another document or person does not open.
 */
export class Vault {
	readonly #store: VaultStore;
	readonly #user: string;
	readonly #key: () => Promise<CryptoKey>;
	#clock = 0;

	constructor(store: VaultStore, user: string, key: () => Promise<CryptoKey>) {
		this.#store = store;
		this.#user = user;
		this.#key = key;
	}

	#bound(doc: string, id: string, kind: string): Uint8Array<ArrayBuffer> {
		return encoder.encode(`${this.#user}\n${doc}\n${kind}\n${id}`);
	}

	newKey(): string {
		return crypto.randomUUID();
	}

	async keep(doc: string, id: string, kind: VaultRecord['kind'], data: Uint8Array): Promise<void> {
		const at = (this.#clock = Math.max(Date.now(), this.#clock + 0.001));
		const key = await this.#key();
		const iv = crypto.getRandomValues(new Uint8Array(12));
		const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: this.#bound(doc, id, kind) }, key, data.slice());
		await this.#store.put({ id, user: this.#user, doc, kind, at, iv, data: new Uint8Array(sealed) });
	}

	/** In the order they were made. A record that does not open (another key, damage) is left where it is. */
	async entries(doc: string): Promise<{ readonly entries: readonly VaultEntry[]; readonly unreadable: number }> {
		const records = await this.#store.list(this.#user, doc);
		if (records.length === 0) return { entries: [], unreadable: 0 };
		const key = await this.#key();
		const entries: VaultEntry[] = [];
		let unreadable = 0;
		for (const record of [...records].sort((a, b) => a.at - b.at)) {
			try {
				const data = await crypto.subtle.decrypt(
					{ name: 'AES-GCM', iv: record.iv, additionalData: this.#bound(doc, record.id, record.kind) },
					key,
					record.data
				);
				entries.push({ key: record.id, kind: record.kind, data: new Uint8Array(data) });
			} catch {
				unreadable++;
			}
		}
		return { entries, unreadable };
	}

	forget(keys: readonly string[]): Promise<void> {
		return this.#store.remove(keys);
	}
}
