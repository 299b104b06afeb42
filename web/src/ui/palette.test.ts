import { expect, test } from 'vitest';
import { find, type PaletteEntry } from './palette.ts';

const entry = (id: string, label: string, ...also: string[]): PaletteEntry => ({ id, group: 'g', label, also, run: () => undefined });
const list = [entry('a', '林秋月', 'lqy', '03'), entry('b', '林秋悦', 'lqy', '33'), entry('c', '影像', 'yx')];

test('initials find both namesakes', () => {
	expect(find(list, 'LQY').map((found) => found.id)).toEqual(['a', 'b']);
});
test('a bed number comes before a number inside another', () => {
	expect(find([entry('x', '王一', '13'), entry('y', '王二', '3')], '3').map((found) => found.id)).toEqual(['y', 'x']);
});
test('nothing typed offers everything, nothing found offers nothing', () => {
	expect(find(list, ' ')).toHaveLength(3);
	expect(find(list, 'zz')).toEqual([]);
});
