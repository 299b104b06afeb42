import { untrack } from 'svelte';
import { IndexedDbStore } from './indexed-db.ts';
import { LiveRoom } from './live-room.svelte.ts';
import { MemoryStore } from './memory-store.ts';
import { forgetVaultKeys, vaultKeyOf } from './vault-key.ts';
import { Ways } from './ways.ts';
import { Vault, type VaultStore } from './vault.ts';

export type { LiveState } from './state.ts';
export type { AdmissionNotice } from '@tongping/sync-server/protocol';
export { LiveRoom, forgetVaultKeys };

let store: VaultStore | null = null;
const theStore = (): VaultStore => (store ??= typeof indexedDB === 'undefined' ? new MemoryStore() : new IndexedDbStore());

export interface JoinOptions {
	/** version of the document's schema this page can edit */
	readonly version: number;
	/** keep unsent edits on this device, encrypted, until they are acknowledged */
	readonly persist: boolean;
	/** id of the signed-in person */
	readonly user: string;
}

/** Joins a live document. Browser only; call `destroy()` when the page leaves it. */
export function joinLive(kind: string, id: string, { version, persist, user }: JoinOptions): LiveRoom {
	const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/sync`;
	const vault = persist ? new Vault(theStore(), user, () => vaultKeyOf(user)) : null;
	// Joining inside an effect must not tie that effect to what the room learns later.
	const room = untrack(() => new LiveRoom({ kind, id, version, user, url, vault, socket: WebSocket, ways }));
	for (const gone of [...open].filter((one) => one.isGone)) open.delete(gone);
	open.add(room);
	return room;
}

const open = new Set<LiveRoom>();
const ways = new Ways();

/** How many unsent edits (and refused words) this person has on this device or only in this page: asked before signing out. */
export async function unsentCount(user: string): Promise<number> {
	const kept = await theStore().count(user);
	return [...open].filter((room) => !room.isGone).reduce((sum, room) => sum + room.unkeptEdits, kept);
}
