import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of an instance, named by their SHA-256. Nothing from outside ever becomes part of a path. */
export const blobPath = (dataDir: string, sha256: string): string => {
	if (!/^[0-9a-f]{64}$/u.test(sha256)) throw new Error('a blob is named by its sha256');
	return join(dataDir, 'blobs', sha256.slice(0, 2), sha256.slice(2));
};

const window = Buffer.allocUnsafeSlow(512 * 1024);
/** Through one buffer that is used again: thousands of files leave no garbage. */
export function hashFile(path: string): string {
	const hash = createHash('sha256');
	const fd = openSync(path, 'r');
	try {
		for (let count = readSync(fd, window); count > 0; count = readSync(fd, window)) hash.update(count === window.length ? window : window.subarray(0, count));
	} finally {
		closeSync(fd);
	}
	return hash.digest('hex');
}

function sync(path: string): void {
	const fd = openSync(path, 'r');
	try {
		fsyncSync(fd);
	} finally {
		closeSync(fd);
	}
}

/** Moves a finished file into the store; durable when it returns. True when it was not there before. */
export function keepBlob(dataDir: string, sha256: string, path: string): boolean {
	const target = blobPath(dataDir, sha256);
	if (existsSync(target)) {
		unlinkSync(path);
		return false;
	}
	const folder = join(dataDir, 'blobs', sha256.slice(0, 2));
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	sync(path);
	// A link fails where a rename would replace: two imports of the same bytes cannot disturb each other.
	try {
		linkSync(path, target);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		unlinkSync(path);
		return false;
	}
	unlinkSync(path);
	sync(folder);
	return true;
}
