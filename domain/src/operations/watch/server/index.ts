import type { Served } from '../../../kernel/server/module.ts';
import type { OperationsNow } from '../watch.ts';

let source: (() => OperationsNow) | undefined;

/** The process that runs the rooms says how it is doing; the page of those who keep it running asks here. */
export function provideOperations(now: () => OperationsNow): void {
	source = now;
}
/** Throws where no rooms run: an empty page would look like a calm one. */
export function operationsNow(): OperationsNow {
	if (source === undefined) throw new Error('this process runs no rooms');
	return source();
}

/** Nothing is stored: what is watched is this process itself. */
export const served: Served = { id: 'operations.watch' };
