import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the write loop asked of the disk, in order. `ack`: from here on somebody was told that batch `batch` is stored. */
export type DiskEvent =
	| { readonly kind: 'write'; readonly file: string; readonly offset: number; readonly data: Buffer }
	| { readonly kind: 'truncate'; readonly file: string; readonly size: number }
	| { readonly kind: 'sync'; readonly file: string }
	| { readonly kind: 'ack'; readonly batch: number };

export const tracerAvailable = (): boolean => spawnSync('strace', ['-V']).status === 0;

const unhex = (text: string): Buffer => Buffer.from(text.replaceAll('\\x', ''), 'hex');
const CALL = /^(\d+) +(?:(pwrite64|write|fsync|fdatasync|ftruncate)\((.*)|<\.\.\. (\w+) resumed>(.*))$/u;
const FD = /^\d+<((?:\\x[0-9a-f]{2})*)>/u;

/** Runs the workload under strace and returns what reached the kernel. */
export function traced(mode: 'FULL' | 'NORMAL' | 'OFF', batches: number): DiskEvent[] {
	const folder = mkdtempSync(join(tmpdir(), 'tongping-power-'));
	try {
		const paths = ['tongping.db', 'tongping.db-wal', 'acks'].flatMap((name) => ['-P', join(folder, name)]);
		const workload = new URL('./power-cut-workload.ts', import.meta.url).pathname;
		const log = join(folder, 'trace');
		const run = spawnSync(
			'strace',
			[
				'-f',
				'-o',
				log,
				'-y',
				'-xx',
				'-s',
				'65536',
				'-e',
				'trace=pwrite64,write,fsync,fdatasync,ftruncate',
				...paths,
				process.execPath,
				workload,
				folder,
				mode,
				String(batches)
			],
			{ encoding: 'utf8' }
		);
		if (run.signal !== 'SIGKILL' && run.status !== 137) throw new Error(`the workload ended early: ${run.stderr.slice(-2000)}`);
		return parse(readFileSync(log, 'latin1'), folder);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

export function parse(log: string, folder: string): DiskEvent[] {
	const events: DiskEvent[] = [];
	const begun = new Map<string, string>();
	for (const line of log.split('\n')) {
		const [, pid = '', call, head, resumed, tail = ''] = CALL.exec(line) ?? [];
		if (call !== undefined && head!.endsWith('<unfinished ...>')) {
			begun.set(`${pid} ${call}`, head!.slice(0, -'<unfinished ...>'.length));
			continue;
		}
		const name = call ?? resumed;
		if (name === undefined) continue;
		const args = call === undefined ? (begun.get(`${pid} ${name}`) ?? '') + tail : head!;
		const event = eventOf(name, args, folder);
		if (event !== null) events.push(event);
	}
	return events;
}

function eventOf(call: string, args: string, folder: string): DiskEvent | null {
	const path = unhex(FD.exec(args)?.[1] ?? '').toString();
	if (!path.startsWith(`${folder}/`)) return null;
	const file = path.slice(folder.length + 1);
	if (call === 'fsync' || call === 'fdatasync') return { kind: 'sync', file };
	if (call === 'ftruncate') return { kind: 'truncate', file, size: Number(/, (\d+)\)/u.exec(args)![1]) };
	const [, hex = '', offset] = /, "((?:\\x[0-9a-f]{2})*)", \d+(?:, (\d+))?\)/u.exec(args) ?? [];
	if (file === 'acks') return { kind: 'ack', batch: Number(unhex(hex).toString()) };
	return { kind: 'write', file, offset: Number(offset), data: unhex(hex) };
}
