import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import type { Aside } from './ports.ts';
import { closeCode, decodeFrame, step2Frame, updateFrame } from './protocol/index.ts';
import { everything, TestClient, testSync, until, type TestSync } from './testing.fixtures.ts';

let test: TestSync;
let asides: Aside[];
beforeEach(async () => {
	test = await testSync();
	asides = [];
	test.quarantine = async (aside) => {
		asides.push(aside);
		return { ok: true };
	};
});
afterEach(() => test.close());

const DOC = 'note/n';
/** A page that was open before the restore: it holds `held`, and says so. */
function page(user: string, held: Y.Doc, params = `v=1&live=1&epoch=1&mine=${String(held.clientID)}`): TestClient {
	const client = new TestClient(test.url('note', 'n', user, params));
	client.doc.clientID = held.clientID;
	Y.applyUpdate(client.doc, Y.encodeStateAsUpdate(held), 'server');
	return client;
}
const bring = (from: Y.Doc, to: Y.Doc): void => {
	Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)));
};
const write = (doc: Y.Doc, text: string, root = 'text'): void => {
	doc.getText(root).insert(doc.getText(root).length, text);
};
/** Two colleagues in one note; what both had typed by `kept` is in the backup, the rest only in their browsers. */
async function restored(): Promise<{ readonly anna: Y.Doc; readonly ben: Y.Doc }> {
	const [anna, ben] = [new Y.Doc(), new Y.Doc()];
	write(anna, 'kept ');
	await test.append([{ doc: DOC, generation: 0, update: Y.encodeStateAsUpdate(anna), user: 'anna', session: 's' }]);
	bring(anna, ben);
	write(anna, 'lost ');
	bring(anna, ben);
	test.epoch = 2;
	return { anna, ben };
}
async function words(root = 'text'): Promise<string> {
	const reader = await new TestClient(test.url('note', 'n', 'reader')).ready();
	const text = reader.doc.getText(root).toJSON();
	reader.close();
	return text;
}

it('the author comes back ahead of the server: the words enter under their own name, and the page learns the new epoch', async () => {
	const { anna } = await restored();
	const client = page('anna', anna);
	await until(() => client.acked === 1 && client.notice?.epoch === 2);
	expect(client.closed).toBeNull();
	expect(await words()).toBe('kept lost ');
	expect((await test.stored(DOC)).map(({ user }) => user)).toEqual(['anna', 'anna']);
	expect(asides).toEqual([]);
	client.type('more');
	await until(() => client.acked === 2);
	client.close();
});

it('a colleague comes back first: own words enter, the author’s wait aside with who offered them, and the page begins anew', async () => {
	const { anna, ben } = await restored();
	write(ben, 'by ben', 'mine');
	const client = page('ben', ben);
	await until(() => client.closed !== null);
	expect(client.closed).toEqual({ code: closeCode.restored, reason: 'restored' });
	expect(client.acked).toBe(1);
	expect(client.notice?.epoch).toBe(1);
	expect(asides).toMatchObject([
		{ kind: 'note', id: 'n', epoch: 1, actor: { user: 'ben' }, runs: [{ client: anna.clientID, from: 5, to: 10, owner: 'anna', own: false }], deletions: 0 }
	]);
	expect([await words(), await words('mine')]).toEqual(['kept ', 'by ben']);
	expect((await test.stored(DOC)).map(({ user }) => user)).toEqual(['anna', 'ben']);

	// Then the author comes: nothing of what waits is in the way.
	const author = page('anna', anna);
	await until(() => author.acked === 1);
	expect(await words()).toBe('kept lost ');
	author.close();
});

it('own words inside words of others wait with them and are not said to be in the document', async () => {
	const { anna, ben } = await restored();
	ben.getText('text').insert(7, 'BEN');
	const client = page('ben', ben);
	await until(() => client.closed !== null);
	expect(asides[0]?.runs).toEqual(
		[
			{ client: ben.clientID, from: 0, to: 3, owner: null, own: true },
			{ client: anna.clientID, from: 5, to: 10, owner: 'anna', own: false }
		].toSorted((a, b) => b.client - a.client)
	);
	expect(await words()).toBe('kept ');
	const after = new Y.Doc();
	for (const { data } of await test.stored(DOC)) Y.applyUpdate(after, new Uint8Array(data));
	Y.applyUpdate(after, asides[0]!.update);
	expect(after.getText('text').toJSON()).toBe('kept loBENst ');
});

