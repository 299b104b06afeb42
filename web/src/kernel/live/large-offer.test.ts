import { deflateRawSync } from 'node:zlib';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { afterEach, expect, test } from 'vitest';
import { WebSocketServer, type WebSocket as Peer } from 'ws';
import * as Y from 'yjs';
import { TestClient, testSync, until, type TestSync } from '../../../../sync-server/src/testing.fixtures.ts';
import { LiveRoom } from './live-room.svelte.ts';
import { MemoryStore } from './memory-store.ts';
import { importVaultKey, Vault } from './vault.ts';

const store = new MemoryStore();
const ends: (() => unknown)[] = [];
afterEach(async () => {
	store.records.clear();
	for (const end of ends.splice(0).reverse()) await end();
});
function open(port: number, user: string, session = 'one'): LiveRoom {
	const room = new LiveRoom({
		kind: 'note',
		id: 'n',
		version: 1,
		user,
		url: `ws://127.0.0.1:${String(port)}/sync`,
		vault: new Vault(store, user, () => importVaultKey(btoa(user.padEnd(32, '.').slice(0, 32)))),
		socket: WebSocket,
		params: { user, session }
	});
	ends.push(() => {
		room.destroy();
	});
	return room;
}
async function start(): Promise<TestSync> {
	const server = await testSync();
	ends.push(() => server.close());
	return server;
}

test('5 MB written offline arrive whole after one reconnection; others go on writing meanwhile', async () => {
	const server = await start();
	const other = await new TestClient(server.url('note', 'n', 'wang')).ready();
	ends.push(() => {
		other.close();
	});
	const room = open(server.port, 'lichen');
	await until(() => room.state.kind === 'saved');
	server.sync.dropSession('one');
	await until(() => room.state.kind === 'signed-out');
	const text = room.doc.getText('text');
	// Many hours of writing: paragraphs, each with a part taken out again.
	for (let i = 0; i < 1700; i++) {
		text.insert(text.length, `${'患者今日睡眠约六小时，否认自伤想法。'.repeat(57)}${String(i)}。`);
		text.delete(text.length - 9, 3);
	}
	const offer = Y.encodeStateAsUpdate(room.doc);
	expect(offer.length).toBeGreaterThan(5 << 20);
	// 3,400 edits of a long night take one row, not 3,400.
	await until(() => store.records.size === 1, 'kept', 20_000);
	expect(room.state).toMatchObject({ kind: 'signed-out', n: 3400 });
	expect(await store.count('lichen')).toBe(3400);
	const words = text.toString();
	room.destroy();
	// The next page of the same person, with a new session.
	const back = open(server.port, 'lichen', 'two');
	await until(() => back.state.kind === 'saved' || back.state.kind === 'saving', 'connected', 20_000);
	const sent = performance.now();
	const rounds: number[] = [];
	while (back.state.kind !== 'saved') {
		const at = performance.now();
		const before = other.acked;
		other.type('x', 'plan');
		await until(() => other.acked > before, 'the other’s ack', 10_000);
		rounds.push(performance.now() - at);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	const took = performance.now() - sent;
	await until(() => other.text === words, 'all words', 20_000);
	await until(() => store.records.size === 0, 'nothing kept');
	rounds.sort((a, b) => a - b);
	console.info(
		`5 MB offline (${String(offer.length)} bytes): on disk after ${took.toFixed(0)} ms; another’s acks meanwhile: median ${(rounds[rounds.length >> 1] ?? 0).toFixed(1)} ms, longest ${(rounds.at(-1) ?? 0).toFixed(1)} ms (${String(rounds.length)})`
	);
	expect([server.refusals, other.refused, server.alarms]).toEqual([[], [], []]);
	expect(back.state).toMatchObject({ kind: 'saved' });
}, 90_000);

test('a paste of 3 MB while connected is one edit to its author and fits the wire', async () => {
	const server = await start();
	const room = open(server.port, 'lichen');
	await until(() => room.state.kind === 'saved');
	const words = '粘贴'.repeat(500_000);
	room.doc.getText('text').insert(0, words);
	expect(room.state).toEqual({ kind: 'saving', n: 1 });
	await until(() => room.state.kind === 'saved', 'saved', 20_000);
	const other = await new TestClient(server.url('note', 'n', 'wang')).ready();
	expect(other.text === words).toBe(true);
	other.close();
	expect(server.refusals).toEqual([]);
}, 40_000);

test('an edit no frame can carry is given back before anything of it is sent', async () => {
	const server = await start();
	const room = open(server.port, 'lichen');
	await until(() => room.state.kind === 'saved');
	room.doc.getText('text').insert(0, '图片说明');
	await until(() => room.state.kind === 'saved');
	room.doc.getMap('map').set('picture', new Uint8Array(2 << 20));
	await until(() => room.state.kind === 'refused');
	expect(room.state).toMatchObject({ kind: 'refused', reason: 'too-large' });
	room.dismiss();
	await until(() => room.state.kind === 'saved');
	expect([room.doc.getText('text').toString(), server.refusals]).toEqual(['图片说明', []]);
}, 20_000);

test.each([
	[12, (whole: Uint8Array) => whole],
	[13, (whole: Uint8Array) => new Uint8Array(deflateRawSync(whole))]
])(
	'the first answer may come as one update in Yjs’ second format, also deflated (message %i): it counts as the answer',
	async (type, form) => {
		const kept = new Y.Doc();
		kept.getText('text').insert(0, '已有的病程');
		const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
		ends.push(() => {
			for (const peer of server.clients) peer.terminate();
			server.close();
		});
		const asked: string[] = [];
		server.on('connection', (peer: Peer, request) => {
			asked.push(new URL(request.url ?? '/', 'http://x').searchParams.get('v2') ?? '');
			peer.on('message', (data: Buffer) => {
				const decoder = decoding.createDecoder(new Uint8Array(data));
				if (decoding.readVarUint(decoder) !== 0 || decoding.readVarUint(decoder) !== 0) return;
				const encoder = encoding.createEncoder();
				encoding.writeVarUint(encoder, type);
				encoding.writeVarUint8Array(encoder, form(Y.encodeStateAsUpdateV2(kept, decoding.readVarUint8Array(decoder))));
				peer.send(encoding.toUint8Array(encoder));
			});
		});
		await new Promise((resolve) => server.once('listening', resolve));
		const room = open((server.address() as { port: number }).port, 'lichen');
		await until(() => room.state.kind === 'saved');
		expect([asked, room.doc.getText('text').toString(), room.state]).toEqual([['2'], '已有的病程', { kind: 'saved', at: null }]);
	},
	20_000
);
