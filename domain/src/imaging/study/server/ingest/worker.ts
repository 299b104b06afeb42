import { parentPort, workerData } from 'node:worker_threads';
import { examine } from './examine.ts';

/** Reads files from outside in a thread of its own, with bounded memory, so that the worst of them ends this thread and nothing else. */
export interface ExamineOrder {
	readonly job: number;
	readonly path: string;
}
if (parentPort === null) throw new Error('this module is the ingest thread');
const port = parentPort;
const { dataDir } = workerData as { dataDir: string };
port.on('message', ({ job, path }: ExamineOrder) => {
	examine(path, dataDir).then(
		(result) => {
			port.postMessage({ job, result });
		},
		(error: unknown) => {
			port.postMessage({
				job,
				fault: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
				code: (error as NodeJS.ErrnoException | null)?.code ?? null
			});
		}
	);
});
