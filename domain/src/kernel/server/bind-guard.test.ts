import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { guarded } from './bind-guard.ts';
import { openReading, openWriting, type Opened } from './database.ts';

let folder: string;
let writing: Opened;
let reading: Opened;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'tongping-statements-'));
	writing = openWriting(join(folder, 'app.db'));
	writing.raw.exec('create table bed (id text primary key, data blob)');
	reading = openReading(join(folder, 'app.db'));
});
afterEach(() => {
	reading.raw.close();
	writing.raw.close();
	rmSync(folder, { recursive: true, force: true });
});

it('prepares a statement once for a connection', () => {
	const prepared: string[] = [];
	const { raw } = writing;
	const watched = new Proxy(raw, {
		get: (target, name) =>
			name === 'prepare'
				? (sql: string) => {
						prepared.push(sql);
						return target.prepare(sql);
					}
				: (target[name as keyof typeof target] as unknown)
	});
	const connection = guarded(watched);
	for (let i = 0; i < 5; i++) connection.prepare('insert into bed (id) values (?)').run([`b${i}`]);
	expect(connection.prepare('select id from bed order by id').all([])).toHaveLength(5);
	expect(prepared).toEqual(['insert into bed (id) values (?)', 'select id from bed order by id']);
	for (let i = 0; i < 300; i++) connection.prepare(`select ${i} as n`);
	expect(connection.prepare('select id from bed order by id').all([])).toHaveLength(5);
	expect(prepared.filter((sql) => sql.includes('order by'))).toHaveLength(2);
});

it('a statement kept ready sees every commit and every change of its tables, outlives its own refusals, and holds no old state of the file', () => {
	const write = guarded(writing.raw);
	const read = guarded(reading.raw);
	const all = () => read.prepare('select * from bed order by id').all([]);
	const insert = (...values: readonly unknown[]) => write.prepare('insert into bed (id, data) values (?, ?)').run(values);
	insert('a', null);
	expect(all()).toEqual([{ id: 'a', data: null }]);
	expect(() => insert('a', null)).toThrow(/UNIQUE/u);
	insert('b', new Uint8Array(100_000));
	insert('c', new Uint8Array([1]));
	for (let i = 0; i < 197; i++) insert(`d${i}`, null);
	expect(all()).toHaveLength(200);
	expect((all()[1] as { data: Uint8Array }).data.byteLength).toBe(100_000);
	writing.raw.exec('alter table bed add column ward text');
	expect(all()[0]).toEqual({ id: 'a', data: null, ward: null });
	// A statement that was not read to its end would keep the log from being brought home.
	expect(writing.raw.prepare('pragma wal_checkpoint(truncate)').get([])).toMatchObject({ busy: 0, log: 0 });
});

it('who asks for one row gets at most one, and keeps no place in the log', () => {
	const write = guarded(writing.raw);
	for (const id of ['a', 'b', 'c']) write.prepare('insert into bed (id) values (?)').run([id]);
	const one = guarded(reading.raw).prepare('select id from bed where id > ? order by id limit 1');
	expect(one.all(['a'])).toEqual([{ id: 'b' }]);
	write.prepare('delete from bed where id = ?').run(['b']);
	expect(writing.raw.prepare('pragma wal_checkpoint(truncate)').get([])).toMatchObject({ busy: 0, log: 0 });
	expect(one.all(['a'])).toEqual([{ id: 'c' }]);
	expect(one.all(['c'])).toEqual([]);
});
