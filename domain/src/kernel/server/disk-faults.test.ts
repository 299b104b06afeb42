import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openReading, openWriting, type Opened } from './database.ts';
import type { LiveLogTable } from './live-log.ts';
import { tables, task } from './module.ts';
import { testHospital, type TestHospital } from './test-hospital.ts';
import type { Trouble } from './troubles.ts';
import { verifyStored } from './verify.ts';
import { WriteLoop, type Work } from './write-loop.ts';
import { StorageFault } from './writer.ts';

let house: TestHospital | undefined;
let folder: string | undefined;
afterEach(async () => {
	await house?.close();
	house = undefined;
	if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
	folder = undefined;
});
const row = (text: string, bytes = 0) => ({
	doc: 'note/n',
	generation: 0,
	update: new TextEncoder().encode(text.padEnd(bytes, '.')),
	user: 'u',
	session: 's',
	device: 'd'
});
const textsIn = (file: string): string[] => {
	const { raw } = openReading(file);
	try {
		return (raw.prepare('select data from live_log order by position').all([]) as { data: Uint8Array }[]).map(({ data }) =>
			new TextDecoder().decode(new Uint8Array(data))
		);
	} finally {
		raw.close();
	}
};
const fault = (code: string): Error => Object.assign(new Error(`planted ${code}`), { code });

/**
 * A disk whose flush fails once, as Linux does it: the pages are dropped and called clean, so that every later flush says yes while what
 * was written before is gone. Between the real loop and the real file, whose first commit makes the tables.
 */
function forgetful(opened: Opened, failAt: number): Opened {
	let commits = 0;
	const commit = (run: () => void): void => {
		if (++commits === failAt) {
			opened.raw.exec('rollback');
			throw fault('SQLITE_IOERR_FSYNC');
		}
		run();
	};
	const raw = new Proxy(opened.raw, {
		get(target, name) {
			// Migrations commit by `exec`, the loop by a statement it keeps.
			if (name === 'exec')
				return (sql: string) => {
					const run = (): void => void target.exec(sql);
					if (sql === 'commit') commit(run);
					else run();
				};
			if (name === 'prepare')
				return (sql: string) => {
					const statement = target.prepare(sql);
					return sql === 'commit' ? { run: () => void commit(() => void statement.run([])) } : statement;
				};
			const value: unknown = Reflect.get(target, name);
			return typeof value === 'function' ? (value as (...given: unknown[]) => unknown).bind(target) : value;
		}
	});
	return { ...opened, raw };
}

