import { forbiddenKey, type Budget } from './budget.ts';
import { readContent } from './content.ts';
import { Reader, Unreadable } from './reader.ts';

export interface Id {
	readonly client: number;
	readonly clock: number;
}

/** What the gate needs to know of a struct: where it stands, what it hangs on and what it is. Its content was stepped over. */
export interface Struct {
	readonly client: number;
	readonly clock: number;
	readonly length: number;
	/** true: a struct that was collected, which has lost its parent */
	readonly collected: boolean;
	readonly origin: Id | null;
	readonly rightOrigin: Id | null;
	readonly parent: Id | string | null;
	/** the key of an entry or attribute, where it is written out: an item beside another inherits its key */
	readonly key: string | null;
	/** Yjs reference of the content; 0 for a collected struct */
	readonly ref: number;
	/** of a nested type: Yjs reference of the type, otherwise -1 */
	readonly type: number;
	/** of an element or a format: its name */
	readonly name: string | null;
	/** bytes of the content as they are written */
	readonly size: number;
	/** the content is plain strings and nothing else */
	readonly words: boolean;
}

export interface Deletion {
	readonly client: number;
	readonly clock: number;
	readonly length: number;
}

export interface Decoded {
	/** one entry per client, clocks contiguous within it */
	readonly sections: ReadonlyMap<number, readonly Struct[]>;
	readonly deletions: readonly Deletion[];
	/** where the delete set begins: it is the tail of a V1 update */
	readonly structEnd: number;
}

const ORIGIN = 128;
const RIGHT_ORIGIN = 64;
const KEYED = 32;
const MAX_CLIENT = 2 ** 32 - 1;

const client = (reader: Reader): number => {
	const id = reader.uint();
	if (id > MAX_CLIENT) throw new Unreadable('malformed');
	return id;
};
const id = (reader: Reader): Id => ({ client: client(reader), clock: reader.uint() });

function readStruct(reader: Reader, of: number, clock: number, budget: Budget): Struct {
	const info = reader.byte();
	const ref = info & 31;
	if (ref === 10) throw new Unreadable('skip');
	if (ref === 0) {
		if (info !== 0) throw new Unreadable('malformed');
		const length = reader.uint();
		if (length > budget.run) throw new Unreadable('run-too-long');
		return {
			client: of,
			clock,
			length,
			collected: true,
			origin: null,
			rightOrigin: null,
			parent: null,
			key: null,
			ref,
			type: -1,
			name: null,
			size: 0,
			words: false
		};
	}
	const origin = info & ORIGIN ? id(reader) : null;
	const rightOrigin = info & RIGHT_ORIGIN ? id(reader) : null;
	let parent: Id | string | null = null;
	let key: string | null = null;
	if (origin === null && rightOrigin === null) {
		const named = reader.uint();
		if (named > 1) throw new Unreadable('malformed');
		parent = named === 1 ? reader.text(budget.key) : id(reader);
		if (typeof parent === 'string' && forbiddenKey(parent)) throw new Unreadable('forbidden-key');
		if ((info & KEYED) !== 0) {
			key = reader.text(budget.key);
			if (forbiddenKey(key)) throw new Unreadable('forbidden-key');
		}
	}
	const from = reader.at;
	const { length, type, name, words } = readContent(reader, ref, budget);
	return { client: of, clock, length, collected: false, origin, rightOrigin, parent, key, ref, type, name, size: reader.at - from, words };
}

function readDeletions(reader: Reader, budget: Budget): Deletion[] {
	const deletions: Deletion[] = [];
	const clients = reader.uint();
	// One client can hardly be named twice.
	const seen = clients > 1 ? new Set<number>() : null;
	for (let i = 0; i < clients; i++) {
		const of = client(reader);
		if (seen?.has(of) === true) throw new Unreadable('malformed');
		seen?.add(of);
		if (i >= budget.deletes) throw new Unreadable('too-many-deletes');
		const count = reader.uint();
		for (let k = 0; k < count; k++) {
			const clock = reader.uint();
			const length = reader.uint();
			if (length === 0) throw new Unreadable('malformed');
			if (deletions.length >= budget.deletes) throw new Unreadable('too-many-deletes');
			deletions.push({ client: of, clock, length });
		}
	}
	return deletions;
}

/**
 * Reads a V1 update without unpacking its content. Counts in headers are never trusted: nothing is allocated for them,
 * and every struct has to be present in the bytes. Throws `Unreadable` with the reason.
 */
export function decode(update: Uint8Array, budget: Budget): Decoded {
	if (update.length > budget.bytes) throw new Unreadable('too-big');
	const reader = new Reader(update);
	const sections = new Map<number, Struct[]>();
	let total = 0;
	const count = reader.uint();
	for (let i = 0; i < count; i++) {
		const structs = reader.uint();
		const of = client(reader);
		let clock = reader.uint();
		// Yjs keeps only the last section of a client: a second one would make index and documents disagree.
		if (structs === 0 || sections.has(of)) throw new Unreadable('malformed');
		if (sections.size >= budget.clients) throw new Unreadable('too-many-clients');
		const section: Struct[] = [];
		sections.set(of, section);
		for (let k = 0; k < structs; k++) {
			if (++total > budget.structs) throw new Unreadable('too-many-structs');
			const struct = readStruct(reader, of, clock, budget);
			if (struct.length === 0) throw new Unreadable('empty-struct');
			section.push(struct);
			clock += struct.length;
			if (clock > Number.MAX_SAFE_INTEGER) throw new Unreadable('malformed');
		}
	}
	const structEnd = reader.at;
	const deletions = readDeletions(reader, budget);
	if (!reader.done) throw new Unreadable('trailing-bytes');
	return { sections, deletions, structEnd };
}
