import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const rule = new ESLint({ cwd: root, ruleFilter: ({ ruleId }) => ruleId === 'no-restricted-syntax' });
const told = async (code: string): Promise<readonly string[]> => {
	const [result] = await rule.lintText(code, { filePath: `${root}domain/src/kernel/server/verify.ts` });
	return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
};

describe('the rule against SQL made of text', () => {
	it.each([
		'raw.prepare(`select * from patient where name = ${name}`);',
		'raw.exec(`delete from ${table}`);',
		"raw.prepare('select * from patient where name = ' + name);",
		"raw.exec('drop table ' + table + ' cascade');",
		'sql.raw(text);',
		'sql`select ${sql.raw(text)}`;'
	])(
		'fires at %s',
		async (code) => {
			expect(await told(code)).toContain('no-restricted-syntax');
		},
		30_000
	);

	it.each([
		"raw.prepare('select * from patient where name = ?').all([name]);",
		'sql`select * from patient where name = ${name}`;',
		'raw.exec(`pragma ${line}`);',
		"/a/u.exec(a + 'b');"
	])(
		'is silent at %s',
		async (code) => {
			expect(await told(code)).toEqual([]);
		},
		30_000
	);
});
