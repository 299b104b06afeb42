import { expect, test } from 'vitest';
import { filtersFrom, found, passes, toggled, withFilters } from './filters.ts';
import { bed, NOW, person } from './story.fixtures.ts';

const context = { now: NOW, user: 'nurse-wang' };

test('filters combine: every one must hold', () => {
	const grave = bed('01', person({ name: '沈若溪', severity: 'critical', level: { level: 'special', since: NOW } }));
	expect(passes(new Set(['severe', 'level']), grave, context)).toBe(true);
	expect(passes(new Set(['severe', 'isolation']), grave, context)).toBe(false);
	expect(passes(new Set(), bed('02', null), context)).toBe(true);
});

test('mine are those I treat or nurse', () => {
	const mine = bed('01', person({ name: '沈若溪', nurse: { user: 'nurse-wang' as never, name: '王思齐' } }));
	expect(passes(new Set(['mine']), mine, context)).toBe(true);
	expect(passes(new Set(['mine']), mine, { ...context, user: 'nurse-li' })).toBe(false);
});

test('a free bed is not one that is being cleaned', () => {
	expect(passes(new Set(['free']), bed('02', null), context)).toBe(true);
	expect(passes(new Set(['free']), { ...bed('02', null), status: 'cleaning' }, context)).toBe(false);
});

test('the address keeps filters by name and drops what it does not know', () => {
	expect([...filtersFrom(new URLSearchParams('f=risk.nonsense.level'))]).toEqual(['level', 'risk']);
	const address = withFilters(new URL('http://ward.test/wards/x?density=1'), new Set(['level']));
	expect(address.search).toBe('?density=1&f=level');
	expect(withFilters(address, toggled(new Set(['level']), 'level')).search).toBe('?density=1');
});

test.each([
	['林', true],
	['LQY', true],
	['lin qiu', true],
	['03', true],
	['3', true],
	['33', false],
	['wang', false],
	['', true]
])('search %s', (typed, hit) => {
	expect(found(typed, bed('03', person({ name: '林秋月', initials: 'lqy', pinyin: 'lin qiu yue' })))).toBe(hit);
});
