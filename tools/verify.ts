// `npm run verify`: reads every row of the audit and of all live documents, archived ones too, against their hashes, the anchors in the
// audit and what is kept outside. Beside a running server it only reads. Ends with 1 when something does not hold.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { FolderTaken, lockFolder, openReading, readHeads, verifyStored, type AuditHead, type Finding } from '@tongping/domain/kernel/server';
import { BadSetting, readSettings } from '../web/server/settings.ts';
import { inWords, settingInWords } from './operator-language.ts';

const usage = (): string =>
	inWords(
		`npm run verify [-- --json] [--stamps <文件夹>]
  TONGPING_DATA         数据文件夹
  TONGPING_ANCHOR_DIR   外部留存的文件夹，如果有
  TONGPING_LANG         zh 或 en，不设则按系统语言，默认中文
  --stamps <文件夹>      另把每个时间戳写到那里，供 openssl ts -verify 使用`,
		`npm run verify [-- --json] [--stamps <folder>]
  TONGPING_DATA         the data folder
  TONGPING_ANCHOR_DIR   the folder of the copy outside, if there is one
  TONGPING_LANG         zh or en; the language of the system if unset, Chinese unless that is English
  --stamps <folder>     also writes each stored time-stamp there, for openssl ts -verify`
	);

const WHAT: Readonly<Record<Finding['kind'], readonly [zh: string, en: string]>> = {
	changed: ['内容被改动', 'changed'],
	broken: ['与前一行不衔接', 'does not follow'],
	gap: ['缺行', 'rows missing'],
	end: ['末尾不符', 'end does not fit'],
	anchor: ['与审计锚点不符', 'not what the audit vouches for'],
	outside: ['与外部留存不符', 'not what is kept outside'],
	rights: ['权限或封存与审计不符', 'rights or seal are not what the audit says'],
	snapshot: ['快照与记录不符', 'snapshot differs'],
	form: ['格式不符', 'form does not fit']
};

function stop(sentence: string): never {
	console.error(sentence);
	process.exit(2);
}

async function verify(): Promise<number> {
	const { values } = parseArgs({ options: { json: { type: 'boolean' }, stamps: { type: 'string' }, help: { type: 'boolean' } } });
	if (values.help) stop(usage());
	const settings = readSettings(process.env, fileURLToPath(new URL('..', import.meta.url)));
	const file = join(settings.dataDir, 'tongping.db');
	if (statSync(file, { throwIfNoEntry: false }) === undefined) stop(inWords(`没有 ${file}，请设置 TONGPING_DATA。`, `There is no ${file}; set TONGPING_DATA.`));
	let release = (): void => undefined;
	let beside = false;
	try {
		release = lockFolder(settings.dataDir);
	} catch (error) {
		if (!(error instanceof FolderTaken)) throw error;
		beside = true;
	}
	let outside: readonly AuditHead[] = [];
	if (settings.outside.dir !== null) {
		try {
			outside = await readHeads(settings.outside.dir);
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			stop(inWords(`${settings.outside.dir} 里的外部留存读不到（${code}）。`, `The copy in ${settings.outside.dir} cannot be read (${code}).`));
		}
	}
	const { raw } = openReading(file);
	try {
		const verified = verifyStored(raw, outside);
		if (values.stamps !== undefined)
			writeStamps(raw.prepare('select position, hash, response from audit_stamp order by position').all([]) as Stamp[], values.stamps);
		if (values.json) console.log(JSON.stringify({ beside, ...verified }));
		else {
			for (const { kind, where, position, detail, chinese } of verified.findings)
				console.log(`${where} ${position ?? ''}\t${inWords(`${WHAT[kind][0]}：${chinese}`, `${WHAT[kind][1]}: ${detail}`)}`);
			const { auditRows, liveRows, documents, anchors, stamps, findings } = verified;
			console.log(
				inWords(
					`${findings.length === 0 ? '全部相符' : `${findings.length} 处不符`}：审计 ${auditRows}，文档 ${documents}，更新 ${liveRows}，锚点 ${anchors}，外部留存 ${outside.length}，时间戳 ${stamps}${beside ? '（服务运行中）' : ''}`,
					`${findings.length === 0 ? 'all of it holds' : `${findings.length} do not hold`}: audit ${auditRows}, documents ${documents}, updates ${liveRows}, anchors ${anchors}, outside ${outside.length}, time-stamps ${stamps}${beside ? ' (beside a running server)' : ''}`
				)
			);
		}
		return verified.findings.length === 0 ? 0 : 1;
	} finally {
		raw.close();
		release();
	}
}

interface Stamp {
	readonly position: number;
	readonly hash: string;
	readonly response: Uint8Array;
}
function writeStamps(stamps: readonly Stamp[], folder: string): void {
	mkdirSync(folder, { recursive: true });
	for (const { position, hash, response } of stamps) {
		writeFileSync(join(folder, `${position}.tsr`), new Uint8Array(response));
		console.log(`openssl ts -verify -digest ${hash} -in ${join(folder, `${position}.tsr`)} -CAfile <ca.pem>`);
	}
}

try {
	process.exitCode = await verify();
} catch (error) {
	if (error instanceof BadSetting) stop(settingInWords(error.message));
	throw error;
}
