import { afterEach, describe, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { KeptEdits, mergedInLevels, type Unkept } from './kept-edits.ts';
import { Ledger } from './ledger.ts';
import { MemoryStore } from './memory-store.ts';
import { openPage } from './open-pages.ts';
import { importVaultKey, Vault, type VaultKey, type VaultRecord } from './vault.ts';

const key = (byte: number): Promise<VaultKey> => importVaultKey(btoa(String.fromCharCode(...new Uint8Array(32).fill(byte))));
const soon = (ms = 20): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** A device whose disk can be full. */
class Disk extends MemoryStore {
	full = false;
	override async put(record: VaultRecord): Promise<void> {
		if (this.full) throw new DOMException('full', 'QuotaExceededError');
		await super.put(record);
	}
	override async replace(record: VaultRecord, ids: readonly string[]): Promise<void> {
		if (this.full) throw new DOMException('full', 'QuotaExceededError');
		await super.replace(record, ids);
	}
}

function typing(disk: Disk, tab: string) {
	const vault = new Vault(disk, 'lichen', () => key(1), tab);
	const ledger = new Ledger();
	const said: Unkept[] = [];
	const kept = new KeptEdits(
		vault,
		'note/1',
		() => ledger.waiting,
		(why) => said.push(why)
	);
	const doc = new Y.Doc();
	let n = 0;
	doc.on('update', (update: Uint8Array) => {
		const id = `${tab}-${String(n++)}`;
		ledger.edited({ key: id, update });
		kept.keep(id, update);
	});
	const type = (words: string): void => {
		for (const letter of words) doc.getText('text').insert(doc.getText('text').length, letter);
	};
	return { vault, ledger, kept, said, doc, type };
}
async function wordsOf(disk: Disk): Promise<{ readonly words: string; readonly rows: number }> {
	const { entries } = await new Vault(disk, 'lichen', () => key(1)).entries('note/1');
	const doc = new Y.Doc();
	for (const { data } of entries) Y.applyUpdate(doc, data);
	expect(doc.store.pendingStructs).toBe(null);
	return { words: doc.getText('text').toString(), rows: entries.length };
}
afterEach(() => {
	vi.restoreAllMocks();
});

describe('what is kept on the device', () => {
	test('is at the disk before the key press ends, and takes few rows however long the night', async () => {
		const disk = new Disk();
		const { vault, type, ledger, kept } = typing(disk, 'a');
		await vault.open();
		type('字');
		expect(disk.records.size).toBe(1);
		type('晨'.repeat(999));
		for (const end = Date.now() + 10_000; disk.records.size > 201 && Date.now() < end;) await soon(50);
		expect(disk.records.size).toBeLessThan(202);
		expect((await wordsOf(disk)).words).toBe(`字${'晨'.repeat(999)}`);
		expect(await disk.count('lichen')).toBe(1000);
		// Confirmed one after the other: the merged row stays as long as one of its edits waits.
		ledger.sent('diff');
		const { safe } = ledger.acked(1);
		await kept.forget(safe.slice(0, 999).map((edit) => edit.key));
		expect(disk.records.size).toBe(1);
		await kept.forget(safe.map((edit) => edit.key));
		expect(disk.records.size).toBe(0);
	});

	test('a full disk is said once, typing goes on, and when there is room everything is stored without a hole', async () => {
		vi.spyOn(console, 'error').mockImplementation(() => undefined);
		const disk = new Disk();
		const { vault, type, kept, said } = typing(disk, 'a');
		await vault.open();
		type('写在前面');
		await soon();
		disk.full = true;
		type('磁盘已满');
		await soon();
		expect(said).toEqual(['full']);
		expect(kept.unkept).toBe(4);
		disk.full = false;
		type('之后');
		await kept.retry();
		expect([said, kept.unkept]).toEqual([['full', null], 0]);
		expect(await wordsOf(disk)).toEqual({ words: '写在前面磁盘已满之后', rows: 1 });
		kept.close();
	});

	test('two pages of one person keep their own; what a closed one leaves goes to the other, and a clock set back a day changes no order', async () => {
		const disk = new Disk();
		const [a, b] = [typing(disk, 'page-a'), typing(disk, 'page-b')];
		const pages = [openPage('page-a'), openPage('page-b')];
		await Promise.all([a.vault.open(), b.vault.open(), soon()]);
		expect(a.doc.clientID).not.toBe(b.doc.clientID);
		a.type('甲');
		const back = vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 86_400_000);
		a.type('乙');
		back.mockRestore();
		b.type('丙');
		await soon();
		const seen = await b.vault.entries('note/1', await pages[1]!.alive());
		expect([seen.entries.map(({ key: id }) => id), await b.vault.isOrphaned('note/1', await pages[1]!.alive())]).toEqual([['page-b-0'], false]);
		expect([...(await pages[1]!.alive())].sort()).toEqual(['page-a', 'page-b']);
		pages[0]!.release();
		// A page that comes and goes between two looks is found too: the look asks what lies there, not who was seen.
		const looked = new Promise<void>((resolve) => {
			pages[1]!.watch(resolve);
		});
		const brief = openPage('page-c');
		const c = typing(disk, 'page-c');
		await c.vault.open();
		c.type('丁');
		await soon();
		brief.release();
		await looked;
		expect(await b.vault.isOrphaned('note/1', await pages[1]!.alive())).toBe(true);
		const { entries } = await b.vault.entries('note/1', await pages[1]!.alive());
		expect(entries.map(({ key: id }) => id).filter((id) => id.startsWith('page-a'))).toEqual(['page-a-0', 'page-a-1']);
		expect(entries.map(({ key: id }) => id)).toContain('page-c-0');
		expect(entries.length).toBe(4);
		expect(await b.vault.isOrphaned('note/1', await pages[1]!.alive())).toBe(false);
		expect([...disk.records.values()].every(({ tab }) => tab === 'page-b')).toBe(true);
		pages[1]!.release();
	});

	test('quickly sealed words open for their author and their place only, and no bytes repeat', async () => {
		const disk = new Disk();
		const mine = new Vault(disk, 'lichen', () => key(1));
		await mine.open();
		const words = new TextEncoder().encode('机密: HIV 阳性');
		for (const id of ['r1', 'r2']) await mine.keep('note/1', id, 'edit', words);
		const [first, second] = [...disk.records.values()];
		expect([first!.from, second!.from]).not.toContain(null);
		expect(first!.data).not.toEqual(second!.data);
		expect(new TextDecoder().decode(first!.data)).not.toContain('HIV');
		expect((await mine.entries('note/1')).entries.map(({ data }) => new TextDecoder().decode(data))).toEqual(['机密: HIV 阳性', '机密: HIV 阳性']);
		const other = new Vault(disk, 'lichen', () => key(2));
		expect(await other.isOrphaned('note/1', new Set())).toBe(true);
		expect((await other.entries('note/1')).unreadable).toBe(2);
		// What does not open is not asked for again and again.
		expect(await other.isOrphaned('note/1', new Set())).toBe(false);
		const flipped = first!.data.slice();
		flipped[flipped.length - 1]! ^= 1;
		disk.records.set('r1', { ...first!, data: flipped });
		disk.records.set('r2', { ...second!, doc: 'note/2' });
		expect([(await mine.entries('note/1')).unreadable, (await mine.entries('note/2')).unreadable]).toEqual([1, 1]);
		// Beyond the stream at hand it is sealed whole.
		await mine.keep('note/3', 'r3', 'edit', new Uint8Array(100_000).fill(7));
		expect(disk.records.get('r3')!.from).toBe(null);
		expect((await mine.entries('note/3')).entries[0]!.data).toEqual(new Uint8Array(100_000).fill(7));
	});
});

test('merging in levels says what the rows said', () => {
	const doc = new Y.Doc();
	const updates: Uint8Array[] = [];
	doc.on('update', (update: Uint8Array) => updates.push(update));
	for (let i = 0; i < 3000; i++) doc.getText('text').insert(i % 7, String(i));
	const there = new Y.Doc();
	Y.applyUpdate(there, mergedInLevels(updates));
	expect(there.getText('text').toString()).toBe(doc.getText('text').toString());
});
