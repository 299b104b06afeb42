import { parentPort } from 'node:worker_threads';
import { readBundle } from './bundle.ts';
import { planOf } from './plan.ts';

/** Half a megabyte of JSON and its checks take longer than a serving thread may be held: they happen here. */
parentPort?.on('message', ({ id, text }: { readonly id: number; readonly text: string }) => {
	const bundle = readBundle(text);
	parentPort?.postMessage({ id, result: bundle.ok ? planOf(bundle.value) : bundle });
});
