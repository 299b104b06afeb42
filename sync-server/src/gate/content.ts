import { forbiddenKey, type Budget } from './budget.ts';
import { Unreadable, type Reader } from './reader.ts';

function key(reader: Reader, budget: Budget): string {
	const name = reader.text(budget.key);
	if (forbiddenKey(name)) throw new Unreadable('forbidden-key');
	return name;
}

/** A lib0 `any`: numbers, strings, objects, arrays, bytes. Nesting is counted, not followed by the stack beyond `depth`. */
function any(reader: Reader, budget: Budget, depth: number): void {
	if (depth > budget.depth) throw new Unreadable('too-deep');
	const tag = reader.byte();
	switch (tag) {
		case 127: // undefined
		case 126: // null
		case 121: // false
		case 120: // true
			return;
		case 125:
			reader.skipInt();
			return;
		case 124:
			reader.skip(4);
			return;
		case 123:
		case 122:
			reader.skip(8);
			return;
		case 119:
			reader.textLength(budget.value);
			return;
		case 118: {
			const size = reader.uint();
			for (let i = 0; i < size; i++) {
				key(reader, budget);
				any(reader, budget, depth + 1);
			}
			return;
		}
		case 117: {
			const size = reader.uint();
			for (let i = 0; i < size; i++) any(reader, budget, depth + 1);
			return;
		}
		case 116: {
			const size = reader.uint();
			if (size > budget.value) throw new Unreadable('oversized-value');
			reader.skip(size);
			return;
		}
		default:
			throw new Unreadable('malformed');
	}
}

function checkJson(value: unknown, budget: Budget, depth: number): void {
	if (depth > budget.depth) throw new Unreadable('too-deep');
	if (typeof value !== 'object' || value === null) return;
	if (Array.isArray(value)) {
		for (const item of value) checkJson(item, budget, depth + 1);
		return;
	}
	for (const name of Object.keys(value)) {
		if (forbiddenKey(name)) throw new Unreadable('forbidden-key');
		checkJson((value as Record<string, unknown>)[name], budget, depth + 1);
	}
}

function json(reader: Reader, budget: Budget, mayBeUndefined: boolean): void {
	const text = reader.text(budget.value);
	if (mayBeUndefined && text === 'undefined') return;
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		throw new Unreadable('malformed');
	}
	checkJson(value, budget, 0);
}

function times(reader: Reader, read: () => void): number {
	const size = reader.uint();
	for (let i = 0; i < size; i++) read();
	return size;
}

/** What the content of an item is, as far as the gate must know. */
export interface Content {
	/** clocks it takes */
	readonly length: number;
	readonly type: number;
	readonly name: string | null;
	readonly words: boolean;
}
const plain = (length: number, words = false): Content => ({ length, type: -1, name: null, words });
const STRING = 119;

/** Steps over the content of an item (`ref` = Yjs content reference). */
export function readContent(reader: Reader, ref: number, budget: Budget): Content {
	switch (ref) {
		case 1: {
			const length = reader.uint();
			if (length > budget.run) throw new Unreadable('run-too-long');
			return plain(length);
		}
		case 2:
			return plain(
				times(reader, () => {
					json(reader, budget, true);
				})
			);
		case 3: {
			const size = reader.uint();
			if (size > budget.value) throw new Unreadable('oversized-value');
			reader.skip(size);
			return plain(1);
		}
		case 4:
			return plain(reader.textLength(budget.value), true);
		case 5:
			json(reader, budget, false);
			return plain(1);
		case 6: {
			const name = key(reader, budget);
			json(reader, budget, false);
			return { length: 1, type: -1, name, words: false };
		}
		case 7: {
			const type = reader.uint();
			if (type > 6) throw new Unreadable('malformed');
			// Only elements (3) and hooks (5) carry a name.
			return { length: 1, type, name: type === 3 || type === 5 ? key(reader, budget) : null, words: false };
		}
		case 8: {
			let words = true;
			const length = times(reader, () => {
				if (reader.bytes[reader.at] !== STRING) words = false;
				any(reader, budget, 0);
			});
			return plain(length, words);
		}
		case 9:
			// A document inside a document would be a room nobody was admitted to.
			throw new Unreadable('subdocument');
		default:
			throw new Unreadable('malformed');
	}
}
