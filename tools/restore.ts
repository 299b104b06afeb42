// `npm run restore -- <file> <folder>`: a verified backup into an empty folder, under a new epoch. Browsers that are ahead of it offer what
// it lacks; everybody signs in again. The old folder is left as it is.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderTaken, lockFolder, openWriting, WriteLoop } from '@tongping/domain/kernel/server';
import { registry } from '../domain/src/registry.ts';
import { BLOBS, Cannot, copyBlobs, digestOf, filesOf, inspect, manifestOf, MARKS, runCommand, type Manifest } from './backup.ts';
import { inWords } from './operator-language.ts';

function readManifest(file: string): Manifest {
	if (!existsSync(file)) throw new Cannot(`没有 ${file}。`, `There is no ${file}.`);
	if (!existsSync(manifestOf(file)))
		throw new Cannot(
			`没有 ${manifestOf(file)}：${file} 不是 npm run backup 做的，缺清单。`,
			`${file} was not made by npm run backup: its manifest is missing (${manifestOf(file)}).`
		);
	return JSON.parse(readFileSync(manifestOf(file), 'utf8')) as Manifest;
}

export async function restore(file: string, folder: string): Promise<{ readonly epoch: number; readonly files: number }> {
	const manifest = readManifest(file);
	if (existsSync(folder) && readdirSync(folder).length > 0) {
		try {
			lockFolder(folder)();
		} catch (error) {
			if (error instanceof FolderTaken)
				throw new Cannot(`服务正在使用 ${folder}，请恢复到空文件夹。`, `A server is using ${folder}; restore into an empty folder.`);
			throw error;
		}
		throw new Cannot(`${folder} 不是空文件夹，请恢复到空文件夹。`, `${folder} is not empty; restore into an empty folder.`);
	}
	if ((await digestOf(file)) !== manifest.sha256)
		throw new Cannot(`${file} 与备份时不同，摘要不符。`, `${file} is not the file that was backed up: its digest differs.`);
	await inspect(file);
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const release = lockFolder(folder);
	const target = join(folder, 'tongping.db');
	const building = `${target}.building`;
	try {
		await copyFile(file, building);
		const files = await copyBlobs(join(filesOf(file), BLOBS), join(folder, BLOBS));
		if (files < manifest.files)
			throw new Cannot(`${filesOf(file)} 里少了 ${manifest.files - files} 个文件。`, `${manifest.files - files} files are missing from ${filesOf(file)}.`);
		for (const mark of MARKS) if (existsSync(join(filesOf(file), mark))) await copyFile(join(filesOf(file), mark), join(folder, mark));
		const loop = new WriteLoop(openWriting(building), registry);
		const { answers } = await loop.run([
			// Sessions that ended after the backup would be good again.
			{ kind: 'task', name: 'identity-access.end-all', input: null },
			{ kind: 'task', name: 'operations.epoch.raise', input: { backup: manifest.sha256 } }
		]);
		const fault = answers.find((answer) => answer.kind === 'fault');
		loop.close();
		if (fault !== undefined) throw new Error(fault.message);
		const raised = answers[1];
		if (raised?.kind !== 'value') throw new Error('the epoch was not raised');
		// Only a whole restore ever has the name a server opens.
		renameSync(building, target);
		return { epoch: raised.value as number, files };
	} finally {
		for (const rest of ['', '-wal', '-shm']) rmSync(building + rest, { force: true });
		release();
	}
}

if (import.meta.main)
	await runCommand('npm run restore -- <file> <folder>', 2, async ([file = '', folder = '']) => {
		const { epoch, files } = await restore(file, folder);
		return inWords(
			`已恢复到 ${folder}：纪元 ${epoch}，文件 ${files}\n下一步：TONGPING_DATA=${folder} npm start`,
			`restored into ${folder}: epoch ${epoch}, files ${files}\nnext: TONGPING_DATA=${folder} npm start`
		);
	});
