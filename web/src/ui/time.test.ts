import { expect, test } from 'vitest';
import { clockSeconds, dayAndClock, dayAndSeconds, lasted, shortDate } from './time.ts';

const now = Date.parse('2026-11-21T00:31:07Z');

test('times are the hospital’s, whatever the zone of the PC', () => {
	expect(clockSeconds(now)).toBe('08:31:07');
	expect(dayAndClock(now - 86_400_000, now, false)).toBe('11-20 08:31');
});
test('who was first, 40 days ago, is not said as if it were today', () => {
	expect(dayAndSeconds(now, now, false)).toBe('08:31:07');
	expect(dayAndSeconds(now - 40 * 86_400_000, now, false)).toBe('10-12 08:31:07');
	expect(dayAndSeconds(now - 40 * 86_400_000, now, true)).toBe('12 Oct 08:31:07');
});
test('dates of another year name it', () => {
	expect([shortDate('2026-11-28', now, false), shortDate('2027-01-02', now, false), shortDate('2026-11-28', now, true)]).toEqual([
		'11-28',
		'2027-01-02',
		'28 Nov'
	]);
});
test('silence is told in words', () => {
	expect([lasted(12_400, false), lasted(320_000, false), lasted(7_800_000, true)]).toEqual(['12 秒', '5 分 20 秒', '2 h 10 min']);
});
