import { Worker } from 'node:worker_threads';
import type { Result } from '../../../kernel/index.ts';
import type { FhirRefusal } from '../fhir-import.ts';
import type { Plan } from './plan.ts';

type Read = Result<Plan, FhirRefusal>;
const IDLE_MS = 20_000;

/** One reading thread, started with the first bundle and gone when none has come for a while: an idle server does not keep it. */
class Reader {
	#worker: Worker | undefined;
	#next = 0;
	#idle: ReturnType<typeof setTimeout> | undefined;
	readonly #waiting = new Map<number, { resolve(read: Read): void; reject(error: unknown): void }>();

	read(text: string): Promise<Read> {
		clearTimeout(this.#idle);
		this.#worker ??= this.#start();
		const id = this.#next++;
		return new Promise((resolve, reject) => {
			this.#waiting.set(id, { resolve, reject });
			this.#worker?.postMessage({ id, text });
		});
	}

	#start(): Worker {
		const worker = new Worker(new URL('./worker.ts', import.meta.url), { name: 'fhir-reader', resourceLimits: { maxOldGenerationSizeMb: 1024 } });
		worker.on('message', ({ id, result }: { readonly id: number; readonly result: Read }) => {
			this.#waiting.get(id)?.resolve(result);
			this.#waiting.delete(id);
			if (this.#waiting.size > 0) return;
			this.#idle = setTimeout(() => this.stop(), IDLE_MS);
			this.#idle.unref();
		});
		worker.on('error', (error) => {
			this.#worker = undefined;
			for (const { reject } of this.#waiting.values()) reject(error);
			this.#waiting.clear();
		});
		worker.unref();
		return worker;
	}

	stop(): void {
		clearTimeout(this.#idle);
		void this.#worker?.terminate();
		this.#worker = undefined;
	}
}

const reader = new Reader();
export const readPlan = (text: string): Promise<Read> => reader.read(text);
export const stopReading = (): void => {
	reader.stop();
};
