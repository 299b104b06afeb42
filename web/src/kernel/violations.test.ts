import { expect, it } from 'vitest';
import { Bounded, violationsOf } from './violations.ts';

const CANARY = '孟大勇';
const page = 'https://ward.example/patients/01j9x7k2m4n5p6q7r8s9t0v1w2/round?type=孟大勇#x';

it('keeps the rule and the place of a report, and nothing of the page', () => {
	const old = {
		'csp-report': {
			'document-uri': page,
			'blocked-uri': 'https://evil.example/steal?name=孟大勇',
			'effective-directive': 'connect-src',
			'original-policy': CANARY,
			'script-sample': CANARY,
			'source-file': 'https://ward.example/_app/immutable/chunks/BdMtX1ne.js?x=1',
			'line-number': 12
		}
	};
	const shape = { page: '/patients/:x/round', source: '/_app/immutable/chunks/BdMtX1ne.js' };
	expect(violationsOf(old)).toEqual([{ directive: 'connect-src', blocked: 'https://evil.example', ...shape, line: 12 }]);
	const now = {
		type: 'csp-violation',
		url: page,
		body: {
			documentURL: page,
			blockedURL: 'trusted-types-sink',
			effectiveDirective: 'require-trusted-types-for',
			sample: `Element innerHTML|${CANARY}`,
			sourceFile: CANARY,
			lineNumber: CANARY
		}
	};
	expect(violationsOf([now, { type: 'deprecation', body: { message: CANARY } }])).toEqual([
		{ directive: 'require-trusted-types-for', blocked: 'trusted-types-sink', page: shape.page, source: '', line: null }
	]);
	for (const junk of [
		null,
		1,
		'x',
		[],
		{},
		[null],
		{ 'csp-report': 7 },
		{ type: 'csp-violation' },
		{ 'csp-report': { 'document-uri': CANARY, 'blocked-uri': CANARY, 'effective-directive': CANARY } }
	])
		expect(JSON.stringify(violationsOf(junk))).not.toContain(CANARY);
	expect(violationsOf(Array.from({ length: 1000 }, () => now)).length).toBe(10);
});

it('writes so many a minute and counts the rest', () => {
	const bounded = new Bounded(3);
	expect([0, 1, 2, 3, 4].map((at) => bounded.admit(at))).toEqual([{ left: 0 }, { left: 0 }, { left: 0 }, null, null]);
	expect(bounded.admit(60_000)).toEqual({ left: 2 });
	expect(bounded.admit(60_001)).toEqual({ left: 0 });
});
