import { flushCompileCache } from 'node:module';

/** By then what a start loads is loaded. Once for each version it holds the process up for a fifth of a second: better at the start than under full rooms. */
const AFTER_MS = 750;

/**
 * Writes down what this thread has compiled while it runs, not only when it ends in peace: the start after a crash is the one that has to be
 * quick. Nothing happens where Node keeps no compile cache.
 */
export function keepCompiled(afterMs = AFTER_MS): void {
	setTimeout(() => {
		flushCompileCache();
	}, afterMs).unref();
}
