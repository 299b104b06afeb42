import { ownersOf } from './gate/index.ts';
import type { LoadedLive } from './ports.ts';

export const SYSTEM = 'system';
const MOST_CLAIMS = 10_000;

/** Which clientID belongs to whom in one document: the first person who writes or shows one keeps it. */
export class Authors {
	private readonly owners: Map<number, string>;
	private readonly counts = new Map<string, number>();
	/** clientIDs seen in presence only */
	private claimed: Map<number, string> | null = null;
	private readonly most: number;

	constructor(clientsPerUser: number, loaded?: LoadedLive) {
		this.most = clientsPerUser;
		this.owners = new Map(Object.entries(loaded?.snapshotOwners ?? {}).map(([client, user]) => [Number(client), user]));
		if (loaded !== undefined)
			ownersOf(
				loaded.updates.map((update, i) => ({ update, user: loaded.owners[i]! })),
				this.owners
			);
		for (const user of this.owners.values()) this.counts.set(user, (this.counts.get(user) ?? 0) + 1);
	}

	/** `exists`: somebody wrote under this clientID before. */
	mayUse(client: number, user: string, exists: boolean): boolean {
		const owner = this.owners.get(client) ?? this.claimed?.get(client);
		if (owner !== undefined) return owner === user;
		// Written in this document by nobody we know: nobody may go on writing under it.
		return !exists && (this.counts.get(user) ?? 0) < this.most;
	}

	/** Who wrote or showed this clientID first, as far as this server remembers. */
	ownerOf(client: number): string | null {
		return this.owners.get(client) ?? this.claimed?.get(client) ?? null;
	}

	*clientsOf(user: string): Generator<number> {
		for (const [client, owner] of this.owners) if (owner === user) yield client;
	}

	claim(client: number, user: string): void {
		this.claimed ??= new Map();
		if (this.claimed.size < MOST_CLAIMS && !this.owners.has(client)) this.claimed.set(client, this.claimed.get(client) ?? user);
	}

	wrote(client: number, user: string): void {
		if (this.owners.has(client)) return;
		this.owners.set(client, user);
		this.counts.set(user, (this.counts.get(user) ?? 0) + 1);
	}

	/** What a new reading of the log must not forget: presence leaves no row. */
	keepClaims(before: Authors): void {
		this.claimed = before.claimed;
	}

	toJSON(): Readonly<Record<string, string>> {
		return Object.fromEntries(this.owners);
	}
}
