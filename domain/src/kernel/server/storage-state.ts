import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * `open`: what is acknowledged is on disk. `full`: nothing new is taken until there is room again; who reads is still recorded, as long as
 * the last few megabytes last. `broken`: the disk failed a write or a
 * flush; what it holds is known only after a restart has read it again, so nothing is tried any more.
 */
export type StorageState = 'open' | 'full' | 'broken';

const textOf = (error: unknown): string => `${String((error as { code?: unknown }).code ?? '')} ${String(error)}`;
const FULL = /SQLITE_FULL|ENOSPC|EDQUOT|database or disk is full/u;
const BROKEN = /SQLITE_(IOERR|READONLY|CORRUPT|NOTADB|CANTOPEN)|disk I\/O|readonly database|malformed/u;
const BUSY = /SQLITE_(BUSY|LOCKED)|is locked/u;

/** What an error says about the disk; null when it says nothing: a bug of one work, answered as such. */
export function storageFaultOf(error: unknown): 'full' | 'broken' | 'busy' | null {
	const text = textOf(error);
	return FULL.test(text) ? 'full' : BROKEN.test(text) ? 'broken' : BUSY.test(text) ? 'busy' : null;
}

/** Less than this, and nothing new is taken: what is left is for the audit of those who read on. */
const KEPT = 8 * 1024 * 1024;
/** Room that must be free before writing goes on: the next commit and its way home into the file fit in. */
const ROOM = 16 * 1024 * 1024;

export const freeBytes = (file: string): number => {
	if (file === '' || file === ':memory:') return Infinity;
	const { bavail, bsize } = statfsSync(dirname(file));
	return bavail * bsize;
};
export const isFull = (free: number, before: StorageState): boolean => free < (before === 'full' ? ROOM : KEPT);
