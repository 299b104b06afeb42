import { describe, expect, it } from 'vitest';
import { authored, type WrittenRange } from './authored.ts';

const MINUTE = 60_000;
const range = (from: number, to: number, user: string, at = 0): WrittenRange => ({ from, to, user, name: user, at });
const paragraph = (...children: readonly (string | { readonly text: string; readonly marks: Record<string, unknown> })[]) => ({
	element: 'paragraph',
	children: [{ children }]
});

describe('what stood, with who wrote it', () => {
	it('splits words at a change of hand, joins letters of one sitting, starts anew after a rest', () => {
		const [runs] = authored({ children: [paragraph('甲乙丙丁')] }, [
			range(0, 1, 'li', 0),
			range(1, 2, 'li', MINUTE),
			range(2, 3, 'chen', 2 * MINUTE),
			range(3, 4, 'li', 30 * MINUTE)
		]);
		expect(runs?.map(({ user, first, last, pieces }) => [user, first, last, pieces])).toEqual([
			['li', 0, MINUTE, [{ text: '甲乙', struck: false }]],
			['chen', 2 * MINUTE, 2 * MINUTE, [{ text: '丙', struck: false }]],
			['li', 30 * MINUTE, 30 * MINUTE, [{ text: '丁', struck: false }]]
		]);
	});
	it('keeps struck words struck and values in their place, over paragraphs and an empty one', () => {
		const chip = { element: 'chip', entries: { label: '血钾', value: '3.5', trace: '' } };
		const lines = authored(
			{
				children: [
					{ element: 'paragraph' },
					paragraph({ text: '旧', marks: { 'deletion--x1': {} } }, '新'),
					{ element: 'paragraph', children: [{ children: ['见'] }, chip, { children: ['。'] }] }
				]
			},
			[range(0, 2, 'li'), range(2, 6, 'chen')]
		);
		expect(lines.map((runs) => runs.map(({ user, pieces }) => [user, pieces]))).toEqual([
			[],
			[
				[
					'li',
					[
						{ text: '旧', struck: true },
						{ text: '新', struck: false }
					]
				]
			],
			[
				[
					'chen',
					[
						{ text: '见', struck: false },
						{ chip: chip.entries, struck: false },
						{ text: '。', struck: false }
					]
				]
			]
		]);
	});
	it('invents no author', () => {
		expect(() => authored({ children: [paragraph('无主')] }, [])).toThrow('no author');
	});
});
