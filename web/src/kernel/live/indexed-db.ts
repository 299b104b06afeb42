import type { VaultRecord, VaultStore } from './vault.ts';

const NAME = 'tongping-unsent';
const RECORDS = 'records';

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
	new Promise((resolve, reject) => {
		request.onsuccess = () => {
			resolve(request.result);
		};
		request.onerror = () => {
			reject(request.error ?? new Error('IndexedDB'));
		};
	});

/** Unsent edits in the browser's own database. `strict` durability: a crash of the PC keeps them too. */
export class IndexedDbStore implements VaultStore {
	#opening: Promise<IDBDatabase> | null = null;

	#open(): Promise<IDBDatabase> {
		this.#opening ??= new Promise((resolve, reject) => {
			const request = indexedDB.open(NAME, 1);
			request.onupgradeneeded = () => {
				const records = request.result.createObjectStore(RECORDS, { keyPath: 'id' });
				records.createIndex('user', 'user');
				records.createIndex('document', ['user', 'doc']);
			};
			request.onsuccess = () => {
				resolve(request.result);
			};
			request.onerror = () => {
				reject(request.error ?? new Error('IndexedDB'));
			};
		});
		return this.#opening;
	}

	async #write(change: (records: IDBObjectStore) => void): Promise<void> {
		const database = await this.#open();
		const transaction = database.transaction(RECORDS, 'readwrite', { durability: 'strict' });
		change(transaction.objectStore(RECORDS));
		await new Promise<void>((resolve, reject) => {
			transaction.oncomplete = () => {
				resolve();
			};
			transaction.onerror = transaction.onabort = () => {
				reject(transaction.error ?? new Error('IndexedDB'));
			};
		});
	}

	put(record: VaultRecord): Promise<void> {
		return this.#write((records) => records.put(record));
	}

	async list(user: string, doc: string): Promise<readonly VaultRecord[]> {
		const database = await this.#open();
		return settled(database.transaction(RECORDS).objectStore(RECORDS).index('document').getAll([user, doc]) as IDBRequest<VaultRecord[]>);
	}

	async count(user: string): Promise<number> {
		const database = await this.#open();
		return settled(database.transaction(RECORDS).objectStore(RECORDS).index('user').count(user));
	}

	remove(ids: readonly string[]): Promise<void> {
		return this.#write((records) => {
			for (const id of ids) records.delete(id);
		});
	}
}
