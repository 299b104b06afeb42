import { expect, test } from 'vitest';
import { connectionLevel } from './connection.ts';

test.each([
	[1_000, true, 'live'],
	[5_001, true, 'stale'],
	[1_000, false, 'stale'],
	[60_001, false, 'lost'],
	[300_001, false, 'dead'],
	[300_001, true, 'dead']
] as const)('silent for %i ms, joined %s: %s', (silentMs, joined, level) => {
	expect(connectionLevel({ asOf: 0, silentMs, joined })).toBe(level);
});
