import { flushCompileCache } from 'node:module';

/** By then what a start loads is loaded, and who came with it is served. */
const AFTER_MS = 5000;

/**
 * Writes down what this process has compiled while it runs, not only when it ends in peace: the start after a crash is the one that has to be
 * quick. Nothing happens where Node keeps no compile cache.
 */
export function keepCompiled(): void {
	setTimeout(() => {
		flushCompileCache();
	}, AFTER_MS).unref();
}
