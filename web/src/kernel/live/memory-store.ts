import type { VaultRecord, VaultStore } from './vault.ts';

/** A store that lives as long as the page: for tests and for browsers that forbid IndexedDB. */
export class MemoryStore implements VaultStore {
	readonly records = new Map<string, VaultRecord>();

	async open(): Promise<void> {
		// nothing to open
	}
	async put(record: VaultRecord): Promise<void> {
		this.records.set(record.id, record);
	}
	async replace(record: VaultRecord, ids: readonly string[]): Promise<void> {
		for (const id of ids) this.records.delete(id);
		this.records.set(record.id, record);
	}
	async list(user: string, doc: string): Promise<readonly VaultRecord[]> {
		return [...this.records.values()].filter((record) => record.user === user && record.doc === doc);
	}
	async count(user: string): Promise<number> {
		return [...this.records.values()].filter((record) => record.user === user).reduce((sum, { edits }) => sum + edits, 0);
	}
	async remove(ids: readonly string[]): Promise<void> {
		for (const id of ids) this.records.delete(id);
	}
}
