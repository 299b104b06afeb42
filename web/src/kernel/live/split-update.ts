import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';

/** Of one frame. The server takes 1 MiB, but a part should also be judged and stored without anybody noticing. */
export const PART_BYTES = 128 << 10;
/** UTF-16 units of one string: at three bytes each it still fits a part. */
const STRING_UNITS = 40_000;
/** Collected or deleted clocks one struct may claim. */
const RUN = 50_000;
/** Clients a part may name, and deletions it may carry (two numbers each). */
const PART_CLIENTS = 128;
const PART_DELETIONS = 12_000;
const PART_STRUCTS = 8000;

type Struct = Y.Item | Y.GC;
/** A run of clocks that is written whole. */
interface Piece {
	readonly needs: readonly Y.ID[];
	readonly length: number;
	write(encoder: Y.UpdateEncoderV1): void;
}
interface Deletion {
	readonly client: number;
	readonly clock: number;
	readonly len: number;
}

/**
 * An update as parts that each fit a frame. Parts 1 to n-1 hold only what was inserted, and hang on nothing that is not
 * in an earlier part or older than the update itself; what was deleted comes last. Null if something in it can be carried
 * by no frame, or if it has gaps.
 */
export function splitUpdate(update: Uint8Array): readonly Uint8Array[] | null {
	const { structs, ds } = Y.decodeUpdate(update);
	const sections = new Map<number, Struct[]>();
	for (const struct of structs) {
		if (!(struct instanceof Y.Item || struct instanceof Y.GC)) return null;
		const section = sections.get(struct.id.client);
		if (section === undefined) sections.set(struct.id.client, [struct]);
		else section.push(struct);
	}
	const parts: Uint8Array[] = [];
	const inserted = inParts(sections, (part) => parts.push(part.bytes([])));
	if (inserted === null) return null;
	const deletions: Deletion[] = [];
	for (const [client, ranges] of ds.clients) for (const { clock, len } of ranges) deletions.push({ client, clock, len });
	if (deletions.length > PART_DELETIONS && inserted.size > 0) {
		parts.push(inserted.bytes([]));
		inserted.clear();
	}
	for (let at = 0; at === 0 || at < deletions.length; at += PART_DELETIONS) {
		parts.push(inserted.bytes(deletions.slice(at, at + PART_DELETIONS)));
		inserted.clear();
	}
	return parts;
}

/** Gives every full part away and returns the last one; null if a struct fits no frame. */
function inParts(sections: ReadonlyMap<number, readonly Struct[]>, full: (part: Part) => void): Part | null {
	const part = new Part();
	const ends = new Map([...sections].map(([client, [first]]) => [client, first!.id.clock]));
	const missing = ({ client, clock }: Y.ID): boolean => clock >= (ends.get(client) ?? Infinity);
	const left = new Map([...sections].map(([client, section]) => [client, section.flatMap(piecesOf)]));
	const next = new Map([...sections.keys()].map((client) => [client, 0]));
	// Devices and past sessions of one person refer to each other in any order: each goes on as far as it can, until nothing is left.
	for (let moved = true; moved;) {
		moved = false;
		for (const [client, pieces] of left) {
			let at = next.get(client)!;
			for (let piece = pieces[at]; piece !== undefined && !piece.needs.some(missing); piece = pieces[++at]) {
				const bytes = written(piece);
				if (bytes.length > PART_BYTES) return null;
				if (!part.fits(client, bytes.length)) {
					full(part);
					part.clear();
				}
				part.add(client, ends.get(client)!, bytes);
				ends.set(client, ends.get(client)! + piece.length);
				moved = true;
			}
			next.set(client, at);
		}
	}
	return [...left].every(([client, pieces]) => next.get(client) === pieces.length) ? part : null;
}

function written(piece: Piece): Uint8Array {
	const encoder = new Y.UpdateEncoderV1();
	piece.write(encoder);
	return encoding.toUint8Array(encoder.restEncoder);
}

