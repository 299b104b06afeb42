import { expect, test } from 'vitest';
import { colourClass, shortNames, surname } from './faces.ts';

test('a face carries the surname, in both scripts', () => {
	expect([surname('王思齐'), surname('欧阳若水'), surname('Chen Shuyao')]).toEqual(['王', '欧阳', 'S']);
});

test('two people of one surname are told apart', () => {
	const short = shortNames([
		{ id: 'a', name: '王思齐', slot: 0 },
		{ id: 'b', name: '王佩', slot: 1 },
		{ id: 'c', name: '李晨', slot: 2 }
	]);
	expect([...short.values()]).toEqual(['王思', '王佩', '李']);
});

test('the thirteenth person reuses the first colour with a ring', () => {
	expect([colourClass(0), colourClass(11), colourClass(12)]).toEqual(['p1', 'p12', 'p1 ring']);
});
