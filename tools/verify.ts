// `npm run verify`: reads every row of the audit and of all live documents, archived ones too, against their hashes, the anchors in the
// audit and what is kept outside. Beside a running server it only reads. Ends with 1 when something does not hold.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { FolderTaken, lockFolder, openReading, readHeads, verifyStored, type AuditHead, type Finding } from '@tongping/domain/kernel/server';
import { BadSetting, readSettings } from '../web/server/settings.ts';

const usage = `npm run verify [-- --json] [--stamps <folder>]
  TONGPING_DATA         the data folder
  TONGPING_ANCHOR_DIR   the folder of the copy outside, if there is one
  --stamps <folder>     also writes each stored time-stamp there, for openssl ts -verify`;

const WHAT: Readonly<Record<Finding['kind'], string>> = {
	changed: '内容被改动 changed',
	broken: '与前一行不衔接 does not follow',
	gap: '缺行 rows missing',
	end: '末尾不符 end does not fit',
	anchor: '与审计锚点不符 not what the audit vouches for',
	outside: '与外部留存不符 not what is kept outside',
	snapshot: '快照与记录不符 snapshot differs',
	form: '格式不符 cannot be read'
};

function stop(sentence: string): never {
	console.error(sentence);
	process.exit(2);
}

async function verify(): Promise<number> {
	const { values } = parseArgs({ options: { json: { type: 'boolean' }, stamps: { type: 'string' }, help: { type: 'boolean' } } });
	if (values.help) stop(usage);
	const settings = readSettings(process.env, fileURLToPath(new URL('..', import.meta.url)));
	const file = join(settings.dataDir, 'tongping.db');
	if (statSync(file, { throwIfNoEntry: false }) === undefined) stop(`没有 ${file}。 There is no ${file}; set TONGPING_DATA.`);
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
			stop(`外部留存读不到 The copy in ${settings.outside.dir} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
		}
	}
	const { raw } = openReading(file);
	try {
		const verified = verifyStored(raw, outside);
		if (values.stamps !== undefined)
			writeStamps(raw.prepare('select position, hash, response from audit_stamp order by position').all([]) as Stamp[], values.stamps);
		if (values.json) console.log(JSON.stringify({ beside, ...verified }));
		else {
			for (const { kind, where, position, detail } of verified.findings) console.log(`${where} ${position ?? ''}\t${WHAT[kind]}: ${detail}`);
			const { auditRows, liveRows, documents, anchors, stamps, findings } = verified;
			console.log(
				`${findings.length === 0 ? '全部相符 all of it holds' : `${findings.length} 处不符 do not hold`}: 审计 audit ${auditRows}, 文档 documents ${documents}, 更新 updates ${liveRows}, 锚点 anchors ${anchors}, 外部 outside ${outside.length}, 时间戳 time-stamps ${stamps}${beside ? ' (服务运行中 beside a running server)' : ''}`
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
	if (error instanceof BadSetting) stop(error.message);
	throw error;
}
