import type { LiveArray, LiveElement, LiveMap, LiveShape, LiveText, LiveXml } from '@tongping/domain/kernel';
import type { Struct } from './decode.ts';

/** References of Yjs content and of its types. */
const content = { deleted: 1, binary: 3, string: 4, format: 6, type: 7, any: 8 } as const;
const yType = { array: 0, map: 1, text: 2, element: 3, xmlText: 6 } as const;

/** What an item opens: a type with a list of items and a map of entries. `null`: no such list, no such key. */
export interface Spot {
	readonly list: Site | null;
	entry(key: string): Site | null;
}
/** Why an item may not stand here. */
export const NO = 'no';
/** A list or a map of a document, and what may stand in it. Neighbours always stand in the same one. */
export interface Site {
	readonly root: string;
	readonly keyed: boolean;
	/** what the item opens for others; `null`: nothing; `no`: it may not be here */
	admits(struct: Struct): Spot | null | typeof NO;
}

/** Where a type stood that is gone: what hangs on it is collected by every replica. */
export const GONE: Spot = { list: null, entry: () => null };

/** A root nobody described: anything may stand anywhere in it. */
export function freeSpot(root: string): Spot {
	const site: Site = { root, keyed: false, admits: () => spot };
	const spot: Spot = { list: site, entry: () => site };
	return spot;
}

const HASH = /--[a-zA-Z0-9+/=]{8}$/u;

function textSpot(root: string, { marks, bytes }: Pick<LiveText, 'marks' | 'bytes'>): Spot {
	const names = new Set(marks);
	return {
		list: {
			root,
			keyed: false,
			admits: ({ ref, name, size }) => {
				// A deleted letter opened nothing, so nothing honest hangs on it.
				if (ref === content.string || ref === content.deleted) return null;
				return ref === content.format && size <= bytes && names.has((name ?? '').replace(HASH, '')) ? null : NO;
			}
		},
		entry: () => null
	};
}

/** Text, numbers, JSON, bytes, or the one nested type that is named. */
function valueSite(root: string, keyed: boolean, { bytes, nested }: LiveMap['value']): Site {
	const inner = nested === undefined ? null : { spot: nestedSpot(root, nested), type: yType[nested.type] };
	return {
		root,
		keyed,
		admits: ({ ref, type, size, length }) => {
			switch (ref) {
				case content.deleted:
					return GONE;
				case content.any:
					// Overwritten values of one key, or neighbours of a list, travel as one item.
					return size <= bytes * length + 16 ? null : NO;
				case content.binary:
					return size <= bytes ? null : NO;
				case content.type:
					return inner !== null && type === inner.type ? inner.spot : NO;
				default:
					return NO;
			}
		}
	};
}

function nestedSpot(root: string, shape: LiveMap | LiveArray | LiveText): Spot {
	if (shape.type === 'text') return textSpot(root, shape);
	const site = valueSite(root, shape.type === 'map', shape.value);
	if (shape.type === 'array') return { list: site, entry: () => null };
	const { keys } = shape;
	const names = keys === '*' ? null : new Set(keys);
	return { list: null, entry: (key) => (names === null || names.has(key) ? site : null) };
}

function xmlSpot(root: string, { children, elements, marks, bytes }: LiveXml): Spot {
	const text = textSpot(root, { marks, bytes });
	const spots = new Map<string, Spot>();
	const listOf = (allowed: readonly string[]): Site => {
		const names = new Set(allowed);
		return {
			root,
			keyed: false,
			admits: ({ ref, type, name }) => {
				if (ref === content.deleted) return GONE;
				if (ref !== content.type) return NO;
				if (type === yType.xmlText) return names.has('#text') ? text : NO;
				return type === yType.element && name !== null && names.has(name) ? (spots.get(name) ?? NO) : NO;
			}
		};
	};
	const elementSpot = ({ attributes, children: inside }: LiveElement): Spot => {
		const names = new Set(attributes);
		const attribute: Site = {
			root,
			keyed: true,
			admits: ({ ref, size, words, length }) => (ref === content.deleted || (ref === content.any && words && size <= bytes * length + 16) ? null : NO)
		};
		return { list: listOf(inside), entry: (key) => (names.has(key) ? attribute : null) };
	};
	for (const [name, element] of Object.entries(elements)) spots.set(name, elementSpot(element));
	return { list: listOf(children), entry: () => null };
}

/** The roots of a kind, ready to be asked. */
export function rootSpots(shape: LiveShape): ReadonlyMap<string, Spot> {
	return new Map(Object.entries(shape).map(([root, rule]) => [root, rule.type === 'xml' ? xmlSpot(root, rule) : nestedSpot(root, rule)]));
}
