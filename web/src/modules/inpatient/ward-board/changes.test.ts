import { expect, test } from 'vitest';
import { changedBeds, changesBetween } from './changes.ts';
import { bed, boardWith, person } from './story.fixtures.ts';

const he = person({ name: '贺文静' });
const before = boardWith([bed('04', he), bed('12', null)]);

test('a move is one sentence and two changed beds', () => {
	const after = boardWith([bed('04', null), { ...bed('12', he), changedBy: '赵文博', lastCommandId: 'c' }]);
	expect(changesBetween(before, after)).toEqual([{ kind: 'moved', name: '贺文静', from: '04', to: '12', by: '赵文博', commandId: 'c' }]);
	expect(changedBeds(before, after)).toEqual(['bed-04', 'bed-12']);
});

test('the same content again is no change for anybody', () => {
	expect(changedBeds(before, boardWith([bed('04', he), bed('12', null)]))).toEqual([]);
	expect(changesBetween(before, before)).toEqual([]);
});

test('to the waiting list and back, coming and leaving have their own words', () => {
	const waits = boardWith([bed('04', null), bed('12', null)], [he]);
	expect(changesBetween(before, waits)[0]?.kind).toBe('to-waiting');
	expect(changesBetween(waits, before)[0]).toMatchObject({ kind: 'moved', from: null, to: '04' });
	const empty = boardWith([bed('04', null), bed('12', null)]);
	expect(changesBetween(before, empty)[0]?.kind).toBe('left');
	expect(changesBetween(empty, before)[0]?.kind).toBe('came');
	expect(changesBetween(empty, boardWith([{ ...bed('04', null), status: 'cleaning' }, bed('12', null)]))[0]).toMatchObject({ kind: 'status', to: '04' });
});
