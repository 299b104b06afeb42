import { expect, test } from 'vitest';
import { chipsOf, firstChips } from './chips.ts';
import { NOW, person } from './story.fixtures.ts';

const grave = person({
	name: '沈若溪',
	restraint: { since: NOW, reason: '冲动伤人' },
	isolation: { kind: 'contact', organism: '疥疮', since: NOW },
	allergy: {
		status: 'listed',
		items: [{ id: 'a1' as never, substance: '青霉素', reaction: null, severity: 'moderate', recordedAt: NOW, recordedBy: '王思齐' }],
		at: NOW
	},
	risks: [
		{ kind: 'fall', grade: 'medium', scale: 'Morse', score: 35, at: NOW },
		{ kind: 'suicide', grade: 'high', scale: 'ward', score: null, at: NOW }
	]
});

test('what may harm soonest comes first, and what does not fit is counted', () => {
	expect(chipsOf(grave).map((chip) => chip.word)).toEqual(['suicide', 'restraint', 'contact', 'allergy', 'fall']);
	expect(firstChips(grave, 3)).toMatchObject({ more: 2 });
});

test('no known allergy is no chip: it is a statement, not a mark', () => {
	expect(chipsOf(person({ name: '葛明珠' }))).toEqual([]);
});
