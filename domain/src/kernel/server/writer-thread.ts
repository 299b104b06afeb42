import { parentPort, workerData } from 'node:worker_threads';
import { keepCompiled } from './compiled.ts';
import { openWriting } from './database.ts';
import { WriteLoop, type BatchDone, type Work } from './write-loop.ts';
import type { Served } from './module.ts';

export interface WriterStart {
	readonly file: string;
	readonly seedAt: number | null;
}
export type ToWriter = { readonly kind: 'work'; readonly works: readonly Work[] } | { readonly kind: 'close' };
export type FromWriter =
	| { readonly kind: 'ready' }
	| { readonly kind: 'failed'; readonly name: string; readonly message: string }
	| ({ readonly kind: 'done' } & BatchDone)
	| { readonly kind: 'closed' };

/** Body of the one thread that writes. The entry file of the product imports the registry and calls this. */
export async function runWriter(registry: readonly Served[]): Promise<void> {
	if (parentPort === null) throw new Error('the writer runs as a worker thread');
	const port = parentPort;
	const send = (message: FromWriter): void => {
		port.postMessage(message);
	};
	const { file, seedAt } = workerData as WriterStart;
	let loop: WriteLoop;
	try {
		loop = new WriteLoop(openWriting(file), registry);
		if (seedAt !== null) await loop.seed(registry, seedAt);
	} catch (error) {
		send({
			kind: 'failed',
			name: error instanceof Error ? error.name : 'Error',
			message: error instanceof Error ? (error.stack ?? error.message) : String(error)
		});
		return;
	}
	// The main side sends the next batch only after this one is answered: what arrives during a commit is the next batch.
	port.on('message', (message: ToWriter) => {
		if (message.kind === 'close') {
			loop.close();
			send({ kind: 'closed' });
			port.close();
			return;
		}
		loop.run(message.works).then(
			(done) => {
				send({ kind: 'done', ...done });
			},
			(error: unknown) => {
				throw error;
			}
		);
	});
	send({ kind: 'ready' });
	// A thread keeps its own; without it every start compiles the writer anew, at thirteen megabytes.
	keepCompiled();
}