describe('a flush that fails', () => {
	it('stops acknowledging at once and for good: the state, the sentence’s code and one alarm say so, and all that was acknowledged is there', async () => {
		const raised: Trouble[] = [];
		house = await testHospital([], { planted: (opened) => forgetful(opened, 4), onFault: (error) => raised.push(error as Trouble) });
		const { writer, troubles } = house.hospital;
		const acknowledged: string[] = [];
		const codes: string[] = [];
		for (let i = 0; i < 8; i++) {
			try {
				const [answer] = await writer.append([row(`row ${i}`)]);
				if (answer!.ok) acknowledged.push(`row ${i}`);
			} catch (error) {
				expect(error).toBeInstanceOf(StorageFault);
				codes.push((error as StorageFault).code);
			}
		}
		expect(acknowledged).toEqual(['row 0', 'row 1']);
		expect(codes).toEqual(Array.from({ length: 6 }, () => 'storage-fault'));
		await expect(writer.execute({ actor: { user: 'u' } as never, command: 'x', input: {} })).rejects.toMatchObject({ code: 'storage-fault' });
		expect(raised.map(({ kind }) => kind)).toEqual(['disk-broken']);
		expect(troubles.list()).toMatchObject([{ kind: 'disk-broken' }]);
		expect(writer.stats().storage).toBe('broken');
		expect(textsIn(join(house.dataDir, 'tongping.db'))).toEqual(acknowledged);
	});

	it('this test finds a server that flushes again as if nothing had happened', async () => {
		folder = mkdtempSync(join(tmpdir(), 'tongping-fsync-'));
		const file = join(folder, 'tongping.db');
		const opened = forgetful(openWriting(file), 4);
		const loop = new WriteLoop(opened, []);
		// The planted fault: a failed commit is tried once more as an empty one, and the yes of the second flush is believed.
		const naive = async (work: Work): Promise<boolean> => {
			const done = await new WriteLoop(opened, []).run([work]);
			if (done.answers[0]!.kind === 'appended') return true;
			opened.raw.exec('begin immediate');
			opened.raw.exec('commit');
			return true;
		};
		const acknowledged: string[] = [];
		for (let i = 0; i < 6; i++) if (await naive({ kind: 'append', entries: [row(`row ${i}`)] })) acknowledged.push(`row ${i}`);
		const there = new Set(textsIn(file));
		expect(acknowledged.filter((text) => !there.has(text))).toEqual(['row 2']);
		loop.close();
	});

	it('a loop that was closed writes nothing, though its statements would', async () => {
		folder = mkdtempSync(join(tmpdir(), 'tongping-closed-'));
		const file = join(folder, 'tongping.db');
		const loop = new WriteLoop(openWriting(file), []);
		expect((await loop.run([{ kind: 'append', entries: [row('in time')] }])).answers).toMatchObject([{ kind: 'appended' }]);
		loop.close();
		await expect(loop.run([{ kind: 'append', entries: [row('late')] }])).rejects.toThrow('closed');
		expect(textsIn(file)).toEqual(['in time']);
	});

	it('a work that fails for its own reasons breaks nothing, and a locked file is tried again', async () => {
		house = await testHospital([], { onFault: () => undefined });
		const { writer } = house.hospital;
		await expect(writer.task('nothing', {})).rejects.toThrow('no task');
		const other = openWriting(join(house.dataDir, 'tongping.db'));
		other.raw.exec('begin immediate');
		await expect(writer.append([row('locked out')])).rejects.toMatchObject({ code: 'storage' });
		other.raw.exec('rollback');
		other.raw.close();
		expect(await writer.append([row('again')])).toMatchObject([{ ok: true }]);
		expect(writer.stats().storage).toBe('open');
	});
});

describe('a disk that is nearly full', () => {
	it('takes no edits and no commands, and still records who reads and who signs in or out, until there is room', async () => {
		let free = Infinity;
		const raised: Trouble[] = [];
		house = await testHospital([{ id: 'test', tasks: [task({ name: 'test.any', run: async () => 'done' })] }], {
			free: () => free,
			onFault: (error) => raised.push(error as Trouble)
		});
		const { writer, reader, troubles } = house.hospital;
		const entry = { organization: 'o', user: 'u', session: 's', action: 'read', purpose: 'chart', patient: 'p', outcome: 'done', detail: {} };
		expect(await writer.append([row('before')])).toMatchObject([{ ok: true }]);
		free = 1 << 20;
		await new Promise((resolve) => setTimeout(resolve, 120));
		await expect(writer.append([row('after')])).rejects.toMatchObject({ code: 'storage-full' });
		await expect(writer.execute({ actor: { user: 'u' } as never, command: 'x', input: {} })).rejects.toMatchObject({ code: 'storage-full' });
		await expect(writer.task('test.any', {})).rejects.toMatchObject({ code: 'storage-full' });
		await writer.task('kernel.audit', entry);
		expect((await tables<{ audit: { action: string } }>(reader).selectFrom('audit').select('action').execute()).map(({ action }) => action)).toEqual(['read']);
		expect([raised.map(({ kind }) => kind), troubles.list().map(({ kind }) => kind)]).toEqual([['disk-full'], ['disk-full']]);
		// Between the two marks it stays as it is: no flicker.
		free = 12 << 20;
		await expect(writer.append([row('between')])).rejects.toMatchObject({ code: 'storage-full' });
		free = 20 << 20;
		expect(await writer.append([row('again')])).toMatchObject([{ ok: true }]);
		expect([troubles.list(), await writer.task('test.any', {})]).toEqual([[], 'done']);
		expect(textsIn(join(house.dataDir, 'tongping.db'))).toEqual(['before', 'again']);
	});
});

