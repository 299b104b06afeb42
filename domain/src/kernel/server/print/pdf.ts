import { Worker } from 'node:worker_threads';

/** A pdfmake document definition of plain data (no functions: it crosses to a worker). Font `Noto`, weights normal and bold, A4. */
export type PdfDefinition = Readonly<Record<string, unknown>> & { readonly content: readonly unknown[] };

interface Waiting {
	resolve(bytes: Uint8Array): void;
	reject(error: Error): void;
}
let worker: Worker | undefined;
let sequence = 0;
const waiting = new Map<number, Waiting>();

function renderer(): Worker {
	if (worker !== undefined) return worker;
	const started = new Worker(new URL('./render-thread.ts', import.meta.url), { name: 'print', resourceLimits: { maxOldGenerationSizeMb: 512 } });
	started.unref();
	started.on('message', ({ id, bytes, problem }: { id: number; bytes?: Uint8Array; problem?: string }) => {
		const item = waiting.get(id);
		waiting.delete(id);
		if (bytes) item?.resolve(bytes);
		else item?.reject(new Error(problem));
	});
	const died = (error: Error): void => {
		worker = undefined;
		for (const item of waiting.values()) item.reject(error);
		waiting.clear();
	};
	started.on('error', died);
	started.on('exit', (code) => {
		died(new Error(`the print thread ended with code ${code}`));
	});
	worker = started;
	return started;
}

/** Renders off the main loop; the thread and its fonts are loaded at the first print. Rejects when the definition cannot be rendered. */
export function renderPdf(definition: PdfDefinition): Promise<Uint8Array> {
	const id = ++sequence;
	return new Promise((resolve, reject) => {
		waiting.set(id, { resolve, reject });
		renderer().postMessage({ id, definition });
	});
}
