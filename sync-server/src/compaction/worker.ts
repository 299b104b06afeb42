/** Body of the thread that merges. It reads the log itself and writes nothing: what it found is committed by the one writer. */
import { parentPort, workerData } from 'node:worker_threads';
import { openReading } from '@tongping/domain/kernel/server';
import { mergeDocument } from './merge.ts';
import type { FromWorker, ToWorker } from './index.ts';

const port = parentPort;
if (port === null) throw new Error('compaction runs as a worker thread');
const { raw } = openReading((workerData as { readonly file: string }).file);
const answer = (message: FromWorker): void => {
	port.postMessage(message);
};
port.on('message', ({ doc }: ToWorker) => {
	try {
		answer({ doc, merged: mergeDocument(raw, doc) });
	} catch (error) {
		answer({ doc, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
	}
});
