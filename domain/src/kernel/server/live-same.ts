import * as Y from 'yjs';

type Content = string | number | boolean | null | readonly Content[] | { readonly [key: string]: Content };

/** What stands in a type, without knowing which shared type it is: the visible items in order and the last value of each key. */
function inside(type: Y.AbstractType<unknown>): Content {
	const items: Content[] = [];
	let text = '';
	const flush = (): void => {
		if (text !== '') items.push(text);
		text = '';
	};
	for (let item = type._start; item !== null; item = item.right) {
		if (item.deleted) continue;
		if (item.content instanceof Y.ContentString) text += item.content.str;
		else {
			flush();
			items.push(...values(item.content));
		}
	}
	flush();
	const keys = [...type._map].filter(([, item]) => !item.deleted).sort(([a], [b]) => (a < b ? -1 : 1));
	return { name: type instanceof Y.XmlElement ? type.nodeName : '', items, keys: keys.map(([key, item]) => [key, values(item.content).at(-1) ?? null]) };
}

/** One entry for each value, however the items that hold them were merged. */
function values(content: Y.Item['content']): Content[] {
	if (content instanceof Y.ContentType) return [inside(content.type)];
	if (content instanceof Y.ContentFormat) return [['format', content.key, plain(content.value)]];
	return content.getContent().map((found: unknown) => [content.constructor.name, plain(found)]);
}
const plain = (found: unknown): Content => JSON.stringify(found, (_key, inner: unknown) => (inner instanceof Uint8Array ? [...inner] : inner)) ?? '';

/** The visible content of every root as one text: equal texts, equal documents to their readers. */
export const visible = (doc: Y.Doc): string =>
	JSON.stringify(
		[...doc.share]
			.map(([name, type]) => [name, inside(type as unknown as Y.AbstractType<unknown>)] as const)
			.filter(([, content]) => JSON.stringify(content) !== EMPTY)
			.sort(([a], [b]) => (a < b ? -1 : 1))
	);
const EMPTY = JSON.stringify({ name: '', items: [], keys: [] });

/** In what two documents differ: the clocks they hold, what is deleted of them, or what is seen; null when in nothing. */
export function difference(a: Y.Doc, b: Y.Doc): 'pending' | 'state-vector' | 'delete-set' | 'content' | null {
	if ([a, b].some(({ store }) => store.pendingStructs !== null || store.pendingDs !== null)) return 'pending';
	const [one, other] = [Y.snapshot(a), Y.snapshot(b)];
	if (one.sv.size !== other.sv.size || [...one.sv].some(([client, clock]) => other.sv.get(client) !== clock)) return 'state-vector';
	if (!Y.equalDeleteSets(one.ds, other.ds)) return 'delete-set';
	return visible(a) === visible(b) ? null : 'content';
}
