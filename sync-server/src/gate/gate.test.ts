import { keepForeignFormatting } from '@tongping/domain/kernel';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { HonestUser } from './honest-user.fixtures.ts';
import { RootIndex } from './index.ts';
import { seeded } from './random.ts';

/** A server without sockets: gate, document, owners. Every honest update must pass and everybody must end up equal. */
class TestServer {
	index = new RootIndex();
	readonly doc = new Y.Doc();
	readonly owners = new Map<number, string>();
	stripped = 0;

	constructor() {
		keepForeignFormatting(this.doc);
	}

	offer(user: HonestUser, update: Uint8Array, diff: boolean): Uint8Array | null {
		const verdict = this.index.check(update, {
			mayUse: (client) => (this.owners.get(client) ?? (this.index.has(client) ? '' : user.name)) === user.name,
			mayWrite: (root) => user.sections.includes(root.split(':')[0]!),
			diff
		});
		if (!verdict.ok) throw new Error(`honest update refused: ${verdict.reason}`);
		for (const [client] of verdict.fresh) this.owners.set(client, user.name);
		this.index.commit(verdict);
		this.stripped += verdict.dropped.length;
		if (verdict.forward !== null) Y.applyUpdate(this.doc, verdict.forward);
		return verdict.forward;
	}
}

function run(seed: number, sections: readonly (readonly string[])[], rounds: number): TestServer {
	const random = seeded(seed);
	const server = new TestServer();
	const users = sections.map((own, i) => new HonestUser(`user${i}`, own, random));
	const online = users.map(() => true);
	const sync = (user: HonestUser): void => {
		Y.applyUpdate(user.doc, Y.encodeStateAsUpdate(server.doc, Y.encodeStateVector(user.doc)), 'server');
		server.offer(user, Y.encodeStateAsUpdate(user.doc, Y.encodeStateVector(server.doc)), true);
		user.unsent = [];
	};
	const broadcast = (from: HonestUser, update: Uint8Array): void => {
		users.forEach((other, i) => {
			if (other !== from && online[i]) Y.applyUpdate(other.doc, update, 'server');
		});
	};
	for (let round = 0; round < rounds; round++) {
		const i = random.below(users.length);
		const user = users[i]!;
		for (let k = random.below(4); k >= 0; k--) user.edit();
		if (online[i]) {
			for (const update of user.unsent.splice(0)) {
				const forward = server.offer(user, update, false);
				if (forward !== null) broadcast(user, forward);
			}
			if (random.chance(0.1)) online[i] = false;
		} else if (random.chance(0.2)) {
			const before = Y.encodeStateVector(server.doc);
			sync(user);
			broadcast(user, Y.encodeStateAsUpdate(server.doc, before));
			online[i] = true;
			if (random.chance(0.3)) user.reopen(Y.encodeStateAsUpdate(server.doc));
		}
		if (random.chance(0.01)) server.index = RootIndex.load([Y.encodeStateAsUpdate(server.doc)]);
	}
	for (let pass = 0; pass < 2; pass++) for (const user of users) sync(user);
	const everything = (doc: Y.Doc): string =>
		JSON.stringify(
			['a', 'b', 'c'].flatMap((s) => [
				doc.getText(`${s}:text`).toDelta(),
				Object.entries(doc.getMap(`${s}:map`).toJSON()).sort(([x], [y]) => (x < y ? -1 : 1)),
				doc.getArray(`${s}:array`).toJSON(),
				doc.getXmlFragment(`${s}:xml`).toJSON()
			])
		);
	for (const user of users) expect(everything(user.doc), `seed ${seed}`).toBe(everything(server.doc));
	expect(server.doc.store.pendingStructs, `seed ${seed}`).toBeNull();
	return server;
}

/** more by GATE_SEEDS=1000 */
const SEEDS = Number(process.env['GATE_SEEDS'] ?? 20);

describe('honest work passes', () => {
	test('three people with equal rights, offline at times, new tabs, undo, collected structs, restarts', { timeout: 600_000 }, () => {
		for (let seed = 1; seed <= SEEDS; seed++) run(seed, [['a'], ['a'], ['a', 'b']], 160);
	});

	test('people who may write different sections: their diffs repeat deletes of others, which are dropped, and all converge', { timeout: 600_000 }, () => {
		let stripped = 0;
		for (let seed = 100_000; seed < 100_000 + SEEDS; seed++) stripped += run(seed, [['a'], ['b'], ['c'], ['a', 'b', 'c']], 160).stripped;
		expect(stripped).toBeGreaterThanOrEqual(0);
	});
});

describe('changed updates', () => {
	test('no mutated update changes a protected root, leaves a pending struct or makes Yjs throw', { timeout: 60_000 }, () => {
		const random = seeded(7);
		let accepted = 0;
		for (let run = 0; run < 40; run++) {
			const base = new Y.Doc();
			base.clientID = 1;
			base.getText('signed').insert(0, '已签名的内容不可更改');
			base.getText('signed').delete(2, 1);
			base.getText('draft').insert(0, '草稿');
			const index = RootIndex.load([Y.encodeStateAsUpdate(base)]);
			const author = new Y.Doc();
			author.clientID = 300;
			Y.applyUpdate(author, Y.encodeStateAsUpdate(base));
			const updates: Uint8Array[] = [];
			author.on('update', (update: Uint8Array) => updates.push(update));
			author.getText('draft').insert(1, '新');
			author.getText('draft').delete(0, 1);
			author.getMap('draft-map').set('k', { a: [1, 'x'] });
			const before = base.getText('signed').toString();
			for (let i = 0; i < 300; i++) {
				const mutated = Uint8Array.from(random.pick(updates));
				for (let k = random.below(3); k >= 0; k--) mutated[random.below(mutated.length)] = random.chance(0.5) ? random.below(256) : random.below(12);
				const verdict = index.check(mutated, { mayUse: (c) => c !== 1, mayWrite: (root) => root.startsWith('draft'), diff: random.chance(0.5) });
				if (!verdict.ok || verdict.forward === null) continue;
				accepted++;
				const copy = new Y.Doc();
				Y.applyUpdate(copy, Y.encodeStateAsUpdate(base));
				Y.applyUpdate(copy, verdict.forward);
				expect(copy.getText('signed').toString()).toBe(before);
				expect(copy.store.pendingStructs).toBeNull();
			}
		}
		expect(accepted).toBeGreaterThan(100);
	});
});
