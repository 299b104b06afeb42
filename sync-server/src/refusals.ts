/** What no honest client can send, whatever its rights were a moment ago. */
const HOSTILE: ReadonlySet<string> = new Set([
	'malformed',
	'trailing-bytes',
	'skip',
	'forbidden-key',
	'subdocument',
	'too-deep',
	'two-roots',
	'self-reference',
	'overlap-other-root',
	'empty-struct',
	'shape',
	'foreign-client'
]);
export const isHostile = (reason: string): boolean => HOSTILE.has(reason);
