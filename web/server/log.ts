import pino from 'pino';

/** Structured lines without clinical content: ids, codes, counts, milliseconds. */
export const log = pino({
	level: process.env['TONGPING_LOG'] ?? 'info',
	base: null,
	timestamp: pino.stdTimeFunctions.isoTime,
	redact: ['*.name', '*.text', '*.password', '*.token', '*.cookie']
});
