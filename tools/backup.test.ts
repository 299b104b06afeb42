import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { loadLive, lockFolder, openReading, tables, testHospital, verifyStored, type TestHospital } from '@tongping/domain/kernel/server';
import { epochOf } from '@tongping/domain/operations/server';
import { registry } from '../domain/src/registry.ts';
import { backup, filesOf, manifestOf } from './backup.ts';
import { restore } from './restore.ts';

let house: TestHospital;
let folder: string;
beforeEach(async () => {
	process.env['TONGPING_DEMO_PASSWORD'] = 'one-screen-2026';
	process.env['TONGPING_LANG'] = 'en';
	house = await testHospital(registry);
	folder = mkdtempSync(join(tmpdir(), 'tongping-backup-'));
});
afterEach(async () => {
	await house.close();
	rmSync(folder, { recursive: true, force: true });
});

const doc = new Y.Doc();
function type(words: string): Promise<unknown> {
	const before = Y.encodeStateVector(doc);
	doc.getText('t').insert(doc.getText('t').length, words);
	return house.hospital.writer.append([{ doc: 'note/a', generation: 0, update: Y.encodeStateAsUpdate(doc, before), user: 'u', session: 's' }]);
}
const blob = (name: string, words: string): void => {
	mkdirSync(join(house.dataDir, 'blobs', 'ab'), { recursive: true });
	writeFileSync(join(house.dataDir, 'blobs', 'ab', name), words);
};

it('a backup taken while words come in is one moment of the file; restored, it holds, under the next epoch, with nobody signed in', async () => {
	blob('cd', 'picture');
	for (let i = 0; i < 20; i++) await type(`${String(i)} `);
	const file = join(folder, 'monday.db');
	const typing = (async () => {
		for (let i = 20; i < 60; i++) await type(`${String(i)} `);
	})();
	const manifest = await backup(house.dataDir, file);
	await typing;
	expect(manifest).toMatchObject({ epoch: 1, files: 1 });
	expect(manifest.liveRows).toBeGreaterThanOrEqual(20);
	expect(readdirSync(folder).toSorted()).toEqual(['monday.db', 'monday.db.files', 'monday.db.json']);

	const again = join(folder, 'again');
	expect(await restore(file, again)).toEqual({ epoch: 2, files: 1 });
	expect(readFileSync(join(again, 'blobs', 'ab', 'cd'), 'utf8')).toBe('picture');
	const { raw, handle } = openReading(join(again, 'tongping.db'));
	expect(verifyStored(raw).findings).toEqual([]);
	expect(await epochOf(handle)).toBe(2);
	const { updates } = await loadLive(handle, 'note/a');
	const read = new Y.Doc();
	for (const update of updates) Y.applyUpdate(read, update);
	expect(doc.getText('t').toJSON().startsWith(read.getText('t').toJSON())).toBe(true);
	expect(updates.length).toBe(manifest.liveRows);
	expect(await tables<{ session: { id: string } }>(handle).selectFrom('session').selectAll().execute()).toEqual([]);
	raw.close();

	// A second disaster: the backup of the restored house raises it once more.
	await backup(again, join(folder, 'tuesday.db'));
	expect(await restore(join(folder, 'tuesday.db'), join(folder, 'third'))).toMatchObject({ epoch: 3 });
});

it('refuses to overwrite, to restore over anything, into a folder in use, and what is not the file that was backed up', async () => {
	await type('words');
	const file = join(folder, 'b.db');
	await backup(house.dataDir, file);
	await expect(backup(house.dataDir, file)).rejects.toThrow('exists already');
	await expect(backup(join(folder, 'nowhere'), join(folder, 'c.db'))).rejects.toThrow('There is no');

	const taken = join(folder, 'taken');
	mkdirSync(taken);
	const release = lockFolder(taken);
	await expect(restore(file, taken)).rejects.toThrow('A server is using');
	release();
	writeFileSync(join(taken, 'notes.txt'), 'x');
	await expect(restore(file, taken)).rejects.toThrow('is not empty');
	expect(existsSync(join(taken, 'tongping.db'))).toBe(false);

	appendFileSync(file, 'x');
	await expect(restore(file, join(folder, 'd'))).rejects.toThrow('its digest differs');
	rmSync(manifestOf(file));
	await expect(restore(file, join(folder, 'd'))).rejects.toThrow('manifest is missing');
});

it('says which pictures are missing, and leaves no half restore that a server would open', async () => {
	blob('cd', 'picture');
	const file = join(folder, 'e.db');
	await backup(house.dataDir, file);
	rmSync(join(filesOf(file), 'blobs'), { recursive: true });
	await expect(restore(file, join(folder, 'f'))).rejects.toThrow('files are missing');
	expect(existsSync(join(folder, 'f', 'tongping.db'))).toBe(false);
});

it('finds a record that does not hold before it calls itself a backup', async () => {
	await type('words');
	const { default: Database } = await import('libsql');
	const raw = new Database(join(house.dataDir, 'tongping.db'));
	raw.prepare(`update live_log set user = 'somebody else'`).run([]);
	raw.close();
	const file = join(folder, 'g.db');
	await expect(backup(house.dataDir, file)).rejects.toThrow('do not hold');
	expect(existsSync(file)).toBe(false);
});
