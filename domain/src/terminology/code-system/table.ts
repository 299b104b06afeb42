import { ok, type Refusal, type Result } from '../../kernel/index.ts';
import { conceptSchema, type CodeSystemId, type Concept } from './code-system.ts';

/** A file of codes as it was read: `code,name` with a heading, quotes where a name holds a comma. */
export interface CodeTable {
	readonly system: CodeSystemId;
	readonly concepts: readonly Concept[];
}

type BadTable = 'code-table-empty' | 'code-table-bad-row' | 'code-table-twice';
const refuseTable = (code: BadTable, facts: Refusal['facts']): Result<never, Refusal> => ({ ok: false, refusal: { code, facts } });

/** One line of comma-separated values (RFC 4180 without line breaks inside quotes). */
export function cells(line: string): string[] {
	const found: string[] = [];
	let cell = '';
	let quoted = false;
	for (let i = 0; i < line.length; i++) {
		const character = line[i];
		if (quoted && character === '"' && line[i + 1] === '"') {
			cell += '"';
			i++;
		} else if (character === '"') quoted = !quoted;
		else if (character === ',' && !quoted) {
			found.push(cell);
			cell = '';
		} else cell += character;
	}
	return [...found, cell];
}

/** The whole table or a refusal that names the line: half a table of diagnoses is worse than none. */
export function readTable(system: CodeSystemId, text: string): Result<CodeTable, Refusal> {
	const lines = text.replace(/^\uFEFF/u, '').split(/\r?\n/u);
	const concepts: Concept[] = [];
	const lineOf = new Map<string, number>();
	for (const [index, line] of lines.entries()) {
		if (line.trim() === '' || (index === 0 && /^code,/iu.test(line))) continue;
		const [code = '', display = ''] = cells(line);
		const parsed = conceptSchema.safeParse({ code: code.trim(), display });
		if (!parsed.success) return refuseTable('code-table-bad-row', { line: index + 1, text: line.slice(0, 60) });
		const before = lineOf.get(parsed.data.code);
		if (before !== undefined) return refuseTable('code-table-twice', { code: parsed.data.code, line: index + 1, before });
		lineOf.set(parsed.data.code, index + 1);
		concepts.push(parsed.data);
	}
	return concepts.length === 0 ? refuseTable('code-table-empty', {}) : ok({ system, concepts });
}

/** Operations are numbered 00.00 to 99.99, diagnoses begin with a letter. */
export const guessSystem = (text: string): CodeSystemId => (/^\uFEFF?(?:code,.*\r?\n)?\d\d\./iu.test(text) ? 'icd-9-cm-3' : 'icd-10');
