import * as Y from 'yjs';

/** The words somebody typed in these updates and did not delete again, a line for each paragraph: what is offered back after a refusal. */
export function textOf(updates: readonly Uint8Array[], isOwn: (client: number) => boolean = () => true): string {
	const pieces: { readonly client: number; readonly clock: number; readonly text: string }[] = [];
	const gone: { readonly client: number; readonly clock: number; readonly len: number }[] = [];
	for (const update of updates) {
		const { structs, ds } = Y.decodeUpdate(update);
		for (const [client, ranges] of ds.clients) for (const { clock, len } of ranges) gone.push({ client, clock, len });
		for (const struct of structs) {
			if (!(struct instanceof Y.Item) || !isOwn(struct.id.client)) continue;
			const text = wordsIn(struct.content);
			if (text !== '') pieces.push({ client: struct.id.client, clock: struct.id.clock, text });
		}
	}
	const isGone = (client: number, clock: number): boolean =>
		gone.some((range) => range.client === client && clock >= range.clock && clock < range.clock + range.len);
	return pieces
		.map(({ client, clock, text }) => (text === '\n' ? text : [...Array(text.length).keys()].map((i) => (isGone(client, clock + i) ? '' : text[i]!)).join('')))
		.join('')
		.replace(/\n{2,}/gu, '\n')
		.trim();
}

function wordsIn(content: Y.Item['content']): string {
	if (content instanceof Y.ContentString) return content.str;
	if (content instanceof Y.ContentType) return '\n';
	return '';
}
