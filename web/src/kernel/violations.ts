/** What is kept of a report of the browser that something was blocked: which rule, what kind of thing, where. Never the words of a page. */
export interface Violation {
	readonly directive: string;
	/** a keyword (`inline`, `eval`, `trusted-types-sink`) or the origin that was called */
	readonly blocked: string;
	/** the page's address with every id taken out */
	readonly page: string;
	readonly source: string;
	readonly line: number | null;
}
const MOST = 10;

const word = (value: unknown): string => (typeof value === 'string' && /^[a-z][a-z' -]{0,60}$/u.test(value) ? value : 'other');

/** An id of a person, a note or a study is not written down, nor is anything behind `?`. */
export function shapeOf(address: unknown): string {
	if (typeof address !== 'string' || !URL.canParse(address)) return '';
	const parts = new URL(address).pathname.split('/').slice(0, 8);
	return parts.map((part) => (/^[a-z_-]{0,24}$/u.test(part) || /^[\w-]{1,24}\.(?:js|css)$/u.test(part) ? part : ':x')).join('/');
}
function blockedBy(value: unknown): string {
	if (typeof value !== 'string') return 'other';
	if (URL.canParse(value)) return new URL(value).protocol.startsWith('http') ? new URL(value).origin.slice(0, 100) : new URL(value).protocol;
	return word(value);
}
const record = (value: unknown): Readonly<Record<string, unknown>> | null =>
	typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;

/** Reads both forms: `report-uri` sends one `csp-report`, the Reporting API a list of `csp-violation`. */
export function violationsOf(body: unknown): readonly Violation[] {
	const reports = Array.isArray(body) ? body.slice(0, MOST) : [body];
	return reports.flatMap((report: unknown) => {
		const old = record(record(report)?.['csp-report']);
		const now = record(report)?.['type'] === 'csp-violation' ? record(record(report)?.['body']) : null;
		const told = old ?? now;
		if (told === null) return [];
		const pick = (first: string, second: string): unknown => told[old === null ? second : first];
		const line = pick('line-number', 'lineNumber');
		return [
			{
				directive: word(pick('effective-directive', 'effectiveDirective') ?? told['violated-directive']),
				blocked: blockedBy(pick('blocked-uri', 'blockedURL')),
				page: shapeOf(pick('document-uri', 'documentURL')),
				source: shapeOf(pick('source-file', 'sourceFile')),
				line: typeof line === 'number' ? line : null
			}
		];
	});
}

/** A stranger may send reports too: so many a minute are written down, the rest is counted. */
export class Bounded {
	readonly #most: number;
	#since = -Infinity;
	#written = 0;
	#left = 0;

	constructor(most: number) {
		this.#most = most;
	}

	/** How many went unwritten in the minute that ended; null = not to be written. */
	admit(now: number): { readonly left: number } | null {
		let left = 0;
		if (now - this.#since >= 60_000) {
			left = this.#left;
			this.#since = now;
			this.#written = 0;
			this.#left = 0;
		}
		if (this.#written >= this.#most) {
			this.#left++;
			return null;
		}
		this.#written++;
		return { left };
	}
}
