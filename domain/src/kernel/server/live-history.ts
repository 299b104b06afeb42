import * as Y from 'yjs';
import { keepForeignFormatting } from '../live.ts';

/** One stored update with all that is known of where it came from. */
export interface StoredUpdate {
	readonly position: number;
	readonly user: string;
	readonly session: string;
	readonly device: string | null;
	readonly at: number;
	readonly data: Uint8Array;
}
/** Who wrote it, in which sitting, when it reached the disk, and in which row that is recorded. */
export interface Origin {
	readonly user: string;
	readonly session: string;
	readonly device: string | null;
	readonly at: number;
	readonly position: number;
}
/** A stretch of a root's text, UTF-16 units from its start. */
export interface WrittenRange extends Origin {
	readonly from: number;
	readonly to: number;
	readonly text: string;
}
/** A value that is no text: a key of a map, an attribute of an element, a thing in a list. */
export interface WrittenValue extends Origin {
	readonly path: readonly (string | number)[];
	readonly value: unknown;
}
export interface RootAuthors {
	readonly root: string;
	readonly text: string;
	readonly ranges: readonly WrittenRange[];
	readonly values: readonly WrittenValue[];
}

/** In a root's text, what is no text: an embedded thing, a chip. */
const THING = '\ufffc';

/** The document after these rows, nothing collected, so that it can be asked where each letter came from. */
export function rebuild(rows: readonly StoredUpdate[]): Y.Doc {
	const doc = new Y.Doc({ gc: false });
	keepForeignFormatting(doc);
	doc.transact(() => {
		for (const { data } of rows) Y.applyUpdate(doc, data);
	});
	if (doc.store.pendingStructs !== null) throw new Error('a stored update waits for another that does not exist');
	return doc;
}

/** Which row first carried each clock of each client. */
class Origins {
	readonly #rows: readonly StoredUpdate[];
	readonly #runs = new Map<number, { readonly from: number; readonly row: number }[]>();

	constructor(rows: readonly StoredUpdate[]) {
		this.#rows = rows;
		const ends = new Map<number, number>();
		rows.forEach(({ data }, row) => {
			for (const { id, length } of Y.decodeUpdate(data).structs) {
				const end = ends.get(id.client) ?? 0;
				if (id.clock + length <= end) continue;
				const runs = this.#runs.get(id.client) ?? [];
				if (runs.at(-1)?.row !== row) runs.push({ from: Math.max(end, id.clock), row });
				this.#runs.set(id.client, runs);
				ends.set(id.client, id.clock + length);
			}
		});
	}

	/** The row of a clock and the first clock after it that came with another. */
	at(client: number, clock: number): { readonly origin: Origin; readonly until: number } {
		const runs = this.#runs.get(client) ?? [];
		let [low, high] = [0, runs.length - 1];
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if (runs[middle]!.from <= clock) low = middle;
			else high = middle - 1;
		}
		const row = this.#rows[runs[low]?.row ?? -1];
		if (row === undefined) throw new Error('a letter came with no stored row');
		const { user, session, device, at, position } = row;
		return { origin: { user, session, device, at, position }, until: runs[low + 1]?.from ?? Number.POSITIVE_INFINITY };
	}
}

/** "Who wrote this" for every root: its visible text in stretches of one origin, and every value. Pure; throws if rows are missing. */
export function authorsOf(rows: readonly StoredUpdate[]): readonly RootAuthors[] {
	const doc = rebuild(rows);
	const origins = new Origins(rows);
	try {
		return [...doc.share]
			.map(([root, type]) => new Reader(origins, root).read(type as unknown as Y.AbstractType<unknown>))
			.filter(({ text, values }) => text !== '' || values.length > 0)
			.toSorted((a, b) => (a.root < b.root ? -1 : 1));
	} finally {
		doc.destroy();
	}
}

class Reader {
	readonly #origins: Origins;
	readonly #root: string;
	readonly #ranges: (WrittenRange & { to: number; text: string })[] = [];
	readonly #values: WrittenValue[] = [];
	#text = '';

	constructor(origins: Origins, root: string) {
		this.#origins = origins;
		this.#root = root;
	}

