import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { origin } from './sign-in.ts';

const PATIENCE_MS = 15_000;

/** A stock y-websocket client with a bearer token, in the room `kind/id`. */
export function join(kind: string, id: string, bearer: string, doc: Y.Doc, params: Record<string, string> = {}): WebsocketProvider {
	class Authorized extends WebSocket {
		constructor(url: string | URL, protocols?: string | string[]) {
			super(url, protocols, { headers: { authorization: `Bearer ${bearer}`, origin: origin() } });
		}
	}
	return new WebsocketProvider(`${origin().replace('http', 'ws')}/sync/${kind}`, id, doc, {
		WebSocketPolyfill: Authorized as never,
		disableBc: true,
		params: { v: '1', ...params }
	});
}

async function until(what: string, holds: () => boolean): Promise<void> {
	for (const end = Date.now() + PATIENCE_MS; !holds(); await wait(20)) if (Date.now() > end) throw new Error(`${what} did not come about`);
}

/** The document as it stands on disk: what a second client is shown is shown after its commit. */
export async function readLive(kind: string, id: string, bearer: string, holds: (doc: Y.Doc) => boolean = () => true): Promise<Y.Doc> {
	const doc = new Y.Doc();
	const provider = join(kind, id, bearer, doc);
	try {
		await until(`${kind}/${id} as wanted`, () => provider.synced && holds(doc));
	} finally {
		provider.destroy();
	}
	return doc;
}

export type Words = Readonly<Record<string, string>>;
const paragraphsOf = (words: Words, doc: Y.Doc): void => {
	for (const [root, text] of Object.entries(words)) {
		const paragraph = new Y.XmlElement('paragraph');
		paragraph.insert(0, [new Y.XmlText(text)]);
		doc.getXmlFragment(root).insert(doc.getXmlFragment(root).length, [paragraph]);
	}
};

/** Writes a paragraph into each of these sections, as a browser would, and returns the document once it is stored. */
export async function writeWords(kind: string, id: string, bearer: string, words: Words): Promise<Y.Doc> {
	const doc = new Y.Doc();
	const provider = join(kind, id, bearer, doc);
	try {
		await until(`${kind}/${id} in step`, () => provider.synced);
		paragraphsOf(words, doc);
		return await readLive(kind, id, bearer, (stored) => Object.entries(words).every(([root, text]) => stored.getXmlFragment(root).toString().includes(text)));
	} finally {
		provider.destroy();
	}
}

/** A page that was open before a restore comes back holding a colleague's words: they are set aside, and it is told to begin anew. */
export async function offerForeignWords(kind: string, id: string, bearer: string, words: Words): Promise<void> {
	const doc = new Y.Doc();
	const colleague = new Y.Doc();
	paragraphsOf(words, colleague);
	Y.applyUpdate(doc, Y.encodeStateAsUpdate(colleague));
	const provider = join(kind, id, bearer, doc, { live: '1', epoch: '1', mine: String(doc.clientID) });
	const RESTORED = 4412;
	let code = 0;
	provider.on('connection-close', (event) => (code = event?.code ?? code));
	try {
		await until(`${kind}/${id} set aside`, () => code === RESTORED);
	} finally {
		provider.destroy();
	}
}
