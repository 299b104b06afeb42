import { accessSync, constants, mkdirSync } from 'node:fs';
import { FolderTaken, NewerData, openHospital, type Hospital } from '@tongping/domain/kernel/server';
import { holdDemoPassword, hospitalHeld } from '@tongping/domain/identity-access/server';
import { registry } from '../../domain/src/registry.ts';
import { demoPassword, keepDemoPassword } from './demo-password.ts';
import { log } from './log.ts';
import type { Settings } from './settings.ts';

/** The last words of a server that cannot start: one sentence with its mend. */
export function stop(sentence: string): never {
	console.error(`\n${sentence}\n`);
	process.exit(1);
}

/** Opens the data folder, or says in one sentence why it cannot be opened and what to do. */
export async function openData({ dataDir, demo }: Settings, onFault: (error: unknown) => void): Promise<Hospital> {
	try {
		mkdirSync(dataDir, { recursive: true });
		accessSync(dataDir, constants.W_OK);
	} catch (error) {
		stop(
			`The data folder ${dataDir} cannot be written (${(error as NodeJS.ErrnoException).code}). Give the server's user write access, or set TONGPING_DATA to another folder. / 数据目录不可写。`
		);
	}
	const password = demo ? demoPassword(dataDir, process.env['TONGPING_DEMO_PASSWORD']) : null;
	if (password !== null) process.env['TONGPING_DEMO_PASSWORD'] = password;
	try {
		const opened = await openHospital({ dataDir, registry, demo, writerEntry: new URL('./writer.ts', import.meta.url), onFault });
		const held = await hospitalHeld();
		// Known passwords in a real hospital, or a real hospital taken for a demonstration: both end before anybody is answered.
		if (demo ? held !== 'demo' : held === 'demo') {
			await opened.close();
			stop(
				demo
					? `The data folder ${dataDir} holds a hospital of its own, not the demo. Start it with TONGPING_DEMO=off, or set TONGPING_DATA to another folder. / 数据目录里是正式医院，请用 TONGPING_DEMO=off 启动或换一个目录。`
					: `The data folder ${dataDir} holds the demo hospital with its known accounts. Set TONGPING_DATA to another folder, or leave out TONGPING_DEMO=off. / 数据目录里是演示医院，请换一个目录，或不设 TONGPING_DEMO=off。`
			);
		}
		if (password !== null) {
			await holdDemoPassword(password);
			keepDemoPassword(dataDir, password);
		}
		return opened;
	} catch (error) {
		if (error instanceof FolderTaken)
			stop(`Another Tongping server is already using ${dataDir}. Stop it, or set TONGPING_DATA to another folder. / 另一个服务正在使用这个数据目录。`);
		const { name, message } = error as Error;
		if (name === NewerData.name)
			stop(
				`The data folder ${dataDir} was written by a newer version of Tongping. Start that version, or set TONGPING_DATA to another folder. / 数据目录由更新的版本写入。`
			);
		if (/SQLITE_(FULL|IOERR|READONLY|CANTOPEN)|disk is full|readonly|unable to open/iu.test(message))
			stop(`The data folder ${dataDir} cannot be written: ${message.split('\n')[0]}. Free some space or give write access. / 数据目录无法写入。`);
		if (/SQLITE_(NOTADB|CORRUPT)|not a database|malformed/iu.test(message))
			stop(
				`${dataDir}/tongping.db cannot be read as a database (${message.split('\n')[0]}). Nothing was changed. Restore the last backup into another folder with npm run restore. / 数据库文件无法读取，请把最近的备份恢复到另一个目录。`
			);
		log.fatal({ error }, 'the data folder could not be opened');
		process.exit(1);
	}
}
