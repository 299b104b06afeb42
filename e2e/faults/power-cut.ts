/**
 * What is left when the power goes: the write loop's real writes, replayed as disks that kept only what was synced and
 * an arbitrary part of the rest (dropped, reordered, torn at sectors). FULL must lose nothing that was acknowledged;
 * NORMAL and OFF must lose something, or this test could not fail. npm run faults:power-cut -- --images 10000 --seed 1
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openWriting } from '@tongping/domain/kernel/server';
import { seeded, type Random } from '../../sync-server/src/gate/random.ts';
import { traced, tracerAvailable, type DiskEvent } from './trace.ts';

const SECTOR = 512;
const FILES = ['tongping.db', 'tongping.db-wal'];

export interface PowerCutResult {
	readonly mode: string;
	readonly seed: number;
	readonly images: number;
	readonly acknowledged: number;
	/** images in which an acknowledged batch is missing */
	readonly lossy: number;
	readonly lostBatches: number;
	readonly corrupt: number;
}

/** A file on a disk that is written piece by piece. */
class DiskFile {
	#bytes = Buffer.alloc(1 << 22);
	#length = 0;

	write(offset: number, data: Buffer): void {
		const end = offset + data.length;
		if (end > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(end * 2 - this.#bytes.length)]);
		data.copy(this.#bytes, offset);
		this.#length = Math.max(this.#length, end);
	}

	truncate(size: number): void {
		this.#bytes.fill(0, size);
		this.#length = size;
	}

	get content(): Buffer {
		return this.#bytes.subarray(0, this.#length);
	}
}

/** The file after a cut at `until`: everything before its last sync, and of what came later each write whole, torn or not at all. */
function survived(events: readonly DiskEvent[], file: string, until: number, random: Random): Buffer {
	const synced = events.findLastIndex((event, i) => i < until && event.kind === 'sync' && event.file === file);
	// One disk writes back nearly all, another nearly nothing.
	const kept = random.next();
	const disk = new DiskFile();
	for (let i = 0; i < until; i++) {
		const event = events[i]!;
		if ((event.kind !== 'write' && event.kind !== 'truncate') || event.file !== file) continue;
		if (i > synced && !random.chance(kept)) continue;
		if (event.kind === 'truncate') disk.truncate(event.size);
		else
			disk.write(
				event.offset,
				i > synced && random.chance(0.2) ? event.data.subarray(0, SECTOR * random.below(Math.ceil(event.data.length / SECTOR))) : event.data
			);
	}
	return disk.content;
}

function stored(folder: string): number {
	const { raw } = openWriting(join(folder, 'tongping.db'));
	try {
		const verdict = raw.prepare('pragma integrity_check').get([]) as Record<string, string>;
		if (Object.values(verdict)[0] !== 'ok') throw new Error('corrupt');
		// A disk that lost even the first transaction is empty, not corrupt.
		if (raw.prepare(`select 1 from sqlite_master where name = 'live_log'`).get([]) === undefined) return 0;
		const row = raw.prepare(`select count(*) as n from live_log where doc = 'note/2'`).get([]) as { n: number };
		return Number(row.n);
	} finally {
		raw.close();
	}
}

export function powerCuts(mode: 'FULL' | 'NORMAL' | 'OFF', { images = 200, batches = 450, seed = 1 } = {}): PowerCutResult {
	const random = seeded(seed);
	const events = traced(mode, batches);
	const begin = events.findIndex((event) => event.kind === 'ack');
	let [lossy, lostBatches, corrupt] = [0, 0, 0];
	for (let image = 0; image < images; image++) {
		const until = begin + 1 + random.below(events.length - begin);
		const acknowledged = events.slice(0, until).reduce((last, event) => (event.kind === 'ack' ? event.batch : last), 0);
		const folder = mkdtempSync(join(tmpdir(), 'tongping-image-'));
		try {
			for (const file of FILES) writeFileSync(join(folder, file), survived(events, file, until, random));
			let found: number;
			try {
				found = stored(folder);
			} catch {
				corrupt++;
				found = 0;
			}
			if (found < acknowledged) {
				lossy++;
				lostBatches += acknowledged - found;
			}
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	}
	return { mode, seed, images, acknowledged: batches, lossy, lostBatches, corrupt };
}

/** The driver gives a closed file back late: a process of its own for each thousand images, each on writes traced anew. */
const AT_ONCE = 1000;
function apart(mode: PowerCutResult['mode'], images: number, seed: number): PowerCutResult {
	let sum: PowerCutResult = { mode, seed, images: 0, acknowledged: 0, lossy: 0, lostBatches: 0, corrupt: 0 };
	for (let done = 0; done < images; done += AT_ONCE) {
		const given = ['--mode', mode, '--images', String(Math.min(AT_ONCE, images - done)), '--seed', String(seed + done)];
		const part = JSON.parse(
			execFileSync(process.execPath, [import.meta.filename, ...given], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
		) as PowerCutResult;
		sum = {
			mode,
			seed,
			images: sum.images + part.images,
			acknowledged: sum.acknowledged + part.acknowledged,
			lossy: sum.lossy + part.lossy,
			lostBatches: sum.lostBatches + part.lostBatches,
			corrupt: sum.corrupt + part.corrupt
		};
	}
	return sum;
}

if (import.meta.main) {
	const { values } = parseArgs({
		options: { images: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' }, mode: { type: 'string', default: '' } }
	});
	const [images, seed] = [Number(values.images), Number(values.seed)];
	if (!tracerAvailable()) {
		console.log(JSON.stringify({ skipped: 'strace is not installed: apt-get install strace' }));
	} else if (values.mode !== '') {
		console.log(JSON.stringify(powerCuts(values.mode as 'FULL', { images, seed })));
	} else {
		// The controls only have to show that the test can fail.
		const results = (['FULL', 'NORMAL', 'OFF'] as const).map((mode) => apart(mode, mode === 'FULL' ? images : Math.min(images, 1000), seed));
		const [full, normal, off] = results as [PowerCutResult, PowerCutResult, PowerCutResult];
		const holds = full.lossy === 0 && full.corrupt === 0 && normal.lossy > 0 && off.lossy > 0;
		console.log(JSON.stringify({ test: 'power-cut', holds, results }));
		process.exit(holds ? 0 : 1);
	}
}
