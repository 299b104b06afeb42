import type { VaultRecord, VaultStore } from './vault.ts';

const NAME = 'tongping-unsent';
const RECORDS = 'records';
const VERSION = 2;
/** What this product may keep on one device, of all people together. */
export const DEVICE_BUDGET = 64 << 20;
const WEIGH_AGAIN_MS = 5000;

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
	readonly #budget: number;
	#opening: Promise<IDBDatabase> | null = null;
	#database: IDBDatabase | null = null;
	/** bytes known to lie here, weighed at the start and when they seem too many */
	#bytes = 0;
	#weighedAt = 0;

	constructor(budget = DEVICE_BUDGET) {
		this.#budget = budget;
	}

	async open(): Promise<void> {
		await this.#open();
	}

	#open(): Promise<IDBDatabase> {
		if (this.#opening !== null) return this.#opening;
		const opening = new Promise<IDBDatabase>((resolve, reject) => {
			const request = indexedDB.open(NAME, VERSION);
			request.onupgradeneeded = () => {
				if (request.result.objectStoreNames.contains(RECORDS)) request.result.deleteObjectStore(RECORDS);
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
		}).then(async (database) => {
			const forget = (): void => {
				this.#database = null;
				this.#opening = null;
			};
			database.onclose = forget;
			database.onversionchange = () => {
				database.close();
				forget();
			};
			this.#bytes = await weigh(database);
			this.#weighedAt = performance.now();
			this.#database = database;
			return database;
		});
		this.#opening = opening;
		opening.catch(() => {
			this.#opening = null;
		});
		return opening;
	}

	/** In the very turn it is called where the database is open: the browser finishes what was committed before a page went away. */
	#write(change: (records: IDBObjectStore) => void): Promise<void> {
		if (this.#database === null) return this.#open().then((database) => commit(database, change));
		return commit(this.#database, change);
	}

	#grows(by: number): void {
		if (this.#bytes + by > this.#budget) {
			if (performance.now() - this.#weighedAt > WEIGH_AGAIN_MS && this.#database !== null) {
				this.#weighedAt = performance.now();
				weigh(this.#database).then(
					(bytes) => {
						this.#bytes = bytes;
					},
					(error: unknown) => {
						console.error('the storage could not be weighed', error);
					}
				);
			}
			throw new DOMException('more than this product may keep on one device', 'QuotaExceededError');
		}
		this.#bytes += by;
	}

	async put(record: VaultRecord): Promise<void> {
		this.#grows(record.data.length);
		await this.#write((records) => records.put(record));
	}

	async replace(record: VaultRecord, ids: readonly string[]): Promise<void> {
		this.#grows(record.data.length);
		await this.#write((records) => {
			for (const id of ids) records.delete(id);
			records.put(record);
		});
	}

	async list(user: string, doc: string): Promise<readonly VaultRecord[]> {
		const database = await this.#open();
		return settled(database.transaction(RECORDS).objectStore(RECORDS).index('document').getAll([user, doc]) as IDBRequest<VaultRecord[]>);
	}

	async count(user: string): Promise<number> {
		const database = await this.#open();
		const records = await settled(database.transaction(RECORDS).objectStore(RECORDS).index('user').getAll(user) as IDBRequest<VaultRecord[]>);
		return records.reduce((sum, { edits }) => sum + edits, 0);
	}

	remove(ids: readonly string[]): Promise<void> {
		return this.#write((records) => {
			for (const id of ids) records.delete(id);
		});
	}
}

function commit(database: IDBDatabase, change: (records: IDBObjectStore) => void): Promise<void> {
	const transaction = database.transaction(RECORDS, 'readwrite', { durability: 'strict' });
	const done = new Promise<void>((resolve, reject) => {
		transaction.oncomplete = () => {
			resolve();
		};
		transaction.onerror = transaction.onabort = () => {
			reject(transaction.error ?? new Error('IndexedDB'));
		};
	});
	change(transaction.objectStore(RECORDS));
	transaction.commit();
	return done;
}

async function weigh(database: IDBDatabase): Promise<number> {
	let bytes = 0;
	await new Promise<void>((resolve, reject) => {
		const request = database.transaction(RECORDS).objectStore(RECORDS).openCursor();
		request.onsuccess = () => {
			const cursor = request.result;
			if (cursor === null) {
				resolve();
				return;
			}
			bytes += (cursor.value as VaultRecord).data.length;
			cursor.continue();
		};
		request.onerror = () => {
			reject(request.error ?? new Error('IndexedDB'));
		};
	});
	return bytes;
}
