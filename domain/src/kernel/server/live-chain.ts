import { createHash } from 'node:crypto';

/** One stored update as the chain sees it. `device` null: stored before devices were recorded, hashed as it was then. */
export interface ChainedRow {
	readonly position: number;
	readonly doc: string;
	readonly user: string;
	readonly session: string;
	readonly device: string | null;
	readonly at: number;
	readonly data: Uint8Array;
}

/** Hash of a row over its predecessor's in the same document; `previous` is empty for the first. */
export function chainHash(previous: string, { position, doc, user, session, device, at, data }: ChainedRow): string {
	const hash = createHash('sha256');
	if (device === null) hash.update(`${previous}\n${user}\n${session}\n${at}\n`);
	// The version first: no edit may turn a row of one form into one of the other with the same hash.
	else hash.update(`2\n${JSON.stringify([previous, position, doc, user, session, device, at])}\n`);
	return hash.update(data).digest('hex');
}
