import { difference, loadLive, loadLiveV2, tables, testHospital, type LiveAppend, type LiveLogTable, type TestHospital } from '@tongping/domain/kernel/server';
import { keepForeignFormatting } from '@tongping/domain/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { seeded, type Random } from '../gate/random.ts';
import { compactorOf, createCompactor, type Compactor } from './index.ts';

interface Rows {
	live_log: LiveLogTable;
	live_archive: LiveLogTable;
}

/** Several people on one document: text, formats, maps, arrays, nested elements, deletes and undo; rows as the server would store them. */
function history(random: Random, edits: number, doc: string, people = 4): LiveAppend[] {
	const server = new Y.Doc();
	keepForeignFormatting(server);
	const rows: LiveAppend[] = [];
	const editors = Array.from({ length: people }, (_, n) => {
		const own = new Y.Doc();
		keepForeignFormatting(own);
		own.clientID = 1 + n + random.below(1_000_000) * 8;
		own.on('update', (update: Uint8Array, origin: unknown) => {
			if (origin === 'server') return;
			rows.push({ doc, generation: 0, update, user: `u${n}`, session: `s${n}`, device: `d${n}` });
			Y.applyUpdate(server, update);
		});
		return { own, undo: new Y.UndoManager([own.getText('text'), own.getMap('map')], { captureTimeout: 0 }) };
	});
	for (let i = 0; i < edits; i++) {
		const { own, undo } = random.pick(editors);
		Y.applyUpdate(own, Y.encodeStateAsUpdate(server, Y.encodeStateVector(own)), 'server');
		edit(own, undo, random);
	}
	return rows;
}
function edit(own: Y.Doc, undo: Y.UndoManager, random: Random): void {
	const text = own.getText('text');
	const at = random.below(text.length + 1);
	const list = own.getArray('list');
	const note = own.getXmlFragment('note');
	switch (random.below(9)) {
		case 0:
		case 1:
			text.insert(at, random.pick(['主诉', 'fever ', 'x', '👩‍⚕️']));
			break;
		case 2:
			if (text.length > 2) text.delete(random.below(text.length - 1), 1);
			break;
		case 3:
			if (text.length > 2) text.format(random.below(text.length - 1), 1, { bold: random.chance(0.5) ? true : null });
			break;
		case 4:
			own.getMap('map').set(random.pick(['a', 'b', 'c']), random.below(100));
			break;
		case 5:
			list.insert(random.below(list.length + 1), [random.below(9), { k: [1, null] }, new Uint8Array([1, 2])]);
			break;
		case 6: {
			const paragraph = new Y.XmlElement('paragraph');
			paragraph.insert(0, [new Y.XmlText('段')]);
			note.insert(random.below(note.length + 1), [paragraph]);
			break;
		}
		case 7:
			if (note.length > 0) note.delete(random.below(note.length), 1);
			break;
		default:
			if (undo.canUndo()) undo.undo();
	}
}
const build = (updates: readonly Uint8Array[]): Y.Doc => {
	const doc = new Y.Doc();
	keepForeignFormatting(doc);
	for (const update of updates) Y.applyUpdate(doc, update);
	return doc;
};

const isAlive = (pid: number): boolean => {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
};

