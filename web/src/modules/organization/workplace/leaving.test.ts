import { expect, test, vi } from 'vitest';
import { mayLeaveUnasked, unsentNow } from './leaving.ts';

test('only a count that was read and is nothing lets somebody leave unasked', async () => {
	expect(mayLeaveUnasked(await unsentNow(async () => 0))).toBe(true);
	expect(mayLeaveUnasked(await unsentNow(async () => 3))).toBe(false);
	const told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
	const unread = await unsentNow(() => Promise.reject(new DOMException('no', 'InvalidStateError')));
	expect([unread, mayLeaveUnasked(unread), told.mock.calls.length]).toEqual([{ known: false }, false, 1]);
	told.mockRestore();
});