	read(type: Y.AbstractType<unknown>): RootAuthors {
		this.#type(type, []);
		return { root: this.#root, text: this.#text, ranges: this.#ranges, values: this.#values };
	}

	#type(type: Y.AbstractType<unknown>, path: readonly (string | number)[]): void {
		for (const [key, item] of type._map) if (!item.deleted) this.#item(item, [...path, key], true);
		let index = 0;
		for (let item = type._start; item !== null; item = item.right) {
			if (item.deleted || item.content instanceof Y.ContentFormat) continue;
			this.#item(item, [...path, index], false);
			index++;
		}
	}

	#item(item: Y.Item, path: readonly (string | number)[], keyed: boolean): void {
		const { content, id } = item;
		if (content instanceof Y.ContentString && !keyed) {
			for (let at = 0; at < content.str.length;) {
				const { origin, until } = this.#origins.at(id.client, id.clock + at);
				const end = Math.min(content.str.length, until - id.clock);
				this.#write(content.str.slice(at, end), origin);
				at = end;
			}
			return;
		}
		const { origin } = this.#origins.at(id.client, id.clock + item.length - 1);
		if (content instanceof Y.ContentType) {
			const inner = content.type;
			const block = inner instanceof Y.XmlElement && inner.length > 0;
			// Paragraphs stand on lines of their own.
			if (block && this.#text !== '') this.#write('\n', origin);
			if (inner instanceof Y.XmlElement && inner.length === 0 && !isBlock(inner)) this.#write(THING, origin);
			this.#type(inner as Y.AbstractType<unknown>, inner instanceof Y.XmlElement ? [...path, inner.nodeName] : path);
			return;
		}
		const values: unknown[] = content.getContent();
		for (const value of keyed ? values.slice(-1) : values) this.#values.push({ path, value: readable(value), ...origin });
		if (content instanceof Y.ContentEmbed) this.#write(THING, origin);
	}

	#write(text: string, origin: Origin): void {
		const from = this.#text.length;
		this.#text += text;
		const last = this.#ranges.at(-1);
		if (last?.position === origin.position) {
			last.to = this.#text.length;
			last.text += text;
		} else this.#ranges.push({ from, to: this.#text.length, text, ...origin });
	}
}
const isBlock = (element: Y.XmlElement): boolean => element.nodeName === 'paragraph' || element.nodeName === 'heading';
const readable = (value: unknown): unknown => (value instanceof Uint8Array ? { bytes: value.length } : value);

/** A root as it stood, for whoever reads it without knowing its kind. */
export interface Standing {
	readonly root: string;
	readonly text: string;
	readonly content: unknown;
}

/** The visible document after these rows. */
export function standingOf(rows: readonly StoredUpdate[]): readonly Standing[] {
	const texts = new Map(authorsOf(rows).map(({ root, text }) => [root, text]));
	const doc = rebuild(rows);
	try {
		return [...doc.share]
			.filter(([root]) => texts.has(root))
			.map(([root, type]) => ({ root, text: texts.get(root)!, content: contentOf(type as unknown as Y.AbstractType<unknown>) }))
			.toSorted((a, b) => (a.root < b.root ? -1 : 1));
	} finally {
		doc.destroy();
	}
}

function contentOf(type: Y.AbstractType<unknown>): unknown {
	const entries = [...type._map].filter(([, item]) => !item.deleted).map(([key, item]) => [key, valuesOf(item.content).at(-1)] as const);
	const children: unknown[] = [];
	let marks: Record<string, unknown> = {};
	for (let item = type._start; item !== null; item = item.right) {
		if (item.deleted) continue;
		const { content } = item;
		if (content instanceof Y.ContentFormat) {
			const { [content.key]: _ended, ...rest } = marks;
			marks = content.value === null ? rest : { ...rest, [content.key]: content.value };
		} else if (content instanceof Y.ContentString) children.push(Object.keys(marks).length === 0 ? content.str : { text: content.str, marks });
		else children.push(...valuesOf(content));
	}
	return {
		...(type instanceof Y.XmlElement ? { element: type.nodeName } : {}),
		...(entries.length > 0 ? { entries: Object.fromEntries(entries) } : {}),
		...(children.length > 0 ? { children } : {})
	};
}
const valuesOf = (content: Y.Item['content']): unknown[] =>
	content instanceof Y.ContentType ? [contentOf(content.type)] : content.getContent().map((value: unknown) => readable(value));
