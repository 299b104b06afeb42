/** Body of the process that merges. It reads the log itself and writes nothing: what it found is committed by the one writer. */
import { getPriority, setPriority } from 'node:os';
import { openReading } from '@tongping/domain/kernel/server';
import type { FromMerger, ToMerger } from './index.ts';
import { mergeDocument } from './merge.ts';

/** Less than half the share of the server on a busy machine; any lower and a merge would never end there. */
const NICE = 4;
// A server that was started below this may not be overtaken: raising a priority is forbidden to everybody but root.
if (getPriority() < NICE) setPriority(NICE);
const [file = ''] = process.argv.slice(2);
const { raw } = openReading(file);
process.on('message', ({ doc }: ToMerger) => {
	let answer: FromMerger;
	try {
		answer = { doc, merged: mergeDocument(raw, doc) };
	} catch (error) {
		answer = { doc, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
	}
	process.send?.(answer, undefined, undefined, (error) => {
		// The server died meanwhile: nobody waits for this any more.
		if (error !== null) process.exit(0);
	});
});
// An interrupt of the terminal reaches every process of the house: the server says when this one has nothing more to do.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => {
	process.exit(0);
});
