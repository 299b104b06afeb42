import * as encoding from 'lib0/encoding';

/** Bytes written by hand: what no honest library would write. */
export const bytes = (write: (encoder: encoding.Encoder) => void): Uint8Array => {
	const encoder = encoding.createEncoder();
	write(encoder);
	return encoding.toUint8Array(encoder);
};
export const uints = (...values: readonly number[]): Uint8Array =>
	bytes((e) => {
		for (const value of values) encoding.writeVarUint(e, value);
	});
export const words = (text: string): Uint8Array =>
	bytes((e) => {
		encoding.writeVarString(e, text);
	});
export const any = (value: unknown): Uint8Array =>
	bytes((e) => {
		encoding.writeAny(e, value as never);
	});
export function join(...parts: readonly Uint8Array[]): Uint8Array {
	const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

type Id = readonly [client: number, clock: number];
/** An item: its content reference, where it hangs, what it holds. */
export interface Item {
	readonly ref: number;
	readonly origin?: Id;
	readonly right?: Id;
	/** name of a root or id of a type */
	readonly parent?: string | Id;
	readonly key?: string;
	readonly content: Uint8Array;
}
export const item = ({ ref, origin, right, parent = 'draft', key, content }: Item): Uint8Array =>
	join(
		Uint8Array.of(ref | (origin === undefined ? 0 : 128) | (right === undefined ? 0 : 64) | (key === undefined ? 0 : 32)),
		origin === undefined ? new Uint8Array(0) : uints(...origin),
		right === undefined ? new Uint8Array(0) : uints(...right),
		origin !== undefined || right !== undefined
			? new Uint8Array(0)
			: join(typeof parent === 'string' ? join(uints(1), words(parent)) : uints(0, ...parent), key === undefined ? new Uint8Array(0) : words(key)),
		content
	);
export const collected = (length: number): Uint8Array => join(Uint8Array.of(0), uints(length));

export interface Section {
	readonly client: number;
	readonly clock?: number;
	readonly structs: readonly Uint8Array[];
}
export type Deletes = readonly (readonly [client: number, ranges: readonly (readonly [clock: number, length: number])[]])[];
export const update = (sections: readonly Section[], deletes: Deletes = []): Uint8Array =>
	join(
		uints(sections.length),
		...sections.map(({ client, clock = 0, structs }) => join(uints(structs.length, client, clock), ...structs)),
		uints(deletes.length),
		...deletes.map(([client, ranges]) => join(uints(client, ranges.length), ...ranges.map((range) => uints(...range))))
	);

/** Content by its Yjs reference. */
export const content = {
	deleted: (length: number) => uints(length),
	json: (...texts: readonly string[]) => join(uints(texts.length), ...texts.map(words)),
	binary: (size: number) => join(uints(size), new Uint8Array(size)),
	string: (text: string) => words(text),
	embed: (json: string) => words(json),
	format: (name: string, json: string) => join(words(name), words(json)),
	type: (ref: number, name?: string) => join(uints(ref), name === undefined ? new Uint8Array(0) : words(name)),
	any: (...values: readonly unknown[]) => join(uints(values.length), ...values.map(any)),
	raw: (...parts: readonly Uint8Array[]) => join(...parts)
};
export const REF = { deleted: 1, json: 2, binary: 3, string: 4, embed: 5, format: 6, type: 7, any: 8, doc: 9, skip: 10 } as const;
