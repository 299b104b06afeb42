// `npm run backup -- <file>`: the database as it stands at one moment, taken beside the running server, read back and verified before
// the command says it is done; pictures and attachments go to the folder `<file>.files`, only those that are not there yet.
import { createHash } from 'node:crypto';
import { chmodSync, createReadStream, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Database from 'libsql';
import { openReading, verifyStored } from '@tongping/domain/kernel/server';
import { epochOf } from '@tongping/domain/operations/server';
import { BadSetting, readSettings } from '../web/server/settings.ts';
import { inWords, settingInWords } from './operator-language.ts';

/** Why a backup or a restore cannot go on, with the way out. */
export class Cannot extends Error {
	constructor(zh: string, en: string) {
		super(inWords(zh, en));
	}
}

export interface Manifest {
	readonly version: 1;
	readonly at: number;
	readonly sha256: string;
	readonly epoch: number;
	readonly auditRows: number;
	readonly liveRows: number;
	readonly documents: number;
	readonly files: number;
}
export const manifestOf = (file: string): string => `${file}.json`;
export const filesOf = (file: string): string => `${file}.files`;
export const BLOBS = 'blobs';
/** Of a demo hospital: which pictures it has got, and the password of its accounts. */
export const MARKS = ['demo-studies', 'demo-password'] as const;

export async function digestOf(file: string): Promise<string> {
	const hash = createHash('sha256');
	for await (const part of createReadStream(file)) hash.update(part as Buffer);
	return hash.digest('hex');
}

/** Throws with what does not hold: a backup nobody can restore is found now, not on the day it is needed. */
export async function inspect(file: string): Promise<Omit<Manifest, 'version' | 'at' | 'sha256' | 'files'>> {
	const { raw, handle } = openReading(file);
	try {
		const verdict = Object.values(raw.prepare('pragma integrity_check').get([]) as Record<string, unknown>)[0];
		if (verdict !== 'ok') throw new Cannot(`${file} 已损坏：${String(verdict).slice(0, 200)}`, `${file} is damaged: ${String(verdict).slice(0, 200)}`);
		const { auditRows, liveRows, documents, findings } = verifyStored(raw);
		if (findings.length > 0)
			throw new Cannot(
				`${file} 里有 ${findings.length} 处记录不符，第一处在 ${findings[0]!.where}：${findings[0]!.chinese}。npm run verify 列出全部。`,
				`${findings.length} records of ${file} do not hold, the first in ${findings[0]!.where}: ${findings[0]!.detail}. npm run verify lists them.`
			);
		return { epoch: await epochOf(handle), auditRows, liveRows, documents };
	} finally {
		raw.close();
	}
}

/** Files are named by their content: one that is there is the same one. */
export async function copyBlobs(from: string, to: string): Promise<number> {
	if (!existsSync(from)) return 0;
	let count = 0;
	for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
		if (!entry.isFile()) continue;
		const source = join(entry.parentPath, entry.name);
		const target = join(to, source.slice(from.length));
		count++;
		if (existsSync(target)) continue;
		await mkdir(dirname(target), { recursive: true, mode: 0o700 });
		// Half a picture under a whole name would never be mended.
		await copyFile(source, `${target}.part`);
		renameSync(`${target}.part`, target);
	}
	return count;
}

export async function backup(dataDir: string, file: string): Promise<Manifest> {
	const source = join(dataDir, 'tongping.db');
	if (!existsSync(source)) throw new Cannot(`没有 ${source}，请设置 TONGPING_DATA。`, `There is no ${source}; set TONGPING_DATA.`);
	if (existsSync(file) || existsSync(manifestOf(file))) throw new Cannot(`${file} 已存在，请换一个名字。`, `${file} exists already; choose another name.`);
	await mkdir(dirname(file), { recursive: true });
	const part = `${file}.part`;
	rmSync(part, { force: true });
	const at = Date.now();
	// The server goes on writing: this reads one state of the file and keeps none of its locks for writers.
	const raw = new Database(source, { readonly: true });
	try {
		raw.prepare('vacuum into ?').run([part]);
	} finally {
		raw.close();
	}
	try {
		chmodSync(part, 0o600);
		const inspected = await inspect(part);
		// After the database, so that every picture it names is there.
		const files = await copyBlobs(join(dataDir, BLOBS), join(filesOf(file), BLOBS));
		for (const mark of MARKS)
			if (existsSync(join(dataDir, mark))) {
				await mkdir(filesOf(file), { recursive: true, mode: 0o700 });
				await copyFile(join(dataDir, mark), join(filesOf(file), mark));
			}
		const manifest: Manifest = { version: 1, at, sha256: await digestOf(part), ...inspected, files };
		writeFileSync(manifestOf(file), `${JSON.stringify(manifest, null, '\t')}\n`, { mode: 0o600 });
		renameSync(part, file);
		return manifest;
	} finally {
		for (const rest of ['', '-wal', '-shm']) rmSync(part + rest, { force: true });
	}
}

/** Runs a command line and says in one sentence why it did not. */
export async function runCommand(usage: string, arguments_: number, run: (positionals: readonly string[]) => Promise<string>): Promise<void> {
	const { positionals } = parseArgs({ allowPositionals: true });
	try {
		if (positionals.length !== arguments_) throw new Cannot(usage, usage);
		console.log(await run(positionals));
	} catch (error) {
		if (!(error instanceof Cannot || error instanceof BadSetting)) throw error;
		console.error(error instanceof BadSetting ? settingInWords(error.message) : error.message);
		process.exitCode = 1;
	}
}

if (import.meta.main)
	await runCommand('npm run backup -- <file>', 1, async ([file = '']) => {
		const { dataDir } = readSettings(process.env, fileURLToPath(new URL('..', import.meta.url)));
		const { auditRows, liveRows, files, sha256 } = await backup(dataDir, file);
		return inWords(
			`已备份并核对：${file}\n审计 ${auditRows}，更新 ${liveRows}，文件 ${files}，sha256 ${sha256}`,
			`backed up and verified: ${file}\naudit ${auditRows}, updates ${liveRows}, files ${files}, sha256 ${sha256}`
		);
	});
