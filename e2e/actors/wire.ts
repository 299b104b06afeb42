import http from 'node:http';
import { newId } from '@tongping/domain/kernel';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { readSyncMessage, writeSyncStep1, writeUpdate } from 'y-protocols/sync';
import * as Y from 'yjs';
import { origin, password, type Account } from './sign-in.ts';

/** The bare wire: what a program sends that no browser would, header by header. */
export interface Reply {
	readonly status: number;
	readonly headers: http.IncomingHttpHeaders;
	readonly text: string;
}
export interface Asking {
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string | Buffer;
}

/** The address goes out as it is written: a URL parser would have taken the dots out of it before anybody could be asked. */
export function ask(method: string, path: string, { headers = {}, body }: Asking = {}): Promise<Reply> {
	const length = body === undefined || 'transfer-encoding' in headers ? {} : { 'content-length': String(Buffer.byteLength(body)) };
	const { hostname, port, host } = new URL(origin());
	return new Promise((resolve, reject) => {
		const request = http.request({ hostname, port, path, method, agent: false, headers: { host, ...length, ...headers } }, (response) => {
			const parts: Buffer[] = [];
			response.on('data', (part: Buffer) => parts.push(part));
			response.on('end', () => {
				resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(parts).toString('utf8') });
			});
		});
		request.setTimeout(20_000, () => request.destroy(new Error(`${method} ${path} was not answered`)));
		// Whoever asks to change over to another protocol is answered too.
		request.on('upgrade', (response, socket) => {
			socket.destroy();
			resolve({ status: response.statusCode ?? 0, headers: response.headers, text: '' });
		});
		request.on('error', reject);
		request.end(body);
	});
}

const JSON_TYPE = { 'content-type': 'application/json' } as const;
/** With a type even where there is no body: the framework takes an untyped DELETE for a form of another site. */
export const bearerOf = (token: string): { readonly authorization: string; readonly 'content-type': string } => ({
	authorization: `Bearer ${token}`,
	...JSON_TYPE
});
export const postJson = (path: string, value: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> =>
	ask('POST', path, { headers: { origin: origin(), ...JSON_TYPE, ...headers }, body: JSON.stringify(value) });
export const order = (token: string, command: string, input: unknown, commandId: string = newId()): Promise<Reply> =>
	postJson('/api/commands', { commandId, command, input }, bearerOf(token));

export async function tokenOf(username: Account): Promise<string> {
	const reply = await postJson('/api/session', { username, password: password(), kind: 'token' });
	if (reply.status !== 200) throw new Error(`${username} could not sign in: ${reply.text}`);
	return (JSON.parse(reply.text) as { token: string }).token;
}
/** Signs in with a cookie; returns the header a browser would send back. */
export async function cookieOf(username: Account, headers: Readonly<Record<string, string>> = {}): Promise<{ readonly cookie: string; readonly line: string }> {
	const reply = await postJson('/api/session', { username, password: password() }, headers);
	const line = reply.headers['set-cookie']?.find((each) => each.startsWith('__Host-tongping='));
	if (reply.status !== 200 || line === undefined) throw new Error(`${username} could not sign in: ${reply.text}`);
	return { cookie: line.split(';')[0] ?? '', line };
}

/** One raw socket at `/sync/...`: the status that refused it, or the open socket. */
export interface Line {
	readonly status: number;
	readonly socket: WebSocket;
	/** the close code, when it comes, and how long after this call */
	closed(): Promise<{ readonly code: number; readonly afterMs: number }>;
}
export function dial(path: string, headers: Readonly<Record<string, string>>): Promise<Line> {
	const socket = new WebSocket(`${origin().replace('http', 'ws')}${path}`, { headers: { origin: origin(), ...headers } });
	let end: { code: number; at: number } | null = null;
	const ended = new Promise<{ code: number; at: number }>((resolve) => {
		socket.on('close', (code) => {
			resolve((end ??= { code, at: performance.now() }));
		});
	});
	const closed = async (): Promise<{ code: number; afterMs: number }> => {
		const start = performance.now();
		const { code, at } = await ended;
		return { code, afterMs: at - start };
	};
	return new Promise((resolve, reject) => {
		socket.on('open', () => {
			resolve({ status: 101, socket, closed });
		});
		socket.on('unexpected-response', (_request, response) => {
			socket.terminate();
			resolve({ status: response.statusCode ?? 0, socket, closed });
		});
		socket.on('error', (error) => {
			if (socket.readyState === WebSocket.CONNECTING) reject(error);
		});
	});
}
export async function knock(path: string, headers: Readonly<Record<string, string>>): Promise<number> {
	const line = await dial(path, headers);
	line.socket.terminate();
	return line.status;
}

/** A frame that writes these words as a paragraph of a section. */
export function paragraphFrame(root: string, words: string): Uint8Array {
	const doc = new Y.Doc();
	const paragraph = new Y.XmlElement('paragraph');
	paragraph.insert(0, [new Y.XmlText(words)]);
	doc.getXmlFragment(root).insert(0, [paragraph]);
	const encoder = encoding.createEncoder();
	encoding.writeVarUint(encoder, 0);
	writeUpdate(encoder, Y.encodeStateAsUpdate(doc));
	return encoding.toUint8Array(encoder);
}

/** Joins the announcements; `null` when let in (the socket stays open), otherwise why not. */
export function listen(headers: Readonly<Record<string, string>>, token?: string): Promise<{ readonly why: string | null; readonly socket: Socket }> {
	const socket = io(origin(), {
		path: '/io',
		transports: ['websocket'],
		reconnection: false,
		forceNew: true,
		extraHeaders: { origin: origin(), ...headers },
		auth: token === undefined ? {} : { token }
	});
	return new Promise((resolve) => {
		socket.on('connect', () => {
			resolve({ why: null, socket });
		});
		socket.on('connect_error', (error) => {
			socket.close();
			resolve({ why: error.message, socket });
		});
	});
}

/** Joins as somebody else and reads what is stored. */
export async function wordsOf(path: string, root: string, token: string): Promise<string> {
	const { socket, status } = await dial(path, bearerOf(token));
	if (status !== 101) throw new Error(`${path} refused with ${status}`);
	const doc = new Y.Doc();
	const synced = new Promise<void>((resolve) => {
		socket.on('message', (data: Buffer) => {
			const decoder = decoding.createDecoder(data);
			if (decoding.readVarUint(decoder) === 0 && readSyncMessage(decoder, encoding.createEncoder(), doc, null) === 1) resolve();
		});
	});
	const encoder = encoding.createEncoder();
	encoding.writeVarUint(encoder, 0);
	writeSyncStep1(encoder, doc);
	socket.send(encoding.toUint8Array(encoder));
	await synced;
	socket.terminate();
	return doc.getXmlFragment(root).toJSON();
}
