import pino from 'pino';

/** Frames name files of the product or of Node; a line of a message that only looks like one is no frame. */
const FRAME = /^\s+at (?:(?:async |new )?[\w$.#<>[\] ]{1,120} \()?(?:file:\/\/|node:|\/)[^\s()]+:\d+:\d+\)?$/u;
/** Messages of the disk and of the database name columns and files, never values. */
const STORAGE = /\b(SQLITE_[A-Z_]+|E[A-Z]{3,15})\b/u;

export interface Fault {
	readonly name: string;
	readonly code?: string;
	/** where, for whoever looks for the reason; what was said may quote what somebody typed and stays out */
	readonly at: readonly string[];
}

/** An error without its words: `JSON.parse`, a schema or a template may quote a patient's name in a message. */
export function faultOf(error: unknown): Fault {
	const stack = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error);
	const code = typeof (error as { code?: unknown } | null)?.code === 'string' ? (error as { code: string }).code : undefined;
	const known = [code ?? '', stack].map((text) => STORAGE.exec(text)?.[1]).find((found) => found !== undefined);
	const frames = stack.split('\n').filter((line) => FRAME.test(line));
	return {
		name: error instanceof Error && /^\w{1,40}$/u.test(error.name) ? error.name : 'Error',
		...(known === undefined ? {} : { code: known }),
		at: [...new Set(frames)].slice(0, 12).map((line) => line.trim())
	};
}

/** Structured lines without clinical content: ids, codes, counts, milliseconds. Errors only as `{ error }`. */
export const log = pino({
	level: process.env['TONGPING_LOG'] ?? 'info',
	base: null,
	timestamp: pino.stdTimeFunctions.isoTime,
	serializers: { error: faultOf, err: faultOf },
	redact: ['*.text', '*.password', '*.token', '*.cookie']
});