it('it is acknowledged only when what was set aside is on disk; a quarantine that is full refuses and says so', async () => {
	const { ben } = await restored();
	let release = (): void => undefined;
	test.quarantine = () =>
		new Promise((resolve) => {
			release = () => {
				resolve({ ok: true });
			};
		});
	const slow = page('ben', ben);
	await slow.ready();
	await new Promise((resolve) => setTimeout(resolve, 60));
	expect([slow.acked, slow.closed]).toEqual([0, null]);
	release();
	await until(() => slow.closed !== null);
	expect(slow.acked).toBe(1);

	test.quarantine = async () => ({ ok: false, reason: 'quarantine-full' });
	const full = page('ben', ben);
	await until(() => full.refused.length === 1);
	expect(full.refused).toEqual(['quarantine-full']);
	expect(test.refusals).toContain('ben quarantine-full');
	expect(test.alarms).toHaveLength(1);
	await until(() => full.closed !== null);
});

it('announcing an old epoch writes nothing in another’s name: forged words of a known author, and of one the server has forgotten', async () => {
	await restored();
	const forged = new Y.Doc();
	forged.clientID = 4711;
	write(forged, 'as anna');
	// 4711 is nobody the server knows, and the page does not claim it.
	const mallory = page('mallory', forged, 'v=1&live=1&epoch=1&mine=1');
	await until(() => mallory.closed !== null);
	expect(asides).toMatchObject([{ actor: { user: 'mallory' }, runs: [{ client: 4711, owner: null, own: false }] }]);
	expect(await words()).toBe('kept ');
});

it('without a restore, without our own client, and for an epoch that is not over, foreign words are refused as ever', async () => {
	const { ben } = await restored();
	for (const params of ['v=1&live=1', 'v=1&epoch=1&mine=1', 'v=1&live=1&epoch=2', 'v=1&live=1&epoch=99', 'v=1&live=1&epoch=0', 'v=1&live=1&epoch=1e0']) {
		const client = page('ben', ben, params);
		await until(() => client.closed !== null, params);
		expect(client.closed?.code, params).toBe(closeCode.forbidden);
	}
	expect(asides).toEqual([]);
});

it('the author was quicker: a colleague’s offer that repeats those words is neither refused nor set aside', async () => {
	const { anna, ben } = await restored();
	const author = page('anna', anna);
	await until(() => author.acked === 1);
	write(ben, 'by ben', 'mine');
	// The answer to a question from before the author came: it repeats everything.
	const client = new WebSocket(test.url('note', 'n', 'ben', `v=1&live=1&epoch=1&mine=${String(ben.clientID)}`));
	const frames: unknown[] = [];
	client.on('message', (data: Buffer) => frames.push(decodeFrame(new Uint8Array(data))));
	await until(() => client.readyState === WebSocket.OPEN);
	client.send(step2Frame(Y.encodeStateAsUpdate(ben)));
	await until(() => frames.some((frame) => (frame as { kind: string }).kind === 'ack'));
	await until(() => frames.some((frame) => (frame as { notice?: { epoch: number } }).notice?.epoch === 2));
	expect(asides).toEqual([]);
	expect([await words(), await words('mine')]).toEqual(['kept lost ', 'by ben']);
	author.close();
	client.close();
});

it('an offer in parts is set aside part by part; the page begins anew only after the last', async () => {
	const { anna, ben } = await restored();
	write(ben, 'by ben', 'mine');
	const socket = new WebSocket(test.url('note', 'n', 'ben', `v=1&live=1&epoch=1&mine=${String(ben.clientID)}`));
	const acks: number[] = [];
	let code = 0;
	socket.on('message', (data: Buffer) => {
		const frame = decodeFrame(new Uint8Array(data));
		if (frame?.kind === 'ack') acks.push(frame.count);
	});
	socket.on('close', (with_: number) => (code = with_));
	await until(() => socket.readyState === WebSocket.OPEN);
	socket.send(updateFrame(Y.encodeStateAsUpdate(anna)));
	await until(() => acks.length === 1);
	expect(code).toBe(0);
	socket.send(step2Frame(Y.encodeStateAsUpdate(ben)));
	await until(() => code !== 0);
	expect(code).toBe(closeCode.restored);
	expect(acks).toEqual([1, 1]);
	expect(await words('mine')).toBe('by ben');
});

it('whoever may only read, or meets a sealed document, has their words refused; what they hold of others is still kept', async () => {
	const { ben } = await restored();
	write(ben, 'by ben', 'mine');
	test.rights.set('ben note/n', everything({ writes: [] }));
	const client = page('ben', ben);
	await until(() => client.refused.length === 1);
	expect(client.refused).toEqual(['read-only']);
	expect(asides).toHaveLength(1);
	expect(await words('mine')).toBe('');
	client.close();
});

it('a deletion the person may not make is set aside, not applied and not forgotten', async () => {
	const { ben } = await restored();
	ben.getText('text').delete(0, 2);
	write(ben, 'x', 'mine');
	test.rights.set('ben note/n', everything({ writes: ['mine'] }));
	const client = page('ben', ben);
	await until(() => client.closed !== null);
	expect(client.acked).toBe(1);
	expect(asides[0]?.deletions).toBe(2);
	expect([await words(), await words('mine')]).toEqual(['kept ', 'x']);
});
