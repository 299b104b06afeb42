import { describe, expect, test } from 'vitest';
import { demoConcepts } from './fixtures.ts';
import { conceptSchema, SYSTEMS } from './code-system.ts';
import { cells, guessSystem, readTable } from './table.ts';

describe('a table of codes', () => {
	test('reads quotes, a byte order mark and Windows line ends', () => {
		const table = readTable('icd-10', '\uFEFFcode,name\r\nF20.000,偏执型精神分裂症\r\nA15.000x010,"继发性肺结核(初治，单耐药)"\r\n');
		expect(table).toEqual({
			ok: true,
			value: {
				system: 'icd-10',
				concepts: [
					{ code: 'F20.000', display: '偏执型精神分裂症' },
					{ code: 'A15.000x010', display: '继发性肺结核(初治，单耐药)' }
				]
			}
		});
		expect(cells('a,"b ""c"", d",')).toEqual(['a', 'b "c", d', '']);
	});

	test.for([
		['an empty file', 'code,name\n', 'code-table-empty', {}],
		['a row without a name', 'F20.0,偏执型\nF20.1,\n', 'code-table-bad-row', { line: 2, text: 'F20.1,' }],
		['a row that is no code', 'F20.0,偏执型\n<script>,x\n', 'code-table-bad-row', { line: 2, text: '<script>,x' }],
		['the same code twice', 'F20.0,偏执型\nF20.1,青春型\nF20.0,又一次\n', 'code-table-twice', { code: 'F20.0', line: 3, before: 1 }]
	] as const)('%s is refused whole, with its place', ([, text, code, facts]) => {
		expect(readTable('icd-10', text)).toEqual({ ok: false, refusal: { code, facts } });
	});

	test('knows operations from diagnoses', () => {
		expect(guessSystem('code,name\n00.0100,头和颈部血管治疗性超声\n')).toBe('icd-9-cm-3');
		expect(guessSystem('code,name\nA00.000,霍乱\n')).toBe('icd-10');
	});

	test('the demo table obeys its own rules', () => {
		for (const system of SYSTEMS) {
			for (const concept of demoConcepts[system]) expect(conceptSchema.safeParse(concept).success, JSON.stringify(concept)).toBe(true);
			expect(new Set(demoConcepts[system].map((concept) => concept.code)).size).toBe(demoConcepts[system].length);
		}
		expect(demoConcepts['icd-10'].length).toBeGreaterThan(115);
	});
});