describe('compaction', () => {
	let house: TestHospital;
	let compactor: Compactor;
	beforeEach(async () => {
		house = await testHospital([]);
		compactor = compactorOf(`${house.dataDir}/tongping.db`, (name, input) => house.hospital.writer.task(name, input));
	});
	afterEach(async () => {
		await compactor.close();
		await house.close();
	});
	const rowsIn = (table: keyof Rows, doc: string): Promise<LiveLogTable[]> =>
		tables<Rows>(house.hospital.reader).selectFrom(table).selectAll().where('doc', '=', doc).orderBy('position').execute();
	const loaded = async (doc: string): Promise<Y.Doc> => {
		const { snapshot, updates } = await loadLive(house.hospital.reader, doc);
		return build(snapshot === null ? updates : [snapshot, ...updates]);
	};

	it('a load after it equals the load before, for random histories cut at random places, and equals the replay of all rows', async () => {
		for (let seed = 1; seed <= 12; seed++) {
			const random = seeded(seed);
			const doc = `note/n${seed}`;
			const rows = history(random, 60 + random.below(120), doc);
			const whole = build(rows.map(({ update }) => update));
			for (let at = 0; at < rows.length;) {
				const next = Math.min(rows.length, at + 1 + random.below(60));
				await house.hospital.writer.append(rows.slice(at, next));
				at = next;
				const before = await loaded(doc);
				const ownersBefore = await loadLive(house.hospital.reader, doc);
				if (random.chance(0.2)) {
					const { position } = ownersBefore;
					await house.hospital.writer.task('kernel.live-snapshot', { doc, position, owners: {}, data: Y.encodeStateAsUpdate(before) });
				}
				const done = await compactor.compact(doc);
				expect(done, `seed ${seed}`).not.toBeNull();
				expect(difference(before, await loaded(doc)), `seed ${seed}`).toBeNull();
				expect(done!.position).toBe(ownersBefore.position);
				const v2 = await loadLiveV2(house.hospital.reader, doc);
				expect(v2?.position).toBe(done!.position);
				expect(Buffer.from(v2!.v2).equals(Buffer.from(done!.v2))).toBe(true);
			}
			expect(difference(whole, await loaded(doc)), `seed ${seed}`).toBeNull();
			const { snapshotOwners, updates } = await loadLive(house.hospital.reader, doc);
			expect(updates).toEqual([]);
			const clients = [...Y.snapshot(whole).sv.keys()];
			for (const client of clients) expect(snapshotOwners[String(client)], `seed ${seed} client ${client}`).toMatch(/^u\d$/);
			expect(await rowsIn('live_log', doc)).toEqual([]);
			const archived = await rowsIn('live_archive', doc);
			expect(archived.map(({ user, session, device }) => `${user} ${session} ${device}`)).toEqual(
				rows.map(({ user, session, device }) => `${user} ${session} ${device}`)
			);
			expect(await compactor.compact(doc)).toBeNull();
		}
	}, 60_000);

	it('what is written while it merges stays in the log and is loaded after the snapshot', async () => {
		const rows = history(seeded(3), 80, 'note/a');
		await house.hospital.writer.append(rows.slice(0, 40));
		let late: Promise<unknown> = Promise.resolve();
		const slow = createCompactor({
			file: `${house.dataDir}/tongping.db`,
			commit: async (compaction) => {
				late = house.hospital.writer.append(rows.slice(40));
				await late;
				return (await house.hospital.writer.task('kernel.live-compact', compaction)) as never;
			},
			archive: async () => false
		});
		expect(await slow.compact('note/a')).not.toBeNull();
		await slow.close();
		expect((await rowsIn('live_log', 'note/a')).length).toBe(rows.length - 40);
		expect(difference(build(rows.map(({ update }) => update)), await loaded('note/a'))).toBeNull();
	});

	it('refuses a log that is not the one it merged, and leaves everything as it was', async () => {
		const rows = history(seeded(4), 40, 'note/a');
		await house.hospital.writer.append(rows);
		const commit = (change: object) => async (compaction: object) =>
			(await house.hospital.writer.task('kernel.live-compact', { ...compaction, ...change })) as never;
		for (const [change, reason] of [
			[{ hash: 'f'.repeat(64) }, 'chain'],
			[{ rows: rows.length - 1 }, 'rows'],
			[{ position: 99_999 }, 'chain']
		] as const) {
			const planted = createCompactor({ file: `${house.dataDir}/tongping.db`, commit: commit(change), archive: async () => false });
			await expect(planted.compact('note/a')).rejects.toThrow(reason);
			await planted.close();
		}
		expect((await rowsIn('live_log', 'note/a')).length).toBe(rows.length);
		expect(await rowsIn('live_archive', 'note/a')).toEqual([]);
		expect((await loadLive(house.hospital.reader, 'note/a')).snapshot).toBeNull();
	});

	it('many documents at once, each compacted once, one after the other', async () => {
		for (let i = 0; i < 5; i++) await house.hospital.writer.append(history(seeded(i), 20, `note/m${i}`));
		const done = await Promise.all([0, 1, 2, 3, 4, 0, 1].map((i) => compactor.compact(`note/m${i}`)));
		expect(done.map((result) => result !== null)).toEqual([true, true, true, true, true, false, false]);
	});

	it('the process that merges ends when it has nothing to do; when it is killed, one compaction is refused and no row is lost', async () => {
		const task = (name: string, input: unknown): Promise<unknown> => house.hospital.writer.task(name, input);
		const short = createCompactor({
			file: `${house.dataDir}/tongping.db`,
			commit: async (compaction) => (await task('kernel.live-compact', compaction)) as never,
			archive: async () => false,
			idleMs: 20
		});
		const rows = history(seeded(5), 60, 'note/a');
		await house.hospital.writer.append(rows.slice(0, 30));
		const killed = short.compact('note/a');
		await expect.poll(() => short.pid, { interval: 1 }).not.toBeNull();
		process.kill(short.pid!, 'SIGKILL');
		await expect(killed).rejects.toThrow('the process that merges ended');
		expect(await short.compact('note/a')).not.toBeNull();
		const last = short.pid!;
		await expect.poll(() => short.pid).toBeNull();
		await expect.poll(() => isAlive(last)).toBe(false);
		await house.hospital.writer.append(rows.slice(30));
		expect(await short.compact('note/a')).not.toBeNull();
		await short.close();
		expect(difference(build(rows.map(({ update }) => update)), await loaded('note/a'))).toBeNull();
	});
});

it('sees every kind of difference between two documents', () => {
	const base = new Y.Doc();
	base.getText('text').insert(0, 'abc');
	const update = Y.encodeStateAsUpdate(base);
	const copy = (change: (doc: Y.Doc) => void): Y.Doc => {
		const doc = build([update]);
		change(doc);
		return doc;
	};
	expect(
		difference(
			base,
			copy(() => undefined)
		)
	).toBeNull();
	expect(
		difference(
			base,
			copy((doc) => doc.getText('text').insert(0, 'x'))
		)
	).toBe('state-vector');
	expect(
		difference(
			base,
			copy((doc) => doc.getText('text').delete(0, 1))
		)
	).toBe('delete-set');
	const other = new Y.Doc();
	other.clientID = base.clientID;
	other.getText('text').insert(0, 'abd');
	expect(difference(base, other)).toBe('content');
	const gap = new Y.Doc();
	const updates: Uint8Array[] = [];
	base.on('update', (made: Uint8Array) => updates.push(made));
	base.getText('text').insert(0, '1');
	base.getText('text').insert(0, '2');
	Y.applyUpdate(gap, updates[1]!);
	expect(difference(gap, gap)).toBe('pending');
});
