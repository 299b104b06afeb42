import type { FileReason } from '../../reasons.ts';

/** Why a file cannot be taken in. Thrown while reading it, caught at the edge of the worker: never seen by anyone as an exception. */
export class Refused extends Error {
	readonly reason: FileReason;
	constructor(reason: FileReason, detail = '') {
		super(detail);
		this.name = 'Refused';
		this.reason = reason;
	}
}