function piecesOf(struct: Struct): readonly Piece[] {
	if (struct instanceof Y.GC) return cuts(struct.length, RUN).map(([from, to]) => run(to - from));
	const { content, id, rightOrigin } = struct;
	const parts = contentIn(content);
	if (parts === null) return [{ needs: needsOf(struct), length: struct.length, write: (encoder) => struct.write(encoder, 0) }];
	let clock = id.clock;
	return parts.map((part): Piece => {
		const from = clock;
		const length = part.getLength();
		clock += length;
		const first = from === id.clock;
		const origin = first ? struct.origin : Y.createID(id.client, from - 1);
		const item = new Y.Item(Y.createID(id.client, from), null, origin, null, rightOrigin, struct.parent, struct.parentSub, part);
		return { needs: needsOf(item), length, write: (encoder) => item.write(encoder, 0) };
	});
}

const run = (length: number): Piece => ({ needs: [], length, write: (encoder) => new Y.GC(Y.createID(0, 0), length).write(encoder, 0) });

const needsOf = ({ origin, rightOrigin, parent }: Y.Item): readonly Y.ID[] => [origin, rightOrigin, parent].filter((id): id is Y.ID => id instanceof Y.ID);

/** The content in pieces a frame can carry, or null where it is small or cannot be cut. */
function contentIn(content: Y.Item['content']): readonly Y.Item['content'][] | null {
	if (content instanceof Y.ContentString && content.str.length > STRING_UNITS) {
		const { str } = content;
		return cuts(str.length, STRING_UNITS, (at) => isHighSurrogate(str.charCodeAt(at - 1))).map(([from, to]) => new Y.ContentString(str.slice(from, to)));
	}
	if (content instanceof Y.ContentDeleted && content.len > RUN) return cuts(content.len, RUN).map(([from, to]) => new Y.ContentDeleted(to - from));
	if (content instanceof Y.ContentAny && content.arr.length > 1) return content.arr.map((value: unknown) => new Y.ContentAny([value]));
	return null;
}
const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/** Ranges of at most `size`; where `inside` says so the cut comes one earlier. */
function cuts(length: number, size: number, inside: (at: number) => boolean = () => false): readonly (readonly [number, number])[] {
	const ranges: (readonly [number, number])[] = [];
	for (let from = 0; from < length;) {
		let to = Math.min(length, from + size);
		if (to < length && inside(to)) to--;
		ranges.push([from, to]);
		from = to;
	}
	return ranges;
}

/** One V1 update in the making: clocks of a client stand behind each other, whatever was added in between. */
class Part {
	#clients = new Map<number, { readonly clock: number; readonly structs: Uint8Array[] }>();
	#structs = 0;
	size = 0;

	fits(client: number, bytes: number): boolean {
		if (this.size === 0) return true;
		return this.size + bytes <= PART_BYTES && this.#structs < PART_STRUCTS && (this.#clients.has(client) || this.#clients.size < PART_CLIENTS);
	}

	add(client: number, clock: number, struct: Uint8Array): void {
		const section = this.#clients.get(client);
		if (section === undefined) this.#clients.set(client, { clock, structs: [struct] });
		else section.structs.push(struct);
		this.size += struct.length;
		this.#structs++;
	}

	clear(): void {
		this.#clients = new Map();
		this.size = 0;
		this.#structs = 0;
	}

	bytes(deletions: readonly Deletion[]): Uint8Array {
		const encoder = encoding.createEncoder();
		encoding.writeVarUint(encoder, this.#clients.size);
		for (const [client, { clock, structs }] of [...this.#clients].sort(([a], [b]) => b - a)) {
			encoding.writeVarUint(encoder, structs.length);
			encoding.writeVarUint(encoder, client);
			encoding.writeVarUint(encoder, clock);
			for (const struct of structs) encoding.writeUint8Array(encoder, struct);
		}
		const byClient = Map.groupBy(deletions, ({ client }) => client);
		encoding.writeVarUint(encoder, byClient.size);
		for (const [client, ranges] of byClient) {
			encoding.writeVarUint(encoder, client);
			encoding.writeVarUint(encoder, ranges.length);
			for (const { clock, len } of ranges) {
				encoding.writeVarUint(encoder, clock);
				encoding.writeVarUint(encoder, len);
			}
		}
		return encoding.toUint8Array(encoder);
	}
}
