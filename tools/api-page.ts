/** The examples of docs/api.md, as the tests read them: one that names what it sends, who sends it and what is answered. */
export interface Example {
	readonly line: number;
	readonly who: string;
	readonly statuses: readonly number[];
	/** types of the events answered, in their order */
	readonly tells: readonly string[];
	readonly keeps: readonly { readonly name: string; readonly path: string }[];
	readonly method: string;
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

const BLOCK = /```http\n# (\w+) -> ([\d|]+)(?:, tells ([^,\n]+))?(?:, keeps ([^\n]+))?\n(\w+) (\S+)\n((?:[\w-]+: [^\n]+\n)*)(?:\n([\s\S]*?))?```/gu;
const words = (text: string | undefined, between: string): string[] => (text ?? '').split(between).flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
const pair = (text: string, between: string): readonly [string, string] => {
	const at = text.indexOf(between);
	return [text.slice(0, at).trim(), text.slice(at + between.length).trim()];
};

/** Throws where a block of the page cannot be read: an example that is passed over in silence would be no promise. */
export function examplesOf(page: string): Example[] {
	const found = [...page.matchAll(BLOCK)].map((match): Example => {
		const [, who = '', statuses = '', tells, keeps, method = '', path = '', headers, body = ''] = match;
		return {
			line: page.slice(0, match.index).split('\n').length,
			who,
			statuses: statuses.split('|').map(Number),
			tells: words(tells, ' '),
			keeps: words(keeps, ',').map((part) => {
				const [name, from] = pair(part, '=');
				return { name, path: from };
			}),
			method,
			path,
			headers: Object.fromEntries(words(headers, '\n').map((line) => pair(line, ':'))),
			body: body.trim()
		};
	});
	const blocks = [...page.matchAll(/^```http$/gmu)].length;
	if (blocks !== found.length) throw new Error(`docs/api.md has ${blocks} examples, ${found.length} of them can be read`);
	return found;
}

export const isAccepted = ({ statuses }: Example): boolean => statuses.every((status) => status >= 200 && status < 300);
/** The command an example sends, if it sends one. */
export const commandOf = ({ path, body }: Example): string | null => (path === '/api/commands' ? (/"command": "([^"]+)"/u.exec(body)?.[1] ?? null) : null);