const strace = ((): boolean => {
	const tried = spawnSync('strace', ['-qq', '-e', 'trace=none', 'true']);
	return tried.status === 0;
})();
describe.skipIf(!strace)('EIO from the system’s own fsync (skipped where strace cannot be used)', () => {
	const run = (inject: readonly string[]): { readonly stored: boolean; readonly storage: string }[] => {
		folder = mkdtempSync(join(tmpdir(), 'tongping-eio-'));
		const args = [...inject, process.execPath, new URL('./disk-faults.child.ts', import.meta.url).pathname, folder, '40'];
		const { stdout, status, stderr } = spawnSync(args[0]!, args.slice(1), { encoding: 'utf8', timeout: 30_000 });
		expect(status, stderr).toBe(0);
		return stdout
			.trim()
			.split('\n')
			.map((line) => JSON.parse(line) as { stored: boolean; storage: string })
			.filter((line) => 'stored' in line);
	};

	it('is noticed, nothing is acknowledged afterwards, and a restart finds all that was', () => {
		// Only one flush fails: a server that went on would see every later one succeed.
		const said = run(['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync,fdatasync', '-e', 'inject=fsync,fdatasync:error=EIO:when=30']);
		const broke = said.findIndex(({ stored }) => !stored);
		expect(broke).toBeGreaterThan(0);
		expect(said.slice(broke).every(({ stored, storage }) => !stored && storage === 'broken')).toBe(true);
		const file = join(folder!, 'tongping.db');
		const there = textsIn(file);
		expect(there.slice(0, broke).map((text) => text.replace(/\.+$/u, ''))).toEqual(said.slice(0, broke).map((_line, i) => `row ${i} `));
		const { raw } = openWriting(file);
		expect(verifyStored(raw).findings).toEqual([]);
		raw.close();
	});
});

const disk = ((): string | null => {
	const at = mkdtempSync(join(tmpdir(), 'tongping-disk-'));
	const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', at]).status === 0;
	if (mounted) spawnSync('umount', [at]);
	rmSync(at, { recursive: true, force: true });
	return mounted ? at : null;
})();
describe.skipIf(disk === null)('a disk that is full (skipped where no small disk can be mounted)', () => {
	it('is read-only with an alarm, keeps no partial record, and goes on by itself when there is room', async () => {
		const at = mkdtempSync(join(tmpdir(), 'tongping-disk-'));
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', at]);
		try {
			const raised: Trouble[] = [];
			house = await testHospital([], { inside: at, onFault: (error) => raised.push(error as Trouble) });
			const { writer, troubles, reader } = house.hospital;
			const stored: string[] = [];
			const tryOne = async (text: string, bytes: number): Promise<string> => {
				try {
					await writer.append([row(text, bytes), row(`${text}b`, bytes)]);
					stored.push(text, `${text}b`);
					return 'stored';
				} catch (error) {
					return (error as StorageFault).code;
				}
			};
			expect(await tryOne('first', 1000)).toBe('stored');
			const filler = join(at, 'filler');
			spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k']);
			const said: string[] = [];
			for (let i = 0; i < 12; i++) said.push(await tryOne(`full ${i}`, 300_000));
			expect(said.slice(-10)).toEqual(Array.from({ length: 10 }, () => 'storage-full'));
			expect(raised.map(({ kind }) => kind)).toEqual(['disk-full']);
			// Reading goes on.
			expect((await tables<{ live_log: LiveLogTable }>(reader).selectFrom('live_log').select('position').execute()).length).toBe(stored.length);
			// A little room is not enough: it would be full again with the next words.
			writeFileSync(filler, new Uint8Array(36 * 1024 * 1024));
			expect(await tryOne('too early', 10)).toBe('storage-full');
			rmSync(filler);
			for (let waited = 0; waited < 6000 && troubles.list().length > 0; waited += 50) await new Promise((resolve) => setTimeout(resolve, 50));
			expect(troubles.list()).toEqual([]);
			expect(await tryOne('after', 300_000)).toBe('stored');
			const { raw } = openWriting(join(house.dataDir, 'tongping.db'));
			expect(verifyStored(raw).findings).toEqual([]);
			raw.close();
			expect(textsIn(join(house.dataDir, 'tongping.db')).map((text) => text.replace(/\.+$/u, ''))).toEqual(stored);
		} finally {
			await house?.close();
			house = undefined;
			execFileSync('umount', ['-l', at]);
			rmSync(at, { recursive: true, force: true });
		}
	});
});
